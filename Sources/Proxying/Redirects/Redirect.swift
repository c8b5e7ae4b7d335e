import Addressing
import Connections
import Encoding
import HTTPTypes
import Headers
import Integrations

/// The place to which an API's answer redirects a call, and the method there (RFC 9110 §15.4).
package struct Redirect {
    /// The URL, without the credential.
    let url: AbsoluteURL
    let method: HTTPRequest.Method
    /// Whether the call continues without its body, permanently.
    let dropsBody: Bool

    private static let statuses: Set<Int> = [301, 302, 303, 307, 308]

    /// Reads the redirect of an answer.
    ///
    /// - Returns: `nil` when the answer is none that is followed, or leads nowhere: some use 308
    ///   for something else.
    /// - Throws: ``ConnectionsError/redirectNotFollowed(code:detail:attempts:)`` for a place to
    ///   which no call goes.
    init?(in head: ResponseHead, of call: PreparedCall, attempts: Int) throws {
        guard Self.statuses.contains(head.status.code),
            let location = Self.location(in: head.headerFields)
        else { return nil }
        guard let reference = call.target.url.resolve(location),
            let url = AbsoluteURL(Self.withoutCredential(reference, of: call))
        else {
            throw ConnectionsError.redirectNotFollowed(
                code: .redirectRefused,
                detail: "The API redirects to what is not an http or https URL in its plain form.",
                attempts: attempts)
        }
        self.url = url
        let becomesGet = Self.becomesGet(call.method, head.status.code)
        method = becomesGet ? .get : call.method
        dropsBody = becomesGet || call.hasLostBody
    }

    /// Removes the credential from a URL in which an API quotes it.
    private static func withoutCredential(_ url: String, of call: PreparedCall) -> String {
        guard case .query(let name) = call.integration.definition.credentialPlacement else {
            return url
        }
        return QueryParameter(name).removed(from: url)
    }

    /// RFC 9110 §15.4.2 and §15.4.3: 301 and 302 as all browsers understand them. §15.4.4: 303.
    private static func becomesGet(_ method: HTTPRequest.Method, _ status: Int) -> Bool {
        switch status {
        case 301, 302: method == .post
        case 303: method != .get && method != .head
        default: false
        }
    }

    /// Returns the field's value without its fragment; encodes what may not stand in a URL, as
    /// browsers do.
    private static func location(in headers: HeaderFields) -> String? {
        let values = headers[values: .location]
        guard let value = values.first, !value.isEmpty, values.allSatisfy({ $0 == value }) else {
            return nil
        }
        var text = ""
        for byte in value.utf8.prefix(while: { $0 != UInt8(ascii: "#") }) {
            if byte.isASCIIVisible {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                text += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return text.isEmpty ? nil : text
    }
}
