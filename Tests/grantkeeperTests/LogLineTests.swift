import Logging
import Testing
import grantkeeper

@Suite struct LogLineTests {
    private func record(
        _ message: String, _ metadata: [(key: String, value: String)] = []
    ) -> LogRecord {
        LogRecord(
            time: "2024-02-10T14:30:00.123Z", level: .info, message: message, metadata: metadata)
    }

    @Test func `text is time, level, message and what belongs to it`() {
        #expect(
            TextLogLine.line(record("ready", [("socket", "/run/x"), ("why", "a b"), ("no", "")]))
                == #"2024-02-10T14:30:00.123Z info ready socket=/run/x why="a b" no="""#)
    }

    @Test(arguments: ["\n", "\r", "\u{1B}[2J", "\u{2028}", "\u{85}"])
    func `nothing begins a line of its own or moves a cursor`(nasty: String) {
        for line in [
            TextLogLine.line(record("a\(nasty)b", [("k", "v\(nasty)w")])),
            JSONLogLine.line(record("a\(nasty)b", [("k", "v\(nasty)w")])),
        ] {
            let controls = line.unicodeScalars.filter { $0.value < 0x20 || $0.value == 0x1B }
            #expect(controls.isEmpty)
        }
        #expect(!TextLogLine.line(record("a\(nasty)b")).contains(nasty))
    }

    @Test func `a quote in a value can't end it`() {
        #expect(
            TextLogLine.line(record("m", [("k", #"a" level=error"#)])).hasSuffix(
                #"k="a\" level=error""#))
    }

    @Test func `JSON is one object a line, what belongs to it inside one of its own`() {
        #expect(
            JSONLogLine.line(record("ready", [("socket", "/run/x")]))
                == #"{"time":"2024-02-10T14:30:00.123Z","level":"info","message":"ready","#
                + #""metadata":{"socket":"/run/x"}}"#)
    }
}
