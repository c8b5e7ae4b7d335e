import HTTPTypes
import Headers

/// The reason for which a body could not be decoded. The texts are ours, never the answer's.
package enum ContentCodingError: Error, Equatable {
    /// There is no way here to undo it; named where it is a known one.
    case unknown(String)
    /// It was cut short, or is damaged.
    case broken(String)
}

/// A content coding that can be undone (RFC 9110 §8.4.1).
enum ContentCoding: String {
    case gzip
    case deflate

    /// The most that are undone of one body.
    static let most = 4

    /// Returns the codings of a body, in the order in which they are to be undone.
    ///
    /// - Throws: ``ContentCodingError/unknown(_:)``.
    static func toUndo(_ headers: HeaderFields) throws(ContentCodingError) -> [ContentCoding] {
        let names = (headers[.contentEncoding] ?? "").lowercased().split(separator: ",")
            .map { $0.filter { $0 != " " && $0 != "\t" } }
            .filter { !$0.isEmpty && $0 != "identity" }
        guard names.count <= most else { throw .unknown("too many at once") }
        var codings: [ContentCoding] = []
        for name in names.reversed() {
            // RFC 9110 §8.4.1.3: a recipient takes "x-gzip" for "gzip".
            guard let coding = ContentCoding(rawValue: name == "x-gzip" ? "gzip" : name) else {
                throw .unknown(known.contains(name) ? name : "one that is not known")
            }
            codings.append(coding)
        }
        return codings
    }

    private static let known: Set<String> = ["br", "zstd", "compress", "x-compress", "dcb", "dcz"]

    /// Undoes it.
    ///
    /// - Returns: The bytes as they are where they do not have this coding: something on the way
    ///   has undone it, and left its name.
    func undo(
        _ bytes: [UInt8], upTo limit: Int
    ) -> (bytes: [UInt8], ending: Inflation.Ending) {
        switch self {
        case .gzip:
            guard bytes.starts(with: Inflation.gzipMark) else { return (bytes, .whole) }
            return Inflation.inflate(bytes, .gzip, upTo: limit)
        case .deflate:
            let wrapped = Inflation.inflate(bytes, .zlib, upTo: limit)
            guard wrapped.bytes.isEmpty, wrapped.ending == .broken else { return wrapped }
            let bare = Inflation.inflate(bytes, .none, upTo: limit)
            return bare.ending == .broken ? (bytes, .broken) : bare
        }
    }
}
