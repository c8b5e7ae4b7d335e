extension String {
    /// Makes a text of bytes in UTF-8; `nil` for others.
    ///
    /// The standard library's `init(validating:as:)` is generic and costs some 20 instructions a
    /// byte; nearly all texts are in ASCII.
    package init?(utf8 bytes: UnsafeRawBufferPointer) {
        var all: UInt8 = 0
        for byte in bytes { all |= byte }
        guard all < 0x80 else {
            self.init(validating: bytes, as: UTF8.self)
            return
        }
        self.init(decoding: bytes, as: UTF8.self)
    }
}
