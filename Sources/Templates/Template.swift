import Encoding

/// A text with placeholders in braces, such as `Client {clientSecret}`.
package struct Template: Sendable {
    package enum Part: Sendable {
        case text(Substring)
        case name(Substring)
    }

    package let parts: [Part]

    /// Reads a template. A brace that begins or ends no placeholder is a brace.
    package init(_ text: String) {
        var parts: [Part] = []
        var rest = text[...]
        while let open = rest.firstIndex(of: "{") {
            let inside = rest[rest.index(after: open)...]
            let name = inside.prefix { $0.isASCIILetterOrDigit || "._".contains($0) }
            guard !name.isEmpty, name.endIndex < rest.endIndex, rest[name.endIndex] == "}" else {
                parts.append(.text(rest[...open]))
                rest = inside
                continue
            }
            parts += [.text(rest[..<open]), .name(name)]
            rest = rest[rest.index(after: name.endIndex)...]
        }
        self.parts = parts + [.text(rest)]
    }

    /// The placeholders' names.
    package var names: [String] {
        parts.compactMap { if case .name(let name) = $0 { String(name) } else { nil } }
    }

    /// Returns the text with values in place of the placeholders.
    ///
    /// - Parameter value: Returns the value of a name; `nil` leaves the placeholder as it is.
    package func filled<Failure: Error>(
        _ value: (String) throws(Failure) -> String?
    ) throws(Failure) -> String {
        var text = ""
        for part in parts {
            switch part {
            case .text(let piece): text += piece
            case .name(let name): text += try value(String(name)) ?? "{\(name)}"
            }
        }
        return text
    }
}
