import Encoding
import FoundationEssentials
import YAML

/// A YAML file that describes an integration.
package struct IntegrationFile {
    /// Its fields, as `POST /grantkeeper/integrations` would get them.
    package let json: JSONValue

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
}
