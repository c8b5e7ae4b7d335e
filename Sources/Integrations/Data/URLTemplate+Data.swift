import Primitives
import Templates

/// URLs of an integration, filled with the data of a connection.
extension URLTemplate {
    /// - Parameter isLeft: Says which placeholders stay as they are.
    /// - Throws: ``InputError/conflict(code:detail:)`` when a value is missing or does not
    ///   fit its place: the integration was changed after the connection was made.
    package func filled(
        with data: ConnectionData, leaving isLeft: (String) -> Bool = { _ in false }
    ) throws -> String {
        do throws(UnfitValue) {
            return try filled(leaving: isLeft) { data[$0] }
        } catch {
            throw InputError.missingData(error.names.joined(separator: "', '"))
        }
    }

    /// Fills the placeholders of a text; a text that is not a template stays as it is.
    package static func fill(
        _ text: String, with data: ConnectionData, leaving isLeft: (String) -> Bool = { _ in false }
    ) throws -> String {
        guard text.utf8.contains(UInt8(ascii: "{")),
            let template = URLTemplate(text, mayHaveQuery: true)
        else { return text }
        return try template.filled(with: data, leaving: isLeft)
    }
}
