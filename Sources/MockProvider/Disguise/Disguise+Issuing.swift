import Encoding
import FoundationEssentials
import Web

extension Disguise {
    /// Gives out tokens, in the shape of the entry's answers.
    mutating func issue(_ surroundings: Surroundings, isRenewal: Bool) -> Response {
        let access = "disguised-at-" + surroundings.randomToken()
        tokens.access = access
        tokens.livingAccess.insert(access)
        let refresh = refreshToken(surroundings, isRenewal: isRenewal)
        let now = surroundings.now() / 1_000
        var answer = tokenMembers(access, refresh, now, isRenewal: isRenewal)
        if let container = entry.text("tokenResponse", "at") {
            answer = put(answer, at: container, into: [:])
        }
        for datum in entry.data where datum.source == "token" {
            answer = put(.scalar(datum.value), at: datum.path, into: answer)
        }
        return .json(withSuccess(answer))
    }

    func put(_ value: JSONValue, at path: String, into answer: JSONValue) -> JSONValue {
        AnswerPath(path).put(value, into: answer, fill: { entry.filled($0) })
    }

    /// The refresh token that the answer names; where they stay the same, every other renewal
    /// repeats it.
    private mutating func refreshToken(_ surroundings: Surroundings, isRenewal: Bool) -> String? {
        guard entry.hasRefreshToken else { return nil }
        if isRenewal, entry.rotation == "fixed" {
            return tokens.renewals.isMultiple(of: 2) ? tokens.refresh : nil
        }
        let token = "disguised-rt-" + surroundings.randomToken()
        tokens.refresh = token
        tokens.livingRefresh.insert(token)
        return token
    }

    private func tokenMembers(
        _ access: String, _ refresh: String?, _ now: Int64, isRenewal: Bool
    ) -> JSONValue {
        let shape = entry.json["tokenResponse"]
        var answer: JSONValue = [:]
        func set(_ field: String, _ usual: String?, _ value: JSONValue?) {
            guard let value, let path = shape?[field]?.stringValue ?? usual else { return }
            answer = put(value, at: path, into: answer)
        }
        set("accessToken", "access_token", .string(access))
        set(
            "tokenType", "token_type",
            .string(shape?["tokenTypes"]?.elements?.first?.stringValue ?? "Bearer"))
        set("refreshToken", "refresh_token", refresh.map { .string($0) })
        set("refreshTokenExpiresIn", nil, refresh.map { _ in .integer(Self.refreshLifetime) })
        set("scope", "scope", entry.scope.map { .string($0) })
        if shape?["expiresAt"] != nil {
            set("expiresAt", nil, Self.moment(now + Self.lifetime, asText: !isRenewal))
        } else if shape?["lifetime"] == nil {
            set("expiresIn", "expires_in", .integer(Self.lifetime))
        }
        return answer
    }

    /// In seconds.
    private static var lifetime: Int64 { 3_600 }
    /// In seconds.
    private static var refreshLifetime: Int64 { 86_400 }

    /// A moment as providers write it: as a text of RFC 3339, or as seconds since 1970.
    private static func moment(_ seconds: Int64, asText: Bool) -> JSONValue {
        guard asText else { return .integer(seconds) }
        return .string(Date(timeIntervalSince1970: Double(seconds)).ISO8601Format())
    }
}
