import Encoding
import HTTPTypes

/// Header field names as CGI spells them (`ACCEPT_LANGUAGE`, RFC 3875 §4.1.18).
enum FieldNames {
    /// Returns the field of that CGI name; `nil` when there is none.
    ///
    /// The usual ones come from a table, so that no text is made and checked for each request.
    static func field(_ name: UnsafeBufferPointer<UInt8>) -> HTTPField.Name? {
        if name.count < table.count {
            for known in table[name.count] where name.equals(known.spelling) { return known.name }
        }
        // Not `init(parsed:)`, which takes ':path' for a name that `HTTPFields` then ends the process
        // over.
        return String(validating: name.lazy.map(lowercased), as: UTF8.self).flatMap {
            HTTPField.Name($0)
        }
    }

    private struct Known {
        let spelling: [UInt8]
        let name: HTTPField.Name
    }

    /// The usual names, by their length.
    private static let table: [[Known]] = {
        let names = [
            "accept", "accept-charset", "accept-encoding", "accept-language", "authorization",
            "cache-control", "connection", "content-encoding", "cookie", "dnt", "expect",
            "forwarded", "from", "host", "idempotency-key", "if-match", "if-modified-since",
            "if-none-match", "if-range", "if-unmodified-since", "on-behalf-of", "origin", "pragma",
            "priority", "range", "referer", "sec-ch-ua", "sec-ch-ua-mobile", "sec-ch-ua-platform",
            "sec-fetch-dest", "sec-fetch-mode", "sec-fetch-site", "sec-fetch-user", "te",
            "transfer-encoding", "upgrade-insecure-requests", "user-agent", "x-forwarded-for",
            "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "x-request-id",
            "x-requested-with",
        ]
        var table: [[Known]] = Array(repeating: [], count: 32)
        for text in names {
            guard let name = HTTPField.Name(text) else { continue }
            let spelling = text.utf8.map(spelled)
            table[spelling.count].append(Known(spelling: spelling, name: name))
        }
        return table
    }()

    /// Converts a byte, as from `ACCEPT_LANGUAGE` to `accept-language`.
    private static func lowercased(_ byte: UInt8) -> UInt8 {
        byte == UInt8(ascii: "_") ? UInt8(ascii: "-") : byte.asciiLowercased
    }

    /// Converts a byte in the other direction.
    private static func spelled(_ byte: UInt8) -> UInt8 {
        byte == UInt8(ascii: "-") ? UInt8(ascii: "_") : byte.asciiUppercased
    }
}
