import Encoding
import Headers

/// The cookies of a request, from all of its Cookie fields together (RFC 6265 §5.4).
package struct Cookies {
    private let headers: HeaderFields

    package init(_ headers: HeaderFields) {
        self.headers = headers
    }

    /// The value of that cookie; when several carry the name, the first.
    package subscript(name: String) -> String? {
        var name = name
        return name.withUTF8 { name in
            for field in headers where field.isNamed(.cookie) {
                let value = field.withUnsafeBytesOfValue {
                    Self.value(of: UnsafeRawBufferPointer(name), in: $0)
                }
                if let value { return value }
            }
            return nil
        }
    }

    /// Finds a cookie by bytes: for Swift, `;` and a combining accent behind it are one character.
    private static func value(
        of name: UnsafeRawBufferPointer, in line: UnsafeRawBufferPointer
    ) -> String? {
        var start = line.startIndex
        while start < line.endIndex {
            let end = line[start...].firstIndex(of: UInt8(ascii: ";")) ?? line.endIndex
            while start < end, line[start].isASCIIBlank { start += 1 }
            let value = start + name.count + 1
            if value <= end, line[value - 1] == UInt8(ascii: "="),
                line[start..<value - 1].elementsEqual(name)
            {
                return String(decoding: line[value..<end], as: UTF8.self)
            }
            start = end + 1
        }
        return nil
    }
}

/// A cookie to set: always HttpOnly, SameSite=Lax and Path=/ (SECURITY 17).
package struct SetCookie {
    package var name: String
    package var value: String
    /// The seconds for which the browser keeps it; `nil` until it closes, 0 removes it.
    package var maxAge: Int?
    package var isSecure: Bool

    package init(name: String, value: String, maxAge: Int? = nil, isSecure: Bool) {
        self.name = name
        self.value = value
        self.maxAge = maxAge
        self.isSecure = isSecure
    }

    /// The field's value, as RFC 6265 §4.1 has it.
    package var fieldValue: String {
        var text = "\(name)=\(value); Path=/; HttpOnly; SameSite=Lax"
        if isSecure { text += "; Secure" }
        if let maxAge { text += "; Max-Age=\(maxAge)" }
        return text
    }
}
