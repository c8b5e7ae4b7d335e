import Encoding

/// The content of an answer, in one way of reading it.
struct AnswerReading {
    let members: JSONValue
    /// A fault of the answer; `nil` for one that is as it should be. Never a word of it.
    var oddity: String?
    /// True when the end is missing, and with it perhaps a token.
    var isCutOff = false
}

extension ProviderAnswer {
    /// Reads a success in the strictest way that finds a token: JSON, a form, and at last parts of
    /// them in an answer that is neither. Where no way finds one, returns the strictest reading
    /// that finds anything.
    func reading(by shape: TokenResponseShape) -> AnswerReading? {
        let strict = members.map {
            AnswerReading(members: $0, oddity: flaw?.description, isCutOff: isCutOffByTransfer)
        }
        if let strict, shape.tokens(in: strict.members) != nil { return strict }
        let loose = looseReadings(decisive: shape.decisiveNames)
        return loose.first { shape.tokens(in: $0.members) != nil } ?? strict
            ?? loose.first {
                $0.members["error"]?.stringValue != nil || shape.isFailure($0.members)
            }
    }

    /// True when the transfer broke off, so that more of the body may be missing.
    private var isCutOffByTransfer: Bool {
        switch flaw {
        case nil, .outage(.coded): false
        default: true
        }
    }

    private func looseReadings(decisive names: [String]) -> [AnswerReading] {
        // Bytes in an unknown coding may have texts in them that are none.
        if isOpaque { return [] }
        let text = AnswerText(bytes).bytes
        let oddity = flaw?.description ?? oddity(of: text)
        if let whole = try? JSONValue(parsing: text), let reading = Self.reading(whole, oddity) {
            return [reading]
        }
        var readings: [AnswerReading] = []
        var reader = LooseJSONReader(text, decisive: names)
        while let object = reader.nextObject() {
            readings.append(
                AnswerReading(
                    members: object.members, oddity: oddity,
                    isCutOff: object.isCutOff || flaw != nil))
        }
        if let form = LooseForm.members(text, decisive: names) {
            readings.append(
                AnswerReading(
                    members: form, oddity: isForm ? oddity : "a form that is not called one",
                    isCutOff: flaw != nil))
        }
        return readings
    }

    /// - Returns: `nil` for JSON that is neither an object nor a text with one in it.
    private static func reading(_ whole: JSONValue, _ oddity: String) -> AnswerReading? {
        if whole.members != nil { return AnswerReading(members: whole, oddity: oddity) }
        guard let text = whole.stringValue, let inner = try? JSONValue(parsing: text),
            inner.members != nil
        else { return nil }
        return AnswerReading(members: inner, oddity: "it is JSON in a text of JSON")
    }

    private func oddity(of text: [UInt8]) -> String {
        if text.count != bytes.count { return "it has a byte order mark, or is not UTF-8" }
        if isForm { return "its form is malformed" }
        do throws(JSONError) {
            _ = try JSONValue(parsing: text)
            return "it is no object"
        } catch {
            return "it is not JSON: \(error)"
        }
    }
}
