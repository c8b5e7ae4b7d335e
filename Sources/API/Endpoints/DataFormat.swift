import Web

/// The form in which `data` of a call is sent that is no text, as the caller's `Content-Type` says.
enum DataFormat {
    case json
    case form

    /// - Throws: 400 for a type that such `data` would not be of.
    init(declaredBy headers: [(name: String, value: String)]) throws {
        let types = headers.filter { $0.name.lowercased() == "content-type" }.map(\.value)
        guard types.count < 2 else {
            throw Self.invalid("'Content-Type' is in 'headers' more than once.")
        }
        guard let type = types.first else {
            self = .json
            return
        }
        let name = type.prefix { $0 != ";" && $0 != " " && $0 != "\t" }.lowercased()
        if name == "application/x-www-form-urlencoded" {
            self = .form
        } else if Self.isJSON(name) {
            self = .json
        } else {
            throw Self.invalid(
                "'data' that is no text is sent as JSON or as a form, and "
                    + "'Content-Type: \(name.prefix(64))' is neither. Give 'data' as a text, or "
                    + "send the body as it is to …/request/{path}.")
        }
    }

    /// Whether a type is JSON under whatever name: `application/vnd.api+json`,
    /// `application/x-amz-json-1.1`. A sequence of JSON texts is something else (RFC 7464).
    private static func isJSON(_ name: String) -> Bool {
        let words = name.drop { $0 != "/" }.dropFirst().split { "+-._".contains($0) }
        return words.contains("json") && !words.contains("seq") || words == ["jsonrequest"]
    }

    private static func invalid(_ detail: String) -> Problem {
        Problem(.badRequest, .invalidRequest, detail)
    }
}
