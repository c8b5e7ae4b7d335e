import Glibc

/// Writes lines to standard error.
enum StandardErrorLine {
    /// In one call, so that the lines of several threads don't mix; what can't be written is lost.
    static func write(_ line: String) {
        let bytes = Array(line.utf8)
        var start = 0
        while start < bytes.count {
            let written = bytes[start...].withUnsafeBytes {
                Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count)
            }
            if written > 0 { start += written } else if errno != EINTR { return }
        }
    }
}
