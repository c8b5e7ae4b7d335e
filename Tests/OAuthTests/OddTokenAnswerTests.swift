import Encoding
import OAuth
import Testing

/// Tokens of a success are read whatever stands beside them: the old refresh token is used up.
@Suite struct OddTokenAnswerTests {
    private func tokens(
        _ bytes: [UInt8], type: String? = "application/json",
        shape: TokenResponseShape = TokenResponseShape(),
        notice: @escaping @Sendable (TokenAnswerNotice) -> Void = { _ in }
    ) throws -> TokenResponse {
        try TokenEndpoint(
            url: "https://p.test/token",
            client: Client(id: "i", secret: "s", authentication: .post),
            transport: FakeTransport { _ in FakeExchange(type: type, body: bytes) },
            response: shape, notice: notice
        ).refresh(refreshToken: "RT0")
    }

    private static let both = #""access_token":"AT1","refresh_token":"RT1""#

    static let odd: [String] = [
        // Values that JSON has not
        #"{\#(both),"x":NaN}"#, #"{"x":-Infinity,\#(both)}"#, #"{"x":undefined,\#(both)}"#,
        #"{"x":True,"y":None,\#(both)}"#, #"{"expires_in":03600,\#(both)}"#,
        #"{"x":0x1F,\#(both)}"#, #"{"expires_in":,\#(both)}"#,
        #"{"at":ISODate("2026-01-01T00:00:00Z"),\#(both)}"#, #"{"x":+1,"y":.5,"z":1.,\#(both)}"#,
        // Texts that JSON has not
        #"{"x":"a\x41",\#(both)}"#, #"{"x":"\ud800",\#(both)}"#, #"{"x":"\u12",\#(both)}"#,
        "{\"x\":\"two\nlines\tand a tab\",\(both)}", "{\"x\":\"\u{0}\",\(both)}",
        #"{"x":"The "Foo" App",\#(both)}"#, #"{"x":"a 5" disk",\#(both)}"#,
        #"{'x':'y',\#(both)}"#, #"{x:"y",\#(both)}"#, #"{\#(both),"x":"it's"}"#,
        #"{'access_token':'AT1','refresh_token':'RT1','x':None}"#,
        // Signs too many, and too few
        #"{\#(both),}"#, #"{,\#(both)}"#, #"{\#(both),,"x":[1,2,]}"#, #"{"x":[1 2],\#(both)}"#,
        #"{"access_token":"AT1" "refresh_token":"RT1"}"#, #"{"x"::1,\#(both)}"#,
        // Comments, and what stands around
        #"{\#(both)} // served by node 7"#, #"{\#(both)}\#n/* cached */"#,
        #"/* { */ {\#(both)}"#, #"{/* the token */\#(both)}"#, "{# new\n\(both)}",
        #")]}',\#n{\#(both)}"#, #"while(1);{\#(both)}"#, #"callback({\#(both)});"#,
        #"<br /><b>Warning</b>: foo() in {main} on line 7 {\#(both)}"#, #"{\#(both)}0"#,
        "{\(both)}\u{0}", "{\(both)}{\(both)}", #"[{\#(both)}]"#, "\u{FEFF}{\(both)}",
        "{}{\(both)}", "{ {\(both)}", #"{\#(both)}}"#, "\n\n\r\n{\(both)}", #"{"x":1}{\#(both)}"#,
        // Said twice
        #"{"x":1,"x":2,\#(both)}"#, #"{\#(both),\#(both)}"#, #"{"scope":"a",\#(both),"scope":"b"}"#,
        // Errors that are none
        #"{"error":false,\#(both)}"#, #"{"error":0,\#(both)}"#, #"{"error":{},\#(both)}"#,
        #"{"error":[],\#(both)}"#, #"{"error":null,\#(both)}"#, #"{"error":"none",\#(both)}"#,
        #"{"error":False,\#(both)}"#, #"{"error":{"code":0,"message":"ok"},\#(both)}"#,
        // Deep, and large
        "{\"x\":\(String(repeating: "[", count: 9_000))\(String(repeating: "]", count: 9_000)),"
            + "\(both)}",
        "{\"x\":\(String(repeating: #"{"a":"#, count: 5_000))1"
            + "\(String(repeating: "}", count: 5_000)),\(both)}",
        #"{"x":1e99999,"y":\#(String(repeating: "9", count: 5_000)),\#(both)}"#,
        // A form that is not called one, and JSON in JSON
        "access_token=AT1&refresh_token=RT1&token_type=bearer",
        #""{\"access_token\":\"AT1\",\"refresh_token\":\"RT1\"}""#,
        // Cut off behind both
        #"{\#(both)"#, #"{\#(both),"id_token":"eyJ"#, #"{\#(both),"x":{"y":[1,"#,
    ]

