import Headers
import Integrations

/// The fields that the path form forwards for any API: they describe the request and its body, and
/// not its sender, so that no token of the host's own is among them.
package enum UsualFields {
    static func contains(_ field: HeaderField) -> Bool {
        most.contains(field) || all.contains(field) && !ForbiddenHeaders.contains(field)
    }

    /// The fields that most calls have, none of which is forbidden.
    private static let most = FieldNameSet(names: [
        "accept", "accept-encoding", "accept-language", "content-type",
    ])

    private static let all = FieldNameSet(
        names: selection.union(representation).union(webDAV).union(others),
        beginnings: [
            // Negotiation and conditions (RFC 9110 §12.5, §13.1), and those that other
            // specifications add to them.
            "accept-", "if-", "want-",
            // The body, or the part of it that is sent: a server must not take a part for the whole
            // (RFC 9110 §14.5), nor ignore a field of this kind that it does not know.
            "content-",
            // Resumable uploads: the IETF's, tus, and Google's.
            "upload-", "tus-", "x-upload-content-", "x-goog-upload-",
            "odata-",
        ])

    /// Browsers resume an event stream from `Last-Event-ID`.
    private static let selection: Set<String> = [
        "cache-control", "last-event-id", "prefer", "range",
    ]
    /// Digests (RFC 9530), and those of the RFCs before it.
    private static let representation: Set<String> = [
        "digest", "link", "repr-digest", "slug", "unencoded-digest",
    ]
    /// RFC 4918 §10, RFC 3253 §8, RFC 3648 §6, RFC 4437 §9, RFC 6638 §8, RFC 7809 §7.
    private static let webDAV: Set<String> = [
        "apply-to-redirect-ref", "caldav-timezones", "depth", "destination", "if", "label",
        "lock-token", "ordering-type", "overwrite", "position", "schedule-reply", "timeout",
    ]
    private static let others: Set<String> = [
        "idempotency-key", "soapaction", "x-idempotency-key",
    ]
}
