import Testing
import grantkeeper

/// SECURITY 46: what a command is told.
@Suite struct StartingTextsTests {
    private func problem(_ arguments: [[UInt8]], _ environment: [[UInt8]] = []) -> String? {
        do throws(CommandFailure) {
            try StartingTexts.check(arguments: arguments, environment: environment)
            return nil
        } catch {
            return error.description
        }
    }

    @Test func `an argument that is not UTF-8 is refused by its place`() {
        let good = [Array("grantkeeper".utf8), Array("--user".utf8), Array("josé".utf8)]
        #expect(problem(good) == nil)
        #expect(problem(good + [[0x6A, 0x6F, 0x73, 0xE9]])?.hasPrefix("Argument 3 is not") == true)
    }

    @Test func `a variable of ours that is not UTF-8 is refused by its name`() {
        let ours = Array("GRANTKEEPER_DATABASE=/srv/".utf8) + [0xE9]
        #expect(problem([], [ours])?.contains("variable GRANTKEEPER_DATABASE is not UTF-8") == true)
        #expect(problem([], [Array("LANG_X=".utf8) + [0xE9]]) == nil)
        #expect(problem([], [Array("GRANTKEEPER_DATABASE=/srv/é".utf8)]) == nil)
    }

    @Test func `a text is quoted so that bash reads the same`() {
        #expect(ShellText.quoted("jos\u{FFFD} 'x\\'") == #"$'jos\xef\xbf\xbd \'x\\\''"#)
    }
}
