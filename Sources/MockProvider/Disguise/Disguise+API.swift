import Encoding
import HTTPTypes
import Web

extension Disguise {
    /// Answers a call to the API with the request that arrived, without the credential.
    func call(_ request: DisguisedRequest) throws(Refusal) -> Response {
        try checkCredential(request)
        for field in entry.fields(entry.json["headers"])
        where request.header(field.name) != field.value {
            throw .broken(
                rule: "headers",
                "\(field.name) must be '\(field.value)', not '\(request.header(field.name) ?? "")'")
        }
        var query = Form(request.query.fields)
        if case .query(let name) = place {
            query = Form(query.fields.filter { $0.name != name })
        }
        let url = "https://\(request.host)\(request.path)"
        let called = query.fields.isEmpty ? url : "\(url)?\(query.encoded)"
        return .json(["called": .string("\(request.method) \(called)")])
    }

    /// Answers the lookup that the entry sends right after connecting.
    func lookUp(_ request: DisguisedRequest) throws(Refusal) -> Response {
        let lookup = entry.json["lookup"]
        if let prefix = lookup?["prefix"]?.stringValue {
            try check(.header("Authorization", prefix: prefix), request, rule: "lookup.prefix")
        } else {
            try checkCredential(request)
        }
        for field in entry.fields(lookup?["headers"])
        where request.header(field.name) != field.value {
            throw .broken(rule: "lookup.headers", "\(field.name) must be '\(field.value)'")
        }
        var query = GivenParameters(request.query.fields)
        try query.need(lookupAddress?.query.fields ?? [], rule: "lookup.uri")
        try query.finish(rule: "lookup.uri")
        try checkLookupBody(request, lookup?["body"]?.stringValue)
        return .json(
            entry.data.filter { $0.source == "lookup" }.reduce([:]) { answer, datum in
                put(.scalar(datum.value), at: datum.path, into: answer)
            })
    }

    private func checkLookupBody(
        _ request: DisguisedRequest, _ body: String?
    ) throws(Refusal) {
        guard let body else {
            if request.body.isEmpty { return }
            throw .broken(rule: "lookup.body", "there is a body")
        }
        guard request.mediaType == "application/json",
            let given = try? JSONValue(parsing: request.body),
            given == (try? JSONValue(parsing: entry.filled(body)))
        else { throw .broken(rule: "lookup.body", "the body is not the JSON that is described") }
    }

    /// The place of a credential in a call.
    private enum Place {
        case header(String, prefix: String)
        case query(String)
        case basic(username: String, password: String)

        var header: String? {
            switch self {
            case .header(let name, _): name
            case .query: nil
            case .basic: "Authorization"
            }
        }

        /// Returns the value that a request must have at this place.
        func value(of credential: String) -> String {
            switch self {
            case .header(_, let prefix): return prefix + credential
            case .query: return credential
            case .basic(let username, let password):
                let pair = "\(username):\(password)".replacing("{credential}", with: credential)
                return "Basic " + Text.base64(pair.utf8)
            }
        }
    }

    private func checkCredential(_ request: DisguisedRequest) throws(Refusal) {
        try check(place, request, rule: "credentialPlacement")
    }

    private var place: Place {
        let placement = entry.json["credentialPlacement"]
        switch (placement?["in"]?.stringValue, entry.authType) {
        case ("query", _): return .query(placement?["name"]?.stringValue ?? "")
        case ("basic", _):
            return .basic(
                username: placement?["username"]?.stringValue ?? "{credential}",
                password: placement?["password"]?.stringValue ?? "")
        case (nil, "apikey") where placement == nil: return .header("X-API-Key", prefix: "")
        // A credential of this kind contains the colon.
        case (nil, "basic") where placement == nil:
            return .header("Authorization", prefix: "Basic ")
        case (nil, _) where placement == nil: return .header("Authorization", prefix: "Bearer ")
        default:
            return .header(
                placement?["name"]?.stringValue ?? "",
                prefix: placement?["prefix"]?.stringValue ?? "")
        }
    }

    /// Refuses a request without exactly one valid credential at this place.
    private func check(
        _ place: Place, _ request: DisguisedRequest, rule: String
    ) throws(Refusal) {
        let given: [String]
        if case .query(let name) = place {
            given = request.query.all(name)
        } else {
            given = place.header.flatMap(request.header).map { [$0] } ?? []
        }
        guard given.count == 1 else {
            throw .broken(rule: rule, "there are \(given.count) credentials where it belongs")
        }
        if place.header?.lowercased() != "authorization" {
            try refuseAuthorization(request, rule: rule)
        }
        guard living.contains(where: { place.value(of: $0) == given[0] }) else {
            throw .unauthorized
        }
    }

    /// The valid credentials.
    private var living: [String] {
        guard let credential else { return Array(tokens.livingAccess) }
        let isPair = entry.authType == "basic" && entry.json["credentialPlacement"] == nil
        return [isPair ? Text.base64(credential.utf8) : credential]
    }
}
