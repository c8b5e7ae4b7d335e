import Encoding
import HTTPTypes
import Headers
import Web

/// A request to a disguised provider, with its body read.
struct DisguisedRequest {
    let method: String
    /// The host in the Host field, in lower case.
    let host: String
    let path: String
    let query: Form
    let headers: HeaderFields
    let body: [UInt8]
    /// The time of its arrival, in milliseconds since 1970.
    let at: Int64

    /// The most bytes of a body that are read.
    private static let limit = 1_048_576

    /// - Throws: The errors of reading the body.
    init(_ request: Request, host: String, at: Int64) throws {
        self.at = at
        method = request.method.rawValue
        self.host = host.lowercased()
        path = request.path
        query = request.queryForm ?? Form([Form.Field("malformed query", "")])
        headers = request.headers
        body = try request.body.collect(upTo: Self.limit)
    }

    /// Returns the value of a header field.
    func header(_ name: String) -> String? {
        HTTPField.Name(name).flatMap { headers[$0] }
    }

    /// The body's media type, in lower case.
    var mediaType: String {
        let type = headers[.contentType]?.prefix { $0 != ";" } ?? ""
        return type.trimmingSpaces().lowercased()
    }

    /// The format of the body: `form` or `json`; `nil` for another media type.
    var format: String? {
        switch mediaType {
        case "application/x-www-form-urlencoded": "form"
        case "application/json": "json"
        default: nil
        }
    }

    /// The parameters in a form or a JSON object of texts; none where the body is neither.
    var bodyFields: [Form.Field] {
        (try? fields(as: format ?? "", rule: "")) ?? []
    }

    /// - Throws: ``Refusal/broken(rule:_:)``.
    func fields(as format: String, rule: String) throws(Refusal) -> [Form.Field] {
        guard self.format == format else {
            throw .broken(rule: rule, "the body must be \(format), not '\(mediaType)'")
        }
        let text = String(decoding: body, as: UTF8.self)
        if format == "form" {
            if let form = Form(encoded: text) { return form.fields }
            throw .broken(rule: rule, "the body is no form")
        }
        let members = (try? JSONValue(parsing: text))?.members
        let fields = members?.compactMap { member in
            member.value.stringValue.map { Form.Field(member.name, $0) }
        }
        if let fields, fields.count == members?.count { return fields }
        throw .broken(rule: rule, "the body is no JSON object of texts")
    }
}
