/// Who is asking: an opaque user id, given by whoever authenticated the request.
package struct Caller: Sendable {
    package let userID: String
    package let isSuperuser: Bool
    /// The session that the request came with, if it did: flows that it begins die with it.
    package let sessionHash: [UInt8]?

    package init(userID: String, isSuperuser: Bool, sessionHash: [UInt8]? = nil) {
        self.userID = userID
        self.isSuperuser = isSuperuser
        self.sessionHash = sessionHash
    }

    /// Whether that id is the caller's, byte for byte: `==` takes texts for equal that Unicode
    /// calls equivalent, and the database does not.
    func isUser(_ id: String) -> Bool {
        userID.utf8.elementsEqual(id.utf8)
    }

    /// The operator at the command line.
    package static let system = Caller(userID: "system", isSuperuser: true)

    /// Whether a text can be a user's id: 1 to 256 bytes without control characters.
    package static func isUserID(_ text: String) -> Bool {
        (1...256).contains(text.utf8.count)
            && text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
    }

    static func checkUserID(_ text: String) throws {
        guard isUserID(text) else {
            throw ConnectionsError.invalid(
                code: "invalid_user",
                detail: "A user id is a text of 1 to 256 bytes without control characters.")
        }
    }
}
