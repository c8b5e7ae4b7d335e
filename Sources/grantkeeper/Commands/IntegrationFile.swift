import Encoding
import FoundationEssentials
import YAML

/// A YAML file that describes an integration.
package struct IntegrationFile {
    /// Its fields, as `POST /grantkeeper/integrations` would get them.
    package private(set) var json: JSONValue

    /// - Throws: ``CommandFailure`` when the file can't be read, or is no YAML with fields.
    package init(path: String) throws {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandFailure("The file \(path) can't be read.")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw CommandFailure("The file \(path) is not UTF-8 text.")
        }
        do throws(YAMLError) {
            json = JSONValue(try YAMLNode(parsing: text))
        } catch {
            throw CommandFailure("\(path):\(error.line): \(error.reason).")
        }
        guard json.members != nil else {
            throw CommandFailure("\(path) has to hold fields, each on its line as name: value.")
        }
    }

    package var slug: String? { json["slug"]?.stringValue }

    /// Adds the client secret.
    ///
    /// - Throws: ``CommandFailure`` when the file has one too.
    package mutating func add(clientSecret: String) throws {
        guard json["clientSecret"] == nil, let members = json.members else {
            throw CommandFailure("The client secret is given twice: in the file and beside it.")
        }
        json = .object(members + [.init(name: "clientSecret", value: .string(clientSecret))])
    }
}
