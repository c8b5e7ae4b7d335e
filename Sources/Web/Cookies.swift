import HTTPTypes

/// The cookies of a request, from all of its Cookie fields together (RFC 6265 §5.4).
package struct Cookies {
    private let pairs: [(name: Substring, value: Substring)]

    package init(_ headers: HTTPFields) {
        pairs = headers[values: .cookie].flatMap { line in
            // By bytes: for Swift, ';' and a combining accent behind it are one character.
            line.utf8.split(separator: UInt8(ascii: ";")).compactMap { pair in
                let trimmed = pair.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
                guard let equals = trimmed.firstIndex(of: UInt8(ascii: "=")) else { return nil }
                return (Substring(trimmed[..<equals]), Substring(trimmed[equals...].dropFirst()))
            }
        }
    }

    /// The value of that cookie; when several carry the name, the first.
    package subscript(name: String) -> String? {
        pairs.first { $0.name == name }.map { String($0.value) }
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
