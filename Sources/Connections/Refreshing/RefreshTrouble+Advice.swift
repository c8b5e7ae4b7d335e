import Integrations

extension RefreshTrouble {
    /// Returns advice for the operator, in plain words.
    package func advice(_ definition: IntegrationDefinition) -> String {
        switch code {
        case "invalid_client", "unauthorized_client": return Self.client(definition)
        case "provider_refused": return status == 401 ? Self.client(definition) : dead(definition)
        case "invalid_scope", "invalid_request", "invalid_target", "unsupported_grant_type":
            return "compare 'scope', 'tokenParameters' and 'refresh' with what the provider wants"
        case "provider_answer_invalid":
            return "compare 'tokenResponse' with what the provider answers"
        case "integration_misconfigured":
            return "correct the URL or the key that 'error' in the log names"
        default: return "nothing, unless it stays so"
        }
    }

    private static func client(_ definition: IntegrationDefinition) -> String {
        ConnectFailure.clientRefused.advice(definition, redirectURI: "")
    }

    /// `--set refresh=…` replaces the whole field: anything else that stands in it would be lost.
    private func dead(_ definition: IntegrationDefinition) -> String {
        let sign = status.map { "{status: \($0)}" } ?? "{status: 400}"
        let how =
            definition.refresh == RefreshRules()
            ? "grantkeeper integration update \(definition.slug) --set 'refresh={dead: [\(sign)]}'"
            : "add \(sign) to 'dead' in the integration's 'refresh'"
        return "if this is how the provider says that a grant is gone, say so, and its users are"
            + " asked to connect again: \(how)"
    }
}
