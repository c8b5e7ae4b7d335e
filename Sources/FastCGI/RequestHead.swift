import CFastCGI
import Encoding
import Glibc
import HTTPTypes
import Headers
import Web

/// The head of a request, read from nginx's FastCGI parameters.
struct RequestHead {
    private(set) var method: HTTPRequest.Method?
    /// REQUEST_URI: the path and query as the client wrote them.
    private(set) var target: String?
    private(set) var headers = HeaderFields()
    /// The parameters that are not in `headers`, `method` or `target`.
    private(set) var parameters: [String: String] = [:]
    /// `nil` when the body goes to the end of the stream.
    private(set) var contentLength: Int64?
    /// GRANTKEEPER_REQUEST_ID when it is one (hexadecimal, at most 64 digits), else a random one.
    private(set) var id = ""
    /// The first problem that was found in the parameters.
    private(set) var problem: Problem?

    private static let mostFields = 1000

    /// Reads libfcgi's list of `NAME=value`, once.
    ///
    /// - Parameter hasNUL: Whether one of them had a NUL, at which libfcgi's texts end.
    init(
        _ environment: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, hasNUL: Bool = false
    ) {
        headers.reserve(16)
        var next = environment
        while let entry = next?.pointee {
            next = next?.successor()
            guard let equals = strchr(entry, CInt(UInt8(ascii: "="))) else { continue }
            entry.withMemoryRebound(to: UInt8.self, capacity: equals - entry) {
                let name = UnsafeBufferPointer(start: $0, count: equals - entry)
                take(name, equals + 1)
            }
        }
        if id.isEmpty { id = Self.randomID() }
        // A user's name that ends too early is another user's.
        if hasNUL { refuse("a FastCGI parameter has a NUL") }
        if method == nil { refuse("REQUEST_METHOD is missing or malformed") }
        if target == nil { refuse("REQUEST_URI is missing or malformed") }
    }

    private mutating func take(_ name: UnsafeBufferPointer<UInt8>, _ value: UnsafePointer<CChar>) {
        switch name.first {
        case UInt8(ascii: "H") where name.starts(with: "HTTP_"): takeHeader(name, value)
        case UInt8(ascii: "R") where name.equals("REQUEST_URI"): takeTarget(value)
        case UInt8(ascii: "R") where name.equals("REQUEST_METHOD"): takeMethod(value)
        case UInt8(ascii: "C") where name.equals("CONTENT_LENGTH"): takeLength(value)
        case UInt8(ascii: "C") where name.equals("CONTENT_TYPE"): takeContentType(name, value)
        case UInt8(ascii: "G") where name.equals("GRANTKEEPER_REQUEST_ID"): takeID(value)
        case _ where Self.redundant.contains { name.equals($0) }: break
        default: takeParameter(name, value)
        }
    }

    /// The other parameters of fastcgi_params: other views of the target, and facts without a use.
    private static let redundant: [StaticString] = [
        "DOCUMENT_ROOT", "DOCUMENT_URI", "FCGI_ROLE", "GATEWAY_INTERFACE", "QUERY_STRING",
        "REDIRECT_STATUS", "REMOTE_PORT", "REQUEST_SCHEME", "SCRIPT_FILENAME", "SCRIPT_NAME",
        "SERVER_ADDR", "SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "SERVER_SOFTWARE",
    ]

    private mutating func takeHeader(
        _ name: UnsafeBufferPointer<UInt8>, _ value: UnsafePointer<CChar>
    ) {
        let name = UnsafeBufferPointer(rebasing: name[5...])
        switch name.count {
        // SECURITY 42: never the name of an outgoing proxy. And of the body only CONTENT_LENGTH
        // and CONTENT_TYPE speak, of which nginx repeats the client's words.
        case 5 where name.isField("PROXY"), 14 where name.isField("CONTENT_LENGTH"),
            12 where name.isField("CONTENT_TYPE"):
            return
        // SECURITY 43: a reader of one would not agree with a reader of the other.
        case 13 where name.isField("AUTHORIZATION") && headers.contains(.authorization):
            refuse("authorization was sent twice")
        case 12 where name.isField("ON_BEHALF_OF"): takeOnBehalfOf(name, value)
        default: append(name, value)
        }
    }

    private mutating func takeOnBehalfOf(
        _ name: UnsafeBufferPointer<UInt8>, _ value: UnsafePointer<CChar>
    ) {
        guard !headers.contains(Self.onBehalfOf) else {
            return refuse("on-behalf-of was sent twice")
        }
        // SECURITY 46: a name that is repaired is another user's.
        guard Self.isLine(value.bytes) else {
            return refuse("on-behalf-of is not a line of UTF-8")
        }
        append(name, value)
    }

