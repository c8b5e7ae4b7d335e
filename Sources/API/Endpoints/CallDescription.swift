import Encoding
import HTTPClient
import HTTPTypes
import Proxying
import Web

/// The body of the proxy's JSON form.
struct CallDescription {
    private let method: HTTPRequest.Method
    private let url: String
    private let headers: [(name: String, value: String)]
    private let parameters: Form
    private let data: JSONValue?
    private let followsRedirects: Bool?

    /// - Throws: 400 that names the wrong field.
    init(_ json: JSONValue) throws {
        guard let members = json.members else {
            throw Self.invalid("The body must be an object with a 'url'.")
        }
        let known = ["method", "url", "headers", "params", "data", "followRedirects"]
        if let unknown = members.first(where: { !known.contains($0.name) }) {
            throw Self.invalid(
                "'\(unknown.name.prefix(64))' is not a field of a request: there are "
                    + known.joined(separator: ", ") + ".")
        }
        guard let url = json["url"]?.stringValue else {
            throw Self.invalid("'url' is missing: a path, or a URL under apiBaseUri.")
        }
        self.url = url
        method = try Self.method(json["method"])
        headers = try Self.headers(json["headers"])
        parameters = try Self.form(json["params"], of: "params")
        data = json["data"].flatMap { $0 == .null ? nil : $0 }
        followsRedirects = try Self.flag(json["followRedirects"], "followRedirects")
    }

    /// - Parameter request: The request that contained the description.
    func call(for request: Request) throws -> ProxyCall {
        let (body, contentType) = try body()
        if case .bytes(let bytes) = body { request.record.bytesToUpstream = Int64(bytes.count) }
        return ProxyCall(
            method: method, target: .url(url, parameters: parameters), headers: .written(headers),
            body: body, contentType: contentType, watchedDescriptor: request.client.descriptor,
            marks: LoopMark.passedOn(request.headers), followsRedirects: followsRedirects,
            id: request.id)
    }

    /// Returns the body: a text as it is; anything else as JSON, or as a form if that is declared.
    private func body() throws -> (OutgoingBody, contentType: String?) {
        switch data {
        case nil:
            return (method.expectsBody ? .bytes([]) : .none, nil)
        case .string(let text)?:
            return (.bytes([UInt8](text.utf8)), "text/plain; charset=utf-8")
        case let value?:
            switch try DataFormat(declaredBy: headers) {
            case .json: return (.bytes(value.encoded()), "application/json")
            case .form:
                let form = try Self.form(value, of: "data")
                return (.bytes([UInt8](form.encoded.utf8)), nil)
            }
        }
    }

    private static func method(_ value: JSONValue?) throws -> HTTPRequest.Method {
        guard let value, value != .null else { return .get }
        // Looked at as it is written: a letter outside ASCII can become one of it.
        guard let text = value.stringValue, HTTPRequest.Method(text) != nil,
            let method = HTTPRequest.Method(text.uppercased()), CallMethods.allows(method)
        else {
            let names = CallMethods.usual.map(\.rawValue).joined(separator: ", ")
            throw invalid(
                "'method' must be one of \(names), or another method of HTTP but CONNECT and TRACE."
            )
        }
        return method
    }

    private static func flag(_ value: JSONValue?, _ name: String) throws -> Bool? {
        guard let value, value != .null else { return nil }
        guard let flag = value.boolValue else { throw invalid("'\(name)' must be true or false.") }
        return flag
    }

    private static func headers(_ value: JSONValue?) throws -> [(name: String, value: String)] {
        guard let value, value != .null else { return [] }
        guard let members = value.members else { throw invalid("'headers' must be an object.") }
        return try members.flatMap { member in
            try texts(member.value, of: "headers").map { (member.name, $0) }
        }
    }

    private static func form(_ value: JSONValue?, of field: String) throws -> Form {
        guard let value, value != .null else { return Form() }
        guard let members = value.members else { throw invalid("'\(field)' must be an object.") }
        var form = Form()
        for member in members {
            for text in try texts(member.value, of: field) { form.append(member.name, text) }
        }
        return form
    }

    /// Returns a member's value as texts: a list repeats the name, `null` leaves it out.
    private static func texts(_ value: JSONValue, of field: String) throws -> [String] {
        switch value {
        case .null: return []
        case .string(let text): return [text]
        case .number(let text): return [text]
        case .bool(let value): return [value ? "true" : "false"]
        case .array(let elements): return try elements.flatMap { try texts($0, of: field) }
        case .object: throw invalid("The members of '\(field)' must be texts, numbers or lists.")
        }
    }

    private static func invalid(_ detail: String) -> Problem {
        Problem(.badRequest, .invalidRequest, detail)
    }
}

extension HTTPRequest.Method {
    /// Whether an upstream expects a declared length even when there is no body.
    var expectsBody: Bool {
        self == .post || self == .put || self == .patch
    }
}
