import HTTPTypes
import Headers
import Testing
import Web

@Suite struct CookiesTests {
    private func cookies(_ lines: String...) -> Cookies {
        var headers = HeaderFields()
        for line in lines { headers.append(HeaderField(name: .cookie, value: line)) }
        return Cookies(headers)
    }

    @Test func `cookies are read from all fields together (SECURITY 43)`() {
        let cookies = cookies("a=1; b=2", "c=3")
        #expect(cookies["a"] == "1" && cookies["b"] == "2" && cookies["c"] == "3")
        #expect(cookies["d"] == nil)
    }

    @Test func `of several with one name the first counts`() {
        #expect(cookies("a=1; a=2", "a=3")["a"] == "1")
    }

    @Test func `a value may hold '=', be empty or be missing`() {
        let cookies = cookies("a=x==; b=; junk; =y; ;;c=\"q\"")
        #expect(cookies["a"] == "x==")
        #expect(cookies["b"] == "")
        #expect(cookies["junk"] == nil)
        #expect(cookies["c"] == "\"q\"")
    }

    @Test func `names are told apart by case`() {
        #expect(cookies("A=1")["a"] == nil)
    }

    @Test func `a separator is a byte, whatever stands behind it`() {
        #expect(cookies("x=1;\u{301}=2; a=3; y=\u{301}4")["x"] == "1")
        #expect(cookies("y=\u{301}4")["y"] == "\u{301}4")
    }

    @Test func `bytes without sense crash nothing`() {
        for line in [";", "=", "; =;=", "a", String(repeating: ";a=", count: 10_000), "\u{301}"] {
            #expect(cookies(line)["session"] == nil)
        }
    }

    @Test func `a cookie is set for this site only (SECURITY 17)`() {
        #expect(
            SetCookie(name: "__Host-s", value: "v", maxAge: 60, isSecure: true).fieldValue
                == "__Host-s=v; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=60")
        #expect(
            SetCookie(name: "s", value: "v", isSecure: false).fieldValue
                == "s=v; Path=/; HttpOnly; SameSite=Lax")
    }
}
