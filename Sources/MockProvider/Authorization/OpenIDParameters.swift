import Encoding

/// A check of the parameters of OpenID Connect Core §3.1.2.1 and §6 that must not be ignored: wrong
/// ones, and those that this provider does not support.
enum OpenIDParameters {
    /// - Throws: The error that OpenID Connect defines for the parameter.
    static func check(_ parameters: Parameters) throws(ProtocolError) {
        for (name, code) in unsupported where parameters[name] != nil {
            throw ProtocolError(code, "\(name) is not supported")
        }
        if let display = parameters["display"], !displays.contains(display) {
            throw .invalidRequest("display must be one of \(displays.joined(separator: ", "))")
        }
        if let age = parameters["max_age"] {
            guard age.utf8.allSatisfy(\.isASCIIDigit), Int(age) != nil else {
                throw .invalidRequest("max_age must be a number of seconds")
            }
        }
    }

    private static let unsupported = [
        ("request", "request_not_supported"), ("request_uri", "request_uri_not_supported"),
        ("registration", "registration_not_supported"),
    ]

    private static let displays = ["page", "popup", "touch", "wap"]
}
