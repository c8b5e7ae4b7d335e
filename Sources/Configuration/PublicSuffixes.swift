import FoundationEssentials

/// The names below which anyone can register a domain: `com`, `co.uk`, `github.io`.
package struct PublicSuffixes: Sendable {
    /// As <https://publicsuffix.org/list/> writes it; `nil` where there is none.
    private let list: String?

    /// - Parameter list: The text of the list.
    package init(list: String?) {
        self.list = list
    }

    /// Returns the system's list, which Debian's libcurl installs (`publicsuffix`); where it is
    /// missing, the few rules below.
    package static func system() -> PublicSuffixes {
        let bytes = FileManager.default.contents(
            atPath: "/usr/share/publicsuffix/public_suffix_list.dat")
        return PublicSuffixes(list: bytes.map { String(decoding: $0, as: UTF8.self) })
    }

    /// Returns the registered domain of a host in lower case; the host itself where it is a public
    /// suffix.
    package func domain(of host: String) -> String {
        let labels = host.split(separator: ".")
        let length = suffixLength(of: labels.map(String.init))
        return labels.suffix(length + 1).joined(separator: ".")
    }

    /// Returns the number of labels in a name's public suffix, by the algorithm of the list's page.
    private func suffixLength(of labels: [String]) -> Int {
        guard let list else { return Self.usualLength(of: labels) }
        var longest = 1
        for line in list.split(whereSeparator: \.isNewline) where !line.hasPrefix("//") {
            let isException = line.hasPrefix("!")
            let rule = line.drop { $0 == "!" }.prefix { !$0.isWhitespace }.split(separator: ".")
            guard rule.count <= labels.count,
                zip(rule, labels.suffix(rule.count)).allSatisfy({ $0 == "*" || $0 == $1 })
            else { continue }
            if isException { return rule.count - 1 }
            longest = max(longest, rule.count)
        }
        return longest
    }

    /// Guesses the length without the list: names of countries have such second levels, and some
    /// companies let others have names below their own.
    private static func usualLength(of labels: [String]) -> Int {
        guard labels.count > 1, let top = labels.last else { return 1 }
        let second = labels[labels.count - 2]
        let isUsual = top.utf8.count == 2 && secondLevels.contains(second)
        return isUsual || hosters.contains("\(second).\(top)") ? 2 : 1
    }

    private static let secondLevels: Set<String> = [
        "ac", "co", "com", "edu", "gob", "gov", "mil", "ne", "net", "nom", "or", "org",
    ]

    private static let hosters: Set<String> = [
        "azurewebsites.net", "cloudfront.net", "firebaseapp.com", "fly.dev", "github.io",
        "gitlab.io", "herokuapp.com", "netlify.app", "onrender.com", "pages.dev", "run.app",
        "vercel.app", "web.app", "workers.dev",
    ]
}
