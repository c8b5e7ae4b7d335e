import Testing
import grantkeeper

@Suite struct TextTableTests {
    @Test func `columns are as wide as their widest cell, and no line ends in spaces`() {
        let table = TextTable([
            ["ID", "USER", "NAME"], ["key-1", "al", ""], ["k", "barbara", "x"],
        ])
        #expect(
            table.lines == [
                "ID     USER     NAME",
                "key-1  al",
                "k      barbara  x",
            ])
    }

    @Test func `a table without rows has no lines`() {
        #expect(TextTable([]).lines.isEmpty)
    }
}
