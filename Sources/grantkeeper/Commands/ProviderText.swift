import Encoding
import Integrations
import YAML

/// An entry of the catalogue, for people.
struct ProviderText {
    private let provider: Provider

    init(_ provider: Provider) {
        self.provider = provider
    }

    var text: String {
        get throws {
            [head, fields, try questions, sources, notes].filter { !$0.isEmpty }
                .map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
        }
    }

    private var head: [String] {
        let register = provider.instructions(redirectURI: "the redirect URI")
        return ["\(provider.name) (\(provider.id))"]
            + [provider.description, provider.website, register].compactMap { $0 }
    }

    private var fields: [String] { [JSONValue.object(provider.fields).yaml] }

    private var questions: [String] {
        get throws {
            let data = try provider.operatorData()
            return data.isEmpty ? [] : ["To be given when it is added:"] + data.map(Self.question)
        }
    }

    private static func question(_ datum: ConnectionDatum) -> String {
        let value = datum.example ?? "…"
        let standard = datum.fallback.map { " (default \($0))" } ?? ""
        return "  --data \(datum.name)=\(value)  \(datum.title ?? "")\(standard)"
    }

    private var sources: [String] {
        guard !provider.facts.isEmpty else { return [] }
        return ["Known from:"]
            + provider.facts.map { fact in
                let doubt = fact.isUnverified ? "unverified: " : ""
                return "  \(fact.fields.joined(separator: ", ")): \(doubt)\(fact.source)"
            }
    }

    private var notes: [String] { provider.notes.map { "Note: \($0)" } }
}
