/// The user who asks: an opaque user id, set by the service that authenticated the request.
package struct Caller: Sendable {
    package let userID: String
    package let isSuperuser: Bool
    /// The session that the request came with, if any: flows that it begins end with it.
    package let sessionHash: [UInt8]?
    /// The API key that the request came with, if any.
    package let keyHash: [UInt8]?

    package init(userID: String, isSuperuser: Bool, sessionHash: [UInt8]? = nil) {
        self.init(
            userID: userID, isSuperuser: isSuperuser, sessionHash: sessionHash, keyHash: nil)
    }

    package init(
        userID: String, isSuperuser: Bool, sessionHash: [UInt8]? = nil, keyHash: [UInt8]?
    ) {
        self.userID = userID
        self.isSuperuser = isSuperuser
        self.sessionHash = sessionHash
        self.keyHash = keyHash
    }

    /// Whether that id is the caller's, byte for byte: `==` also holds for texts that Unicode calls
    /// equivalent, and the database's comparison does not.
    package func isUser(_ id: String) -> Bool {
        userID.utf8.elementsEqual(id.utf8)
    }

    /// The operator at the command line.
    package static let system = Caller(userID: "system", isSuperuser: true)
}
