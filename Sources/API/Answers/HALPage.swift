import Encoding
import HTTPTypes
import Web

/// The requested part of a list.
struct ListRange {
    let start: Int
    let limit: Int
    private static let limits = 1...200

    /// - Throws: 400 for anything but a start from 0 and a limit of 1 to 200.
    init(_ query: Form) throws {
        guard let start = Self.number("start", query, default: 0), start >= 0,
            let limit = Self.number("limit", query, default: 100), Self.limits.contains(limit)
        else {
            throw Problem(
                .badRequest, .invalidRange,
                "'start' is a number from 0 on, 'limit' one from 1 to 200; each at most once.")
        }
        self.start = start
        self.limit = limit
    }

    private static func number(_ name: String, _ query: Form, default: Int) -> Int? {
        let values = query.all(name)
        guard let text = values.first else { return `default` }
        guard values.count == 1, text.utf8.count <= 9,
            text.utf8.allSatisfy(\.isASCIIDigit)
        else { return nil }
        return Int(text)
    }
}

/// A page of a list in HAL, as the contract has it.
struct HALPage {
    let path: String
    let relation: String
    let items: [JSONValue]
    let range: ListRange
    let total: Int

    func response(for request: Request) -> Response {
        let wantsHAL = AcceptField(request.headers).prefers(
            "application/hal+json", over: "application/json")
        return .json(
            json, contentType: wantsHAL ? "application/hal+json" : "application/json")
    }

    private var json: JSONValue {
        [
            "_links": .object(links),
            "_embedded": .object([(relation, .array(items))]),
            "start": .integer(range.start),
            "count": .integer(items.count),
            "total": .integer(total),
        ]
    }

    private var links: [(String, JSONValue)] {
        var links = [("self", link(isFirst ? path : at(range.start)))]
        if range.start + items.count < total, !items.isEmpty {
            links.append(("next", link(at(range.start + range.limit))))
        }
        if range.start > 0, total > 0 {
            // A page past the end, too, links back to the last items.
            links.append(("prev", link(at(max(0, min(range.start, total) - range.limit)))))
        }
        return links
    }

    private var isFirst: Bool { range.start == 0 && range.limit == 100 }

    private func at(_ start: Int) -> String { "\(path)?start=\(start)&limit=\(range.limit)" }

    private func link(_ href: String) -> JSONValue { ["href": .string(href)] }
}
