import Encoding
import HTTPTypes
import Headers

/// A reader of orders for failures, the body of `POST /control/fail`.
enum FailureOrder {
    private static let endpoints: Set<String> = [
        "authorize", "token", "revoke", "introspect", "metadata", "userinfo", "api", "keyed",
    ]

    private static let members: Set<String> = [
        "endpoint", "mode", "count", "grantType", "afterEffect", "status", "code", "bytes",
        "milliseconds", "seconds", "member", "value", "headers", "text",
    ]

    /// - Throws: ``ControlError``.
    static func read(_ body: ControlBody) throws(ControlError) -> Failure {
        try body.refuseMembers(except: members)
        let endpoint = try body.text("endpoint") ?? "token"
        guard endpoints.contains(endpoint) else {
            throw ControlError("endpoint must be one of \(endpoints.sorted())")
        }
        return Failure(
            endpoint: endpoint, grantType: try body.text("grantType"), mode: try mode(body),
            isAfterEffect: try body.flag("afterEffect") ?? false,
            remaining: try body.number("count", in: 1...1_000_000_000) ?? 1)
    }

    private static func mode(_ body: ControlBody) throws(ControlError) -> FailureMode {
        let status = try body.number("status", in: 200...599)
        switch try body.text("mode") ?? "" {
        case "status": return .status(status ?? 503, headers: try headers(body))
        case "error":
            return .error(try body.text("code") ?? "invalid_grant", status: status ?? 400)
        case "error_with_200":
            return .error(try body.text("code") ?? "invalid_grant", status: 200)
        case "invalid_grant": return .error("invalid_grant", status: 400)
        case "html": return .html(status: status ?? 200)
        case "huge":
            return .huge(bytes: try body.number("bytes", in: 1...Bytes.limit) ?? 1_000_000_000)
        case "hang": return .hang(milliseconds: try milliseconds(body) ?? 30_000)
        case "delay": return .delay(milliseconds: try milliseconds(body) ?? 1_000)
        case "hold": return .hold(milliseconds: try milliseconds(body) ?? 30_000)
        case "drip": return .drip(milliseconds: try milliseconds(body) ?? 1_000)
        case "truncated": return .truncated
        case "cut": return .cut
        case "no_refresh_token": return .without(member: "refresh_token")
        case "no_access_token": return .without(member: "access_token")
        case "no_expires_in": return .without(member: "expires_in")
        case "wrong_token_type":
            return .with(member: "token_type", value: try body.text("value") ?? "mac")
        case "with":
            return .with(
                member: try body.text("member") ?? "", value: try body.text("value") ?? "")
        case "form": return .form
        case "gzip": return .gzip
        case "ending": return .ending(try body.text("text") ?? "")
        default:
            throw ControlError(
                """
                mode must be status, error, error_with_200, invalid_grant, html, huge, hang, \
                delay, hold, drip, truncated, cut, no_refresh_token, no_access_token, \
                no_expires_in, wrong_token_type, with, form, gzip or ending
                """)
        }
    }

    private static func milliseconds(_ body: ControlBody) throws(ControlError) -> Int? {
        if let seconds = try body.number("seconds", in: 0...3_600) { return seconds * 1_000 }
        return try body.number("milliseconds", in: 0...3_600_000)
    }

    private static func headers(_ body: ControlBody) throws(ControlError) -> HeaderFields {
        var fields: HeaderFields = [:]
        for member in body.json["headers"]?.members ?? [] {
            guard let name = HTTPField.Name(member.name), let value = member.value.stringValue
            else {
                throw ControlError("headers must be an object of names and texts")
            }
            fields.append(HeaderField(name: name, value: value))
        }
        return fields
    }
}
