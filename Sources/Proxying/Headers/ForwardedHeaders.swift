import HTTPTypes
import Headers
import Integrations
import Primitives

/// The fields of a caller's header that are sent with a proxied call, and those that are not.
package struct ForwardedHeaders {
    private(set) var fields = HeaderFields()
    /// Whether one of them names another resource than the call's (``SecondResource``).
    private(set) var namesResource = false
    /// The caller's wish about redirects, in `Grantkeeper-Follow-Redirects`.
    private(set) var followsRedirects: Bool?
    private var dropped: [String] = []
    /// The fields that the integration lets callers forward beside the usual ones.
    private let listed: [String]
    private let reserved: ReservedFields

    /// The most fields, more than any caller sends.
    private static let mostFields = 500

    /// Reads the path form: an allow-list, so that a host's own tokens are not sent, and the fields
    /// that the caller forwards by name.
    ///
    /// - Throws: ``InputError/invalid(code:detail:)``, which names a field that is not allowed.
    init(ofPathForm headers: HeaderFields, _ integration: Integration) throws {
        self.init(integration)
        var wanted: [HeaderField] = []
        var connectionOptions: String?
        for field in headers {
            if isAllowed(field) {
                if reserved.contains(field) { drop(field.canonicalName) } else { append(field) }
            } else if let field = try self.wanted(field) {
                wanted.append(field)
            } else if field.isNamed(Self.followRedirects) {
                followsRedirects = try Self.flag(field, isRepeated: followsRedirects != nil)
            } else if field.isNamed(.connection) {
                connectionOptions = field.value
            } else if !UnaskedFields.contains(field) {
                drop(field.canonicalName)
            }
        }
        remove(optionsOf: connectionOptions)
        for field in wanted { fields[field.name] = nil }
        for field in wanted { append(field) }
    }

    /// Reads the JSON form: all fields except the forbidden ones.
    ///
    /// - Throws: ``InputError/invalid(code:detail:)``, which names the field.
    init(
        ofJSONForm written: [(name: String, value: String)], _ integration: Integration
    ) throws {
        self.init(integration)
        guard written.count <= Self.mostFields else {
            throw InputError.invalid(
                code: .invalidHeader, detail: "There are more than \(Self.mostFields) headers.")
        }
        for (name, value) in written {
            guard let fieldName = HTTPField.Name(name), HTTPField.isValidValue(value) else {
                throw InputError.invalid(
                    code: .invalidHeader,
                    detail: "A header's name must be a token, and its value one line of text.")
            }
            guard !ForbiddenHeaders.contains(fieldName), !reserved.contains(fieldName) else {
                throw Self.forbidden(fieldName.rawName)
            }
            append(HeaderField(name: fieldName, value: value))
        }
    }

    private init(_ integration: Integration) {
        listed = integration.definition.forwardHeaders
        reserved = integration.reservedFields
    }

    /// Adds the integration's own fields. Where it lets callers forward one of them, too, its value
    /// is the default, and a caller's replaces it.
    mutating func set(fixed: HeaderFields) {
        for field in fixed {
            if fields.contains(field.name) {
                if isListed(field.name) { continue }
                drop(field.canonicalName)
                fields[field.name] = nil
            }
            fields.append(field)
        }
    }

    /// The names of the fields that a caller may have meant for the API and that are not sent, as
    /// one field's value; `nil` when there are none.
    var droppedNames: String? {
        guard !dropped.isEmpty else { return nil }
        var text = ""
        for name in dropped {
            guard text.utf8.count + name.utf8.count <= Self.longestList else { return text + "..." }
            text += name + ", "
        }
        return String(text.dropLast(2))
    }

    private static let longestList = 1000
    private static let mostNames = 50

    private func isAllowed(_ field: HeaderField) -> Bool {
        UsualFields.contains(field)
            || !listed.isEmpty && isListed(field.name) && !ForbiddenHeaders.contains(field)
    }

    private func isListed(_ name: HTTPField.Name) -> Bool {
        let name = name.canonicalName
        return listed.contains { $0.utf8.count == name.utf8.count && $0.lowercased() == name }
    }

    private static let wantedBeginning: StaticString = "grantkeeper-forward-"
    private static let followRedirects = HTTPField.Name.known("Grantkeeper-Follow-Redirects")

    /// Returns the field that a caller wants forwarded, when it is written as
    /// `Grantkeeper-Forward-NAME`.
    ///
    /// - Throws: ``InputError/invalid(code:detail:)``.
    private func wanted(_ field: HeaderField) throws -> HeaderField? {
        guard field.nameBegins(with: Self.wantedBeginning) else { return nil }
        let rest = field.canonicalName.dropFirst(Self.wantedBeginning.utf8CodeUnitCount)
        guard let name = HTTPField.Name(String(rest)) else {
            throw InputError.invalid(
                code: .invalidHeader,
                detail: "The name of a field to forward must follow 'Grantkeeper-Forward-'.")
        }
        guard !ForbiddenHeaders.contains(name), !reserved.contains(name),
            !reserved.isFixed(name) || isListed(name)
        else { throw Self.forbidden(name.rawName) }
        return field.renamed(name)
    }

    /// RFC 9110 §7.6.1: the fields that `Connection` names are for the next hop only.
    private mutating func remove(optionsOf connection: String?) {
        guard let connection, connection != "keep-alive", connection != "close" else { return }
        for option in connection.split(whereSeparator: { ", \t".contains($0) }) {
            guard let name = HTTPField.Name(String(option)), fields.contains(name) else { continue }
            fields[name] = nil
            drop(name.canonicalName)
        }
    }

    private mutating func append(_ field: HeaderField) {
        if SecondResource.names.contains(field) { namesResource = true }
        fields.append(field)
    }

    private mutating func drop(_ name: String) {
        guard dropped.count < Self.mostNames, !dropped.contains(name) else { return }
        dropped.append(dropped.count == Self.mostNames - 1 ? "..." : name)
    }

    private static func flag(_ field: HeaderField, isRepeated: Bool) throws -> Bool {
        guard !isRepeated, ["true", "false"].contains(field.value) else {
            throw InputError.invalid(
                code: .invalidHeader,
                detail: "'Grantkeeper-Follow-Redirects' must be 'true' or 'false', once.")
        }
        return field.value == "true"
    }

    private static func forbidden(_ name: String) -> InputError {
        .invalid(code: .forbiddenHeader, detail: "'\(name)' cannot be set by the caller.")
    }
}
