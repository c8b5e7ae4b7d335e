/// Finds the name that was probably meant by one that doesn't exist.
package enum NearMiss {
    /// Returns a question such as `did you mean idle?`, or `nil` when nothing is near.
    package static func suggestion(for name: String, among known: [String]) -> String? {
        nearest(to: name, among: known).map { "did you mean \($0)?" }
    }

    /// Returns the known name that differs least, if it does not differ too much.
    static func nearest(to name: String, among known: [String]) -> String? {
        let wanted = folded(name)
        let ranked = known.map { (name: $0, distance: distance(wanted, folded($0))) }
        guard let best = ranked.min(by: { $0.distance < $1.distance }),
            best.distance <= max(1, wanted.count / 3)
        else { return nil }
        return best.name
    }

    /// Returns the name without case and separators: `public_base_url` finds `publicBaseUrl`.
    private static func folded(_ name: String) -> [Character] {
        name.lowercased().filter { $0 != "_" && $0 != "-" }.map { $0 }
    }

    /// Counts insertions, deletions, replacements and swapped neighbours between two names.
    private static func distance(_ a: [Character], _ b: [Character]) -> Int {
        var rows = [Array(0...b.count)]
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                var cost = min(
                    rows[i][j] + (a[i] == b[j] ? 0 : 1), rows[i][j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                    cost = min(cost, rows[i - 1][j - 1] + 1)
                }
                row.append(cost)
            }
            rows.append(row)
        }
        return rows[a.count][b.count]
    }
}
