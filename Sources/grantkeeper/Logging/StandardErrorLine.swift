import Glibc

/// Writes lines to standard error.
enum StandardErrorLine {
    /// Writes a line in one call, so that lines of several threads don't mix; errors are ignored.
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
