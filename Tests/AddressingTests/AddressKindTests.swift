import Addressing
import Testing

@Suite struct AddressKindTests {
    @Test(arguments: [
        ("127.0.0.1", AddressKind.Category.loopback, "127.0.0.0/8"), ("127.255.255.255", .loopback, "127.0.0.0/8"),
        ("10.0.0.0", .privateUse, "10.0.0.0/8"), ("10.255.255.255", .privateUse, "10.0.0.0/8"),
        ("11.0.0.0", .public, ""),
        ("9.255.255.255", .public, ""), ("172.15.255.255", .public, ""), ("172.16.0.0", .privateUse, "172.16.0.0/12"),
        ("172.31.255.255", .privateUse, "172.16.0.0/12"), ("172.32.0.0", .public, ""), ("192.167.255.255", .public, ""),
        ("192.168.1.1", .privateUse, "192.168.0.0/16"), ("100.63.255.255", .public, ""),
        ("100.64.0.0", .carrierGradeNAT, "100.64.0.0/10"),
        ("100.127.255.255", .carrierGradeNAT, "100.64.0.0/10"), ("100.128.0.0", .public, ""),
        ("169.254.1.1", .linkLocal, "169.254.0.0/16"),
        ("0.0.0.0", .unspecified, "0.0.0.0/32"), ("0.1.2.3", .reserved, "0.0.0.0/8"),
        ("192.0.2.7", .documentation, "192.0.2.0/24"),
        ("198.19.255.255", .benchmarking, "198.18.0.0/15"), ("198.20.0.0", .public, ""),
        ("223.255.255.255", .public, ""),
        ("224.0.0.1", .multicast, "224.0.0.0/4"), ("239.255.255.255", .multicast, "224.0.0.0/4"),
        ("240.0.0.0", .reserved, "240.0.0.0/4"),
        ("255.255.255.255", .broadcast, "255.255.255.255/32"), ("255.255.255.254", .reserved, "240.0.0.0/4"),
        ("::", .unspecified, "::/128"), ("::1", .loopback, "::1/128"), ("::2", .reserved, "outside 2000::/3"),
        ("fe80::1", .linkLocal, "fe80::/10"), ("febf:ffff::", .linkLocal, "fe80::/10"),
        ("fec0::1", .reserved, "fec0::/10"),
        ("fc00::", .uniqueLocal, "fc00::/7"), ("fdff:ffff::1", .uniqueLocal, "fc00::/7"),
        ("fe00::1", .reserved, "outside 2000::/3"),
        ("ff02::fb", .multicast, "ff00::/8"), ("2001:db8::1", .documentation, "2001:db8::/32"),
        ("2001:db9::1", .public, ""),
        ("3fff:fff::1", .documentation, "3fff::/20"), ("3fff:1000::1", .public, ""),
        ("2002:c000:204::", .transition, "2002::/16"),
        ("2001:0:1::", .transition, "2001::/32"), ("64:ff9b::192.0.2.33", .transition, "64:ff9b::/96"),
        ("64:ff9b:0:0:0:1::", .reserved, "outside 2000::/3"),
        ("2a00:1450::1", .public, ""), ("4000::1", .reserved, "outside 2000::/3"),
        ("::ffff:10.1.1.1", .privateUse, "10.0.0.0/8"), ("::ffff:8.8.8.8", .public, ""),
    ])
    func edgesOfTheBlocks(text: String, category: AddressKind.Category, block: String) throws {
        let kind = try #require(IPAddress(text)).kind
        #expect(kind.category == category)
        #expect(kind.block == block)
    }

    @Test func reach() throws {
        #expect(IPAddress("127.0.0.1")?.kind.reach == .machine)
        #expect(IPAddress("fe80::1")?.kind.reach == .link)
        #expect(IPAddress("192.168.0.1")?.kind.reach == .network)
        #expect(IPAddress("1.1.1.1")?.kind.reach == .everywhere)
        #expect(IPAddress("0.0.0.0")?.kind.reach == nil)
        #expect(
            AddressKind.Reach.machine < .link && AddressKind.Reach.link < .network
                && AddressKind.Reach.network < .everywhere)
    }
}
