import API
import Encoding
import HTTPTypes
import Headers
import Storage
import TestSupport
import Testing
import Web

/// The API in front of a household, as nginx would ask it.
struct Front {
    let house: TestKeeper
    let api: GrantkeeperAPI
    let log = RecordedLog()
    private let metrics = Metrics()
    private let settings: APISettings

    init(
        allowedOrigins: [String] = [], trustsUserParameter: Bool = false, jsonBodyLimit: Int = 4096
    ) throws {
        house = try TestKeeper()
        settings = APISettings(
            publicBaseURL: TestKeeper.publicBaseURL, allowedOrigins: allowedOrigins,
            trustsUserParameter: trustsUserParameter, jsonBodyLimit: jsonBodyLimit)
        api = GrantkeeperAPI(
            keeper: house.keeper, settings: settings, metrics: metrics)
    }

    /// An answer, read whole.
    struct Answer {
        let status: Int
        let headers: HeaderFields
        let body: String
        /// The record of the request, as observers get it.
        let record: RequestRecord

        /// The body as JSON; `null` when it is none.
        var json: JSONValue { (try? JSONValue(parsing: body)) ?? .null }
        /// The value of that header field.
        func field(_ name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }
        /// The stable code of an error of ours.
        var code: String? { json["code"]?.stringValue }
    }

    typealias Fields = [(name: String, value: String)]

    func ask(
        _ method: HTTPRequest.Method = .get, _ target: String, _ headers: Fields = [],
        json: String? = nil, parameters: [String: String] = [:]
    ) throws -> Answer {
        var fields = HeaderFields()
        for (name, value) in headers {
            fields.append(HeaderField(name: try #require(HTTPField.Name(name)), value: value))
        }
        if json != nil, fields[.contentType] == nil { fields[.contentType] = "application/json" }
        let record = RequestRecord(id: "request-1", method: method)
        let response = api.respond(
            to: Request(
                method: method, target: target, headers: fields, parameters: parameters,
                body: BytesBody(json ?? ""), record: record))
        let collected = Collected()
        switch response.body {
        case .empty: break
        case .bytes(let bytes): collected.bytes = bytes
        case .stream(let produce): try produce(collected)
        }
        record.status = response.status
        metrics.requestEnded(record)
        RequestLog(logger: log.logger).requestEnded(record)
        return Answer(
            status: response.status.code, headers: response.headers,
            body: String(decoding: collected.bytes, as: UTF8.self), record: record)
    }

    /// The header of somebody who is signed in.
    func session(_ user: String = "alice", isSuperuser: Bool = false) throws -> Fields {
        let session = try house.keeper.sessions.create(userID: user, isSuperuser: isSuperuser)
        return [("Cookie", "__Host-grantkeeper=\(session.id)")]
    }

    /// The header of a program.
    func key(_ user: String = "alice", isSuperuser: Bool = false) throws -> Fields {
        let (key, _) = try house.keeper.apiKeys.create(
            userID: user, isSuperuser: isSuperuser, name: "test")
        return [("Authorization", "Bearer \(key)")]
    }
}

private final class Collected: ResponseWriter {
    var bytes: [UInt8] = []

    func write(_ bytes: UnsafeRawBufferPointer) { self.bytes += bytes }
    func flush() {}
}
