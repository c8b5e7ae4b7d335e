import HTTPTypes
import Headers

extension HeaderFields {
    /// The fields of an answer that say when to ask again: `Retry-After` (RFC 9110 §10.2.3), those
    /// of rate limits, and the date that they count from. Empty when there is none.
    package var pacing: HeaderFields {
        let fields = filter { field in
            let name = field.name.canonicalName
            return name.hasPrefix("retry-after") || name.contains("ratelimit")
                || name.contains("rate-limit")
        }
        guard !fields.isEmpty else { return [:] }
        var pacing = HeaderFields(fields)
        pacing[.date] = self[.date]
        return pacing
    }
}
