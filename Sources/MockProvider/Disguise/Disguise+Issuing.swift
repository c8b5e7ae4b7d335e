import Encoding
import FoundationEssentials
import Web

extension Disguise {
    /// Issues tokens, in the shape of the entry's answers.
    mutating func issue(
        to request: DisguisedRequest, _ surroundings: Surroundings, isRenewal: Bool
    ) -> Response {
        let access = "disguised-at-" + surroundings.randomToken()
        tokens.access = access
        tokens.livingAccess.insert(access)
        let refresh = refreshToken(surroundings, isRenewal: isRenewal)
        let now = surroundings.now() / 1_000
        var answer = tokenMembers(access: access, refresh: refresh, now, isRenewal: isRenewal)
        let container = entry.text("tokenResponse", "at")
        let isNested = answers.nesting == .all || !isRenewal
        if isNested, let container { answer = put(answer, at: container, into: [:]) }
        for datum in entry.data where datum.source == "token" {
            if !isNested, let container, datum.path.hasPrefix(container + ".") { continue }
            answer = put(.scalar(datum.value), at: datum.path, into: answer)
        }
        return response(withSuccess(answer), to: request)
    }

    /// Returns JSON only where the request accepts it; else a form, as GitHub does.
    private func response(_ answer: JSONValue, to request: DisguisedRequest) -> Response {
        if request.header("Accept")?.contains("application/json") ?? false { return .json(answer) }
        let fields = (answer.members ?? []).compactMap { member in
            member.value.scalarText.map { Form.Field(member.name, $0) }
        }
        return .text(Form(fields).encoded, contentType: "application/x-www-form-urlencoded")
    }

    func put(_ value: JSONValue, at path: String, into answer: JSONValue) -> JSONValue {
        AnswerPath(path).put(value, into: answer, fill: { entry.filled($0) })
    }

    /// Returns the refresh token of the answer; where it stays the same, every second refresh
    /// repeats it.
    private mutating func refreshToken(_ surroundings: Surroundings, isRenewal: Bool) -> String? {
        guard entry.hasRefreshToken, answers.hasRefreshTokens else { return nil }
        if isRenewal, entry.rotation == "fixed" {
            return tokens.renewals.isMultiple(of: 2) ? tokens.refresh : nil
        }
        let token = "disguised-rt-" + surroundings.randomToken()
        tokens.refresh = token
        tokens.livingRefresh.insert(token)
        return token
    }

    private func tokenMembers(
        access: String, refresh: String?, _ now: Int64, isRenewal: Bool
    ) -> JSONValue {
        let shape = entry.json["tokenResponse"]
        var answer: JSONValue = [:]
        func set(_ field: String, usual: String?, _ value: JSONValue?) {
            guard let value, let path = shape?[field]?.stringValue ?? usual else { return }
            answer = put(value, at: path, into: answer)
        }
        set("accessToken", usual: "access_token", .string(access))
        let usual = shape?["tokenTypes"]?.elements?.first?.stringValue ?? "Bearer"
        let type = answers.tokenType ?? usual
        set("tokenType", usual: "token_type", type == "none" ? nil : .string(type))
        set("refreshToken", usual: "refresh_token", refresh.map { .string($0) })
        set(
            "refreshTokenExpiresIn", usual: nil, refresh.map { _ in .integer(Self.refreshLifetime) }
        )
        set("scope", usual: "scope", writtenScope)
        let expiry = answers.expiry ?? usualExpiry
        let seconds: [DisguisedAnswers.Expiry: Int64] = [
            .seconds: Self.lifetime, .both: Self.lifetime, .zero: 0,
        ]
        set("expiresIn", usual: "expires_in", seconds[expiry].map { .integer($0) })
        if [.moment, .both].contains(expiry) {
            set(
                "expiresAt", usual: "expires_at",
                Self.moment(now + Self.lifetime, asText: !isRenewal))
        }
        return answer
    }

    private var usualExpiry: DisguisedAnswers.Expiry {
        let shape = entry.json["tokenResponse"]
        return shape?["expiresAt"] != nil ? .moment : shape?["lifetime"] != nil ? .absent : .seconds
    }

    /// The granted scope as the answer with the tokens writes it.
    private var writtenScope: JSONValue? {
        guard let granted = entry.scopes(in: answers.grantedScope ?? entry.text("scope")) else {
            return nil
        }
        return switch answers.scopeForm {
        case nil: .string(granted.joined(separator: entry.scopeSeparator))
        case .spaces: .string(granted.joined(separator: " "))
        case .commas: .string(granted.joined(separator: ","))
        case .array: .array(granted.map { .string($0) })
        case .callback, .absent: nil
        }
    }

    /// The seconds that an access token is valid.
    private static var lifetime: Int64 { 3_600 }
    /// The seconds that a refresh token is valid.
    private static var refreshLifetime: Int64 { 86_400 }

    /// Returns a time as providers write it: as a text of RFC 3339, or as seconds since 1970.
    private static func moment(_ seconds: Int64, asText: Bool) -> JSONValue {
        guard asText else { return .integer(seconds) }
        return .string(Date(timeIntervalSince1970: Double(seconds)).ISO8601Format())
    }
}
