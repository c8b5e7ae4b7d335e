import HTTPTypes
import Testing
import Web

struct AcceptFieldTests {
    private func prefers(_ accept: String?, _ type: String = "a/b", _ other: String = "c/d") -> Bool
    {
        AcceptField(accept.map { [.accept: $0] } ?? [:]).prefers(type, over: other)
    }

    @Test(arguments: [
        "a/b", "a/b, c/d", "c/d, a/b", "a/b;q=0.5, c/d;q=0.4", "a/*", "a/b;level=1;q=0.2",
        "c/d;q=0, */*", "A/B", "x/y;z=\",a/b;q=0\", a/b", "a/b ; q = 0.5, a/b;q=1",
        "a/b;q=0.001", "*/*;q=0.9, a/b;q=0.8, c/d;q=0.7",
    ])
    func `a type is preferred by its name, or by its weight`(accept: String) {
        #expect(prefers(accept))
    }

    @Test(arguments: [
        nil, "", "*/*", "c/d", "a/b;q=0", "a/b;q=0.0, */*", "a/b;q=0.5, c/d", "a/b;q=2", "a/b;q=-1",
        "a/b;q=", "a/b;q=x", "a/bc", "ab", ";", ",", "\"a/b", "a/*;q=0.1, c/*", "a/b;q=1e0",
        "a/*, a/b;q=0", "a\u{301}/b",
    ])
    func `and not by one that is refused, malformed, less than the other's, or not there`(
        accept: String?
    ) {
        #expect(!prefers(accept))
    }

    @Test func `by name it is not what only covers it`() {
        let accept = AcceptField([.accept: "a/*, */*;q=0.1"])
        #expect(!accept.names("a/b", over: "c/d"))
        #expect(accept.prefers("a/b", over: "c/d"))
    }
}
