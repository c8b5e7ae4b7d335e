import HTTPTypes

/// What of a caller's header goes along with a proxied call.
enum ForwardedHeaders {
    /// Of the path form: an allow-list, so that a host's own tokens go nowhere.
    static func ofPathForm(
        _ headers: HTTPFields, alsoAllowed: [String], reserved: ReservedFields
    ) -> HTTPFields {
        var forwarded = HTTPFields()
        for field in headers {
            let name = field.name.canonicalName
            let isListed =
                alsoAllowed.contains { $0.lowercased() == name }
                && !ForbiddenHeaders.contains(field.name)
            guard isUsual(name) || isListed, !reserved.contains(field.name) else { continue }
            forwarded.append(field)
        }
        return forwarded
    }

    /// More than anybody sends; `HTTPFields` traps at 65,535.
    private static let mostFields = 500

    /// Of the JSON form: anything but what is forbidden.
    ///
    /// - Throws: ``ConnectionsError/invalid(code:detail:)``, which names the field.
    static func ofJSONForm(
        _ fields: [(name: String, value: String)], reserved: ReservedFields
    ) throws -> HTTPFields {
        guard fields.count <= mostFields else {
            throw ConnectionsError.invalid(
                code: "invalid_header", detail: "There are more than \(mostFields) headers.")
        }
        var headers = HTTPFields()
        for (name, value) in fields {
            guard let fieldName = HTTPField.Name(name), HTTPField.isValidValue(value) else {
                throw ConnectionsError.invalid(
                    code: "invalid_header",
                    detail: "A header's name must be a token, and its value one line of text.")
            }
            guard !ForbiddenHeaders.contains(fieldName), !reserved.contains(fieldName) else {
                throw ConnectionsError.invalid(
                    code: "forbidden_header",
                    detail: "'\(fieldName.rawName)' cannot be set by the caller.")
            }
            headers.append(HTTPField(name: fieldName, value: value))
        }
        return headers
    }

    private static func isUsual(_ name: String) -> Bool {
        switch name {
        // Without its encoding, a body would be taken for something else; browsers go on with an
        // event stream from `Last-Event-ID`.
        case "accept", "content-type", "content-encoding", "range", "idempotency-key",
            "last-event-id":
            true
        default: name.hasPrefix("accept-") || name.hasPrefix("if-")
        }
    }
}
