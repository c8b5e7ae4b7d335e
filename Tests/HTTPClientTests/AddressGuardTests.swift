import Addressing
import HTTPClient
import Testing

struct AddressGuardTests {
    @Test(arguments: [
        "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1",
        "127.255.255.254", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8",
        "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.19.255.255", "198.51.100.7",
        "203.0.113.7", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:a00:1",
        "64:ff9b::a9fe:a9fe", "64:ff9b::808:808", "64:ff9b:1::1", "100::1", "2001::1",
        "2001:db8::1", "2002:7f00:1::1", "2002:a9fe:a9fe::", "2002:c0a8:101::", "3fff::1",
        "fc00::1", "fd12:3456::1", "fe80::1", "fec0::1", "ff02::1", "4000::1", "5f00::1",
    ])
    func `SECURITY 29: an address that is not public is refused`(text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(AddressGuard().refusal(of: address) != nil)
    }

    @Test(arguments: [
        "1.1.1.1", "8.8.8.8", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
        "128.0.0.0", "169.253.255.255", "172.15.255.255", "172.32.0.0", "192.0.1.1",
        "198.17.255.255", "198.20.0.0", "223.255.255.255", "::ffff:8.8.8.8",
        "2606:4700:4700::1111", "2a00:1450:4001::1", "2002:808:808::1", "2001:200::1",
    ])
    func `a public address is not refused`(text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(AddressGuard().refusal(of: address) == nil)
    }

    @Test func `an allowed network opens just itself`() throws {
        let judge = AddressGuard(allowing: [
            try IPNetwork("127.0.0.0/8"), try IPNetwork("fd00::/16"),
        ])
        let open = ["127.0.0.1", "::ffff:127.9.9.9", "fd00::5"]
        for text in open { #expect(judge.refusal(of: try #require(IPAddress(text))) == nil) }
        let closed = ["10.0.0.1", "::1", "fd01::5", "::127.0.0.1", "64:ff9b::7f00:1"]
        for text in closed { #expect(judge.refusal(of: try #require(IPAddress(text))) != nil) }
    }

    @Test func `a 6to4 address is judged by the address inside`() throws {
        let judge = AddressGuard(allowing: [try IPNetwork("10.0.0.0/8")])
        #expect(judge.refusal(of: try #require(IPAddress("2002:a00:1::"))) == nil)
        #expect(judge.refusal(of: try #require(IPAddress("2002:7f00:1::"))) == "6to4 of loopback")
    }
}