    private static let onBehalfOf = HTTPField.Name.known("On-Behalf-Of")

    /// Appends a field by its name as CGI spells it.
    private mutating func append(
        _ name: UnsafeBufferPointer<UInt8>, _ value: UnsafePointer<CChar>
    ) {
        guard headers.count < Self.mostFields else { return refuse("there are too many headers") }
        let isName = headers.append(
            cgiName: UnsafeRawBufferPointer(name), value: UnsafeRawBufferPointer(value.bytes))
        if !isName { refuse("a header's name is malformed") }
    }

    private mutating func takeContentType(
        _ name: UnsafeBufferPointer<UInt8>, _ value: UnsafePointer<CChar>
    ) {
        if value.pointee != 0 { append(name, value) }
    }

    private mutating func takeTarget(_ value: UnsafePointer<CChar>) {
        let bytes = value.bytes
        guard target == nil, bytes.first == UInt8(ascii: "/"),
            bytes.allSatisfy({ !$0.isASCIIControl && $0 != UInt8(ascii: " ") }),
            let text = String(utf8: UnsafeRawBufferPointer(bytes))
        else { return refuse("REQUEST_URI is not one path that begins with '/'") }
        target = text
    }

    private mutating func takeMethod(_ value: UnsafePointer<CChar>) {
        guard method == nil else { return refuse("REQUEST_METHOD was sent twice") }
        method =
            strcmp(value, "GET") == 0 ? .get : HTTPRequest.Method(rawValue: String(cString: value))
    }

    private mutating func takeLength(_ value: UnsafePointer<CChar>) {
        let bytes = value.bytes
        if bytes.isEmpty { return }
        guard contentLength == nil, bytes.count <= 18,
            bytes.allSatisfy(\.isASCIIDigit)
        else { return refuse("CONTENT_LENGTH is not one number of bytes") }
        contentLength = bytes.reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
    }

    private mutating func takeID(_ value: UnsafePointer<CChar>) {
        let bytes = value.bytes
        guard id.isEmpty, (1...64).contains(bytes.count),
            bytes.allSatisfy({ $0.isASCIIHexDigit && !$0.isASCIIUppercase })
        else { return }
        id = String(decoding: bytes, as: UTF8.self)
    }

    private mutating func takeParameter(
        _ name: UnsafeBufferPointer<UInt8>, _ value: UnsafePointer<CChar>
    ) {
        let isOurs = name.starts(with: "GRANTKEEPER_")
        guard parameters.count < Self.mostFields else {
            return refuse("there are too many parameters")
        }
        // SECURITY 46: a name that is repaired is another user's.
        guard let key = String(utf8: UnsafeRawBufferPointer(name)),
            let text = String(utf8: UnsafeRawBufferPointer(value.bytes))
        else {
            if isOurs { refuse("a parameter GRANTKEEPER_… is not UTF-8") }
            return
        }
        let previous = parameters.updateValue(text, forKey: key)
        // SECURITY 43: which of two is the user, is not for us to guess.
        if previous != nil, isOurs { refuse("\(key) was sent twice") }
    }

    private mutating func refuse(_ detail: String) {
        if problem == nil { problem = Problem(.badRequest, .malformedRequest, "\(detail).") }
    }

    /// Whether it is text on one line: in place of line ends, `HeaderField` has spaces.
    private static func isLine(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        bytes.allSatisfy { $0 != 0x0A && $0 != 0x0D }
            && String(utf8: UnsafeRawBufferPointer(bytes)) != nil
    }

    private static func randomID() -> String {
        (0..<2).map { _ in
            let digits = String(UInt64.random(in: .min ... .max), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
        .joined()
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Whether the bytes, as CGI or the client spells them, are this name. By the field and not by
    /// the parameter: `HTTP_On-Behalf-Of` is the same one.
    fileprivate func isField(_ name: StaticString) -> Bool {
        guard count == name.utf8CodeUnitCount else { return false }
        return name.withUTF8Buffer { name in
            for index in 0..<count {
                let byte = self[index] == UInt8(ascii: "-") ? UInt8(ascii: "_") : self[index]
                guard byte.asciiUppercased == name[index] else { return false }
            }
            return true
        }
    }
}

extension UnsafePointer<CChar> {
    /// The text's bytes, without the NUL at its end.
    fileprivate var bytes: UnsafeBufferPointer<UInt8> {
        let count = strlen(self)
        let start = UnsafeRawPointer(self).assumingMemoryBound(to: UInt8.self)
        return UnsafeBufferPointer(start: start, count: count)
    }
}
