import HTTPTypes
import Headers

/// The fields of an answer that another origin's script may read: all that it has, but those that
/// no script ever may.
enum ExposedFields {
    /// The ones that nginx adds.
    private static let nginx = ["Date", "Grantkeeper-Request-Id"]
    /// The list's longest length, in bytes …
    private static let mostBytes = 4_096
    /// … and all fields together: nginx has 64 KiB for them, and FastCGI's records.
    private static let mostBytesOfHead = 64_000

    /// Returns the value of `Access-Control-Expose-Headers`. Names for which there is no room are
    /// left out.
    static func names(of fields: HeaderFields) -> String {
        var list = nginx.joined(separator: ", ")
        var seen = Set(nginx.map { $0.lowercased() })
        let size = fields.reduce(0) { sum, field in
            sum + field.name.rawName.utf8.count + field.withUnsafeBytesOfValue { $0.count } + 4
        }
        let room = min(mostBytes, mostBytesOfHead - size)
        for field in fields {
            let name = field.name.canonicalName
            guard !isHidden(name), list.utf8.count + name.utf8.count + 2 <= room,
                seen.insert(name).inserted
            else { continue }
            list += ", \(field.name.rawName)"
        }
        return list
    }

    private static func isHidden(_ name: String) -> Bool {
        name.hasPrefix("set-cookie") || name.hasPrefix("access-control-")
    }
}
