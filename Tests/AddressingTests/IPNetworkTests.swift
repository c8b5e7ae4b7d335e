import Addressing
import Testing

struct IPNetworkTests {
    @Test(arguments: [
        ("10.0.0.0/8", "10.0.0.0/8"), ("127.0.0.1", "127.0.0.1/32"), ("::1", "::1/128"),
        ("0.0.0.0/0", "0.0.0.0/0"), ("::/0", "::/0"), ("2001:DB8::/32", "2001:db8::/32"),
        ("::ffff:10.0.0.0/104", "10.0.0.0/8"), ("::ffff:10.1.2.3", "10.1.2.3/32"),
    ])
    func `a network is read and written`(text: String, normal: String) throws {
        #expect(try IPNetwork(text).description == normal)
    }

    @Test(arguments: [
        "", "10", "10.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8",
        "10.0.0.0/8/8",
        "::/129", "::ffff:10.0.0.0/8", "localhost", "10.0.0.0/8 ", "010.0.0.1/8", "0x7f000001",
        "10.0.0.1\u{0}x",
    ])
    func `what is no network is refused, and the error shows it`(text: String) {
        let error = #expect(throws: IPNetwork.ParseError.self) { try IPNetwork(text) }
        #expect(error?.description.contains("\"\(text)\"") == true)
    }

    @Test func `bits behind the prefix are refused with a proposal`() {
        let error = #expect(throws: IPNetwork.ParseError.self) { try IPNetwork("10.1.2.3/8") }
        #expect(error?.description.contains("did you mean 10.0.0.0/8?") == true)
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.255.255.255", true), ("10.0.0.0/8", "11.0.0.0", false),
        ("10.0.0.1", "10.0.0.1", true), ("10.0.0.1", "10.0.0.2", false),
        ("0.0.0.0/0", "1.2.3.4", true), ("0.0.0.0/0", "::1", false), ("::/0", "1.2.3.4", false),
        ("fe80::/10", "febf::1", true), ("fe80::/10", "fec0::1", false),
    ])
    func `a network knows its addresses`(network: String, address: String, inside: Bool) throws {
        let network = try IPNetwork(network)
        #expect(network.contains(try #require(IPAddress(address))) == inside)
    }
}
