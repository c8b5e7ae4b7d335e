import Encoding

extension AbsoluteURL {
    /// Returns the URL with more parameters behind those that its query has.
    package func appending(_ parameters: Form) -> AbsoluteURL {
        guard !parameters.fields.isEmpty else { return self }
        let sign = target.utf8.contains(UInt8(ascii: "?")) ? "&" : "?"
        // An encoded form has only characters that a query may have.
        return AbsoluteURL(
            origin: origin, target: target + sign + parameters.encoded, isASCII: isASCII)
    }
}
