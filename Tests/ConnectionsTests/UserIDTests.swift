import Connections
import Primitives
import Storage
import TestSupport
import Testing

/// SECURITY 46: who somebody is.
struct UserIDTests {
    @Test(arguments: [
        "alice", "a", "Alice B. Carroll", "alice@example.com", "josé", "jose\u{301}", "山田", "דוד",
        "cn=alice,ou=people,dc=example,dc=com", "a'b\"c<d>", "#1", "🙂", "a  b",
        String(repeating: "a", count: 256),
    ])
    func `any text that can be seen is a user's id`(text: String) {
        #expect(UserID.isValid(text))
    }

    @Test(arguments: [
        "", String(repeating: "a", count: 257), String(repeating: "é", count: 129),
        " ", " alice", "alice ", "alice, bob", "alice ,bob", "a\tb", "a\nb", "a\0b", "a\u{7F}",
        "a\u{85}b", "a\u{A0}b", "alice\u{2003}", "\u{3000}alice", "a\u{2028}b", "a\u{2029}b",
        "a\u{AD}b", "a\u{200B}b", "a\u{200D}b", "a\u{200E}", "\u{202E}ecila", "a\u{2066}b",
        "\u{61C}a", "\u{FEFF}a", "a\u{2060}", "a\u{FE0F}", "a\u{34F}", "a\u{115F}", "\u{3164}",
        "a\u{FFA0}", "a\u{180E}", "a\u{E0041}", "a\u{E0100}", "a\u{2800}", "a\u{FFFC}",
        "jos\u{FFFD}",
        "a\u{FFFE}", "a\u{378}", "a\u{E000}", "a\u{1D173}",
    ])
    func `SECURITY 46: a text that hides something is no user's id`(text: String) throws {
        #expect(!UserID.isValid(text))
        let house = try TestKeeper()
        #expect(throws: InputError.self) {
            try house.keeper.sessions.create(userID: text, isSuperuser: false)
        }
        #expect(throws: InputError.self) {
            try house.keeper.apiKeys.create(userID: text, isSuperuser: false, name: "")
        }
        for field in ["allowedUsers", "sharedManagers"] {
            let problem = house.problem {
                try house.addDrive([(field, .array(["alice", .string(text)]))])
            }
            #expect(problem?.contains("'\(field)' has an invalid user id in place 2") == true)
        }
    }

    @Test func `ids from before they were refused are found, and end with what they have`() throws {
        let house = try TestKeeper()
        let keeper = house.keeper
        let (session, _) = try keeper.sessions.create(userID: "old", isSuperuser: false)
        _ = try keeper.apiKeys.create(userID: "old", isSuperuser: false, name: "")
        _ = try keeper.apiKeys.create(userID: "new", isSuperuser: false, name: "")
        #expect(try keeper.refusedUserIDs.all() == [])
        try house.database().write { transaction in
            for table in ["session", "apiKey"] {
                try transaction.execute(
                    "UPDATE \(table) SET userId = :id WHERE userId = 'old'",
                    ["id": .text("jos\u{FFFD}")])
            }
        }
        #expect(try keeper.refusedUserIDs.all() == ["jos\u{FFFD}"])
        #expect(try keeper.sessions.endAll(ofUser: "jos\u{FFFD}") == 1)
        #expect(try keeper.apiKeys.revokeAll(ofUser: "jos\u{FFFD}") == 1)
        #expect(try keeper.refusedUserIDs.all() == [])
        #expect(try keeper.sessions.find(session) == nil)
    }
}
