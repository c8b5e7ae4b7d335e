import CCurl
import Glibc

/// The two handles of a connection, and the memory that they write to, at their end.
struct CurlHandles {
    let easy: UnsafeMutableRawPointer
    let multi: UnsafeMutableRawPointer
    let errorText: UnsafeMutableBufferPointer<CChar>

    /// Closes the connection and frees the handles.
    func dispose() {
        // Removing the handle closes its connection.
        curl_multi_remove_handle(multi, easy)
        curl_easy_cleanup(easy)
        curl_multi_cleanup(multi)
        errorText.deallocate()
    }

    /// Disposes on a thread of its own, which waits for a name lookup that is still under way.
    ///
    /// `CURLOPT_QUICK_EXIT` would let go of the lookup at once, but before libcurl 8.14 that uses
    /// memory which the lookup's end may just have freed (curl's pull request 17320).
    func disposeInBackground() {
        let context = Unmanaged.passRetained(Box(self)).toOpaque()
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { context in
                if let context {
                    Unmanaged<Box>.fromOpaque(context).takeRetainedValue().handles.dispose()
                }
                return nil
            }, context)
        if code == 0 {
            pthread_detach(thread)
        } else {
            Unmanaged<Box>.fromOpaque(context).takeRetainedValue().handles.dispose()
        }
    }

    private final class Box {
        let handles: CurlHandles

        init(_ handles: CurlHandles) {
            self.handles = handles
        }
    }
}