    @Test(arguments: odd)
    func `RELIABILITY 17: tokens are read whatever stands beside them`(body: String) throws {
        for type in ["application/json", "text/html; charset=utf-8", nil] {
            let tokens = try tokens([UInt8](body.utf8), type: type)
            #expect(tokens.accessToken == "AT1")
            #expect(tokens.refreshToken == "RT1")
        }
    }

    private static func around(_ bytes: [UInt8], _ start: String, _ end: String) -> [UInt8] {
        Array(start.utf8) + bytes + Array(end.utf8)
    }

    private static func utf16(_ text: String, isLittleEndian: Bool) -> [UInt8] {
        text.utf16.flatMap { unit -> [UInt8] in
            let bytes = [UInt8(unit >> 8), UInt8(unit & 0xFF)]
            return isLittleEndian ? bytes.reversed() : bytes
        }
    }

    private static func utf32(_ text: String, isLittleEndian: Bool) -> [UInt8] {
        text.unicodeScalars.flatMap { scalar -> [UInt8] in
            let value = scalar.value
            let bytes = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
            return isLittleEndian ? bytes.reversed() : bytes
        }
    }

    static let oddBytes: [[UInt8]] = [
        around([0xE9], #"{"name":"Jos"#, #"",\#(both)}"#),
        around([0xC0, 0xAF, 0xFF], #"{\#(both),"name":""#, #""}"#),
        around([0xFF], "{", "\(both)}"), around([0xE9], #"{"n"#, #"m":"x",\#(both)}"#),
        around([], "access_token=AT1&name=Jos%E9&x=%&", "refresh_token=RT1"),
        utf16("{\(both)}", isLittleEndian: true),
        utf16("\u{FEFF}{\(both),\"x\":\"😀\"}", isLittleEndian: false),
        utf16("\u{FEFF}{\(both)}", isLittleEndian: true),
        utf32("\u{FEFF}{\(both)}", isLittleEndian: true),
        utf32("{\(both),\"x\":\"😀\"}", isLittleEndian: false),
        around([0xD8, 0x00, 0, 0x22, 0, 0x7D], "", "")
            .reduce(into: utf16(#"{\#(both),"x":""#, isLittleEndian: false)) { $0.append($1) },
    ]

    @Test(arguments: oddBytes)
    func `RELIABILITY 17: tokens are read whatever bytes stand beside them`(
        body: [UInt8]
    ) throws {
        let form = "application/x-www-form-urlencoded"
        for type in ["application/json", form] {
            let tokens = try tokens(body, type: type)
            #expect(tokens.accessToken == "AT1")
            #expect(tokens.refreshToken == "RT1")
        }
    }

    @Test func `RELIABILITY 17: no byte within another text costs the tokens`() throws {
        let start = Array(#"{"name":"Jo"#.utf8)
        let end = Array(#"se","access_token":"AT1","z":1,"refresh_token":"RT1"}"#.utf8)
        for byte in UInt8.min...UInt8.max where byte != UInt8(ascii: "\\") {
            let tokens = try tokens(start + [byte] + end)
            #expect(tokens.accessToken == "AT1")
            #expect(tokens.refreshToken == "RT1")
        }
    }

    @Test func `nothing that any one byte becomes makes another token of it`() {
        let answer = Array(
            #"{"a":[1,{"b":"c"}],"access_token":"AT1","n":null,"refresh_token":"RT1","s":"x"}"#.utf8
        )
        let secrets = ["AT1", "RT1"]
        for place in answer.indices {
            for byte in Array(#"{}[]",:'\/#*0 "#.utf8) + [0x00, 0x0A, 0x80, 0xE9, 0xFF] {
                var body = answer
                body[place] = byte
                guard let tokens = try? tokens(body) else { continue }
                let found = [tokens.accessToken, tokens.refreshToken].compactMap(\.self)
                // A byte within a token makes another of it, and no one can tell.
                let isWithin = found.allSatisfy { $0.utf8.count == 3 }
                #expect(isWithin || found.allSatisfy(secrets.contains), "\(place), \(byte)")
            }
            _ = try? tokens(Array(answer[..<place]))
        }
    }

    @Test func `tokens are read where the shape says`() throws {
        var shape = TokenResponseShape()
        shape.container = MemberPath("data.list[0]")
        shape.paths = [.accessToken: MemberPath(member: "tk")]
        let tokens = try tokens(
            Array(
                #"{"tk":"no","data":{"list":[{"tk":"AT1","refresh_token":"RT1"}]},"x":NaN}"#.utf8),
            shape: shape)
        #expect(tokens.accessToken == "AT1")
        #expect(tokens.refreshToken == "RT1")
    }

    static let unreadable: [String] = [
        #"{"access_token":"AT1"#, #"{"access_token":"AT1","expires_in":60"#,
        #"{"access_token":"AT1","refresh_token":"RT"#,
        #"{"access_token":"AT1","refresh_token":"RT1","access_token":"AT2"}"#,
        #"{"access_token":"AT1","refresh_token":"RT1","refresh_token":"RT2","x":NaN}"#,
        #"{"access_token":"A"T1","refresh_token":"RT1"}"#, #"{"x":NaN}"#, "{", "{{{{", "[[[[", "\"",
        #"{"x":{"access_token":"AT1","refresh_token":"RT1"},"y":NaN}"#, "<html>{}</html>", "=",
        "a=",
    ]

    @Test(arguments: unreadable)
    func `tokens that can't be told are none`(body: String) {
        #expect(failure { _ = try tokens([UInt8](body.utf8)) } != nil, "\(body)")
    }

    @Test func `a text that is not UTF-8 is no name (SECURITY 46)`() throws {
        let body =
            Array(#"{"name":"Jos"#.utf8) + [0xE9] + Array(#"","id":7,\#(Self.both)}"#.utf8)
        let tokens = try tokens(body)
        #expect(tokens.members["name"] == nil)
        #expect(tokens.members["id"] == .number("7"))
    }

    @Test func `an answer without end and without sense costs no time`() throws {
        let pieces = [
            "{", "[", "\"", "\\", "{\"a\":", "/*", "//\n", "\" ", "'", "a:1,", "#", "a=b&",
        ]
        for piece in pieces {
            let body = "{" + String(repeating: piece, count: 65_000 / piece.utf8.count)
            let began = ContinuousClock.now
            _ = try? tokens([UInt8](body.utf8))
            #expect(ContinuousClock.now - began < .seconds(2), "\(piece)")
        }
    }

    @Test func `what was odd is told, and nothing of the answer`() throws {
        let notices = Notices()
        _ = try tokens(Array(#"{"x":canary,\#(Self.both)}"#.utf8), notice: notices.note)
        _ = try tokens(Array("{\(Self.both)}".utf8), notice: notices.note)
        _ = try? tokens(Array("<html>canary".utf8), notice: notices.note)
        _ = try? tokens(Array(#"{"error":"invalid_grant"}"#.utf8), notice: notices.note)
        guard notices.all.count == 2, case .odd(let odd) = notices.all[0],
            case .unusable(let lost) = notices.all[1]
        else {
            Issue.record("\(notices.all)")
            return
        }
        #expect(odd.contains("not a JSON value, at byte"))
        #expect(lost == "the provider's answer can't be read (status 200)")
    }
}

private final class Notices: @unchecked Sendable {
    // @unchecked: guarded by nothing, since each test keeps its endpoint on its own thread.
    private(set) var all: [TokenAnswerNotice] = []

    @Sendable func note(_ notice: TokenAnswerNotice) { all.append(notice) }
}
