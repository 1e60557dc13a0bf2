import Addressing
import Testing

@testable import Probe

/// What users write: ports and targets, right, wrong and hostile.
struct ScanTextTests {
    @Test(arguments: [
        ("22", "22"), ("22,80,1-5", "1-5,22,80"), ("-", "1-65535"), ("-3", "1-3"), ("65533-", "65533-65535"),
        ("0", "0"), ("80,80,79-81", "79-81"),
        ("ssh,http", "22,80"), ("T:443", "443"), ("SSH", "22"), ("ms-wbt-server", "3389"), ("ss?", "22,266,3249"),
        ("sshel*", "614"), ("telnet?", "992"), (" 22, 80 ", "22,80"),
        ("0-65535", "0-65535"),
    ])
    func portsAreRead(text: String, expected: String) throws {
        #expect(try PortList(text).description == expected)
    }

    @Test(arguments: [
        "", ",", "22,", "65536", "-1-2", "80-22", "1-2-3", "U:53", "nosuchservice", "1..5", "２２", "22;80",
        "99999999999999999999", "--", "+5", "\u{0}", "*x*y*z*",
    ])
    func wrongPortsAreRefused(text: String) {
        #expect(throws: ScanTextError.self) { try PortList(text) }
    }

    private func block(_ text: String) throws -> TargetBlock {
        guard case .block(let block) = try TargetText(text) else { throw ScanTextError("no block") }
        return block
    }

    @Test(arguments: [
        ("127.0.0.1", 1, "127.0.0.1", "127.0.0.1"), ("10.0.0.7/24", 256, "10.0.0.0", "10.0.0.255"),
        ("10.0.0.7/32", 1, "10.0.0.7", "10.0.0.7"),
        ("10.0.0-3.1-20", 80, "10.0.0.1", "10.0.3.20"), ("10.0.0.1,9,200-201", 4, "10.0.0.1", "10.0.0.201"),
        ("10.*.0.1", 256, "10.0.0.1", "10.255.0.1"),
        ("10.0.0.250-", 6, "10.0.0.250", "10.0.0.255"), ("10.0.0.-2", 3, "10.0.0.0", "10.0.0.2"),
        ("10.0.0.250-10.0.1.5", 12, "10.0.0.250", "10.0.1.5"),
        ("0.0.0.0/0", 4_294_967_296, "0.0.0.0", "255.255.255.255"), ("::1", 1, "::1", "::1"),
        ("[::1]", 1, "::1", "::1"), ("fd00::/120", 256, "fd00::", "fd00::ff"),
        ("2001:db8::ffff:0/96", 4_294_967_296, "2001:db8::", "2001:db8::ffff:ffff"),
    ])
    func targetsAreRead(text: String, count: UInt64, first: String, last: String) throws {
        let block = try block(text)
        #expect(block.count == count)
        #expect(block.ends.first.description == first)
        #expect(block.ends.last.description == last)
    }

    @Test func octetsAreListedInOrderAndOnce() throws {
        let block = try block("10.0.0-1.1,3")
        #expect(
            (0..<block.count).map { block[$0].address.description } == ["10.0.0.1", "10.0.0.3", "10.0.1.1", "10.0.1.3"])
        #expect(block[0].isFromBlock)
        #expect(try !self.block("10.0.0.1").ends.first.isLoopback && !self.block("10.0.0.1")[0].isFromBlock)
    }

    @Test func namesAndZonesAreLeftToTheResolver() throws {
        #expect(try TargetText("localhost") == .name("localhost", prefix: nil))
        #expect(try TargetText("my-host.example/24") == .name("my-host.example", prefix: 24))
        #expect(try TargetText("fe80::1%eth0") == .zoned(try #require(IPv6Address("fe80::1")), zone: "eth0"))
        #expect(try TargetText("münchen.example") == .name("münchen.example", prefix: nil))
    }

    @Test(arguments: [
        "", " ", "/", "/24", "10.0.0.1/", "10.0.0.1/33", "10.0.0.1/-1", "10.0.0.1/1e1", "10.0.0.1/24/8", "256.0.0.1",
        "10.0.0", "10.0.0.1.2", "10.0.0.5-1",
        "10.0.0.300-", "10.0.0.1-2/24", "10.0.0.9-10.0.0.1", "1-2-3.0.0.1", "10..0.1", "2001:db8::/64", "::/0",
        "::1/129", "fe80::1%", "1:2:3", ":::", "a b", "-x",
        "host\u{1B}[31m", "host\n", "../etc/passwd", "name/999", "host;rm", "%eth0", "[::1", "fe80::1%2/128",
        "99999999999.1.1.1", ",", "*", "....",
    ])
    func wrongTargetsAreRefused(text: String) {
        #expect(throws: ScanTextError.self) { try TargetText(text) }
    }

    @Test func anyBytesAreReadOrRefusedWithoutTrap() {
        let seed = UInt64.random(in: 0...UInt64(UInt32.max))
        var generator = SplitMix64(seed: seed)
        let alphabet = Array("0123456789.,-*/:%[]abfxT U\u{7f}é")
        for _ in 0..<3_000 {
            let text = String(
                (0..<Int.random(in: 0...24, using: &generator)).map { _ in
                    alphabet.randomElement(using: &generator) ?? "0"
                })
            if let list = try? PortList(text) {
                #expect(list.ports.count <= 65536 && !list.ports.isEmpty, "seed \(seed): \(text)")
            }
            if case .block(let block)? = try? TargetText(text) {
                #expect(block.count > 0 && block.count <= 1 << 32, "seed \(seed): \(text)")
                _ = (block.ends, block.isPublicBlock)
            }
        }
    }

    @Test(arguments: [
        ("10.0.0.0/8", false), ("10.0.0.0/7", true), ("192.168.0.0/16", false), ("192.168.1.0/24", false),
        ("8.8.8.8", false), ("8.8.8.0/24", true),
        ("127.0.0.0/8", false), ("172.16-31.0.1", false), ("172.16-32.0.1", true), ("10,192.168.0.1", true),
        ("0.0.0.0/0", true), ("192.168.255.250-192.169.0.3", true),
        ("2606:4700::/120", true), ("fd00::/120", false), ("9-11.0.0.1", true), ("169.254.0.0/16", false),
    ])
    func publicBlocksAreKnown(text: String, isPublic: Bool) throws {
        #expect(try block(text).isPublicBlock == isPublic)
    }

    @Test func aPlanCountsWithoutOverflow() throws {
        let everything = try block("0.0.0.0/0")
        let plan = ScanPlan([TargetBlock](repeating: everything, count: 8), try PortList("-"))
        #expect(plan.hostCount == 8 << 32)
        #expect(plan.probeCount == (8 << 32) * 65535)
        #expect(
            ScanPlan([TargetBlock](repeating: .range6(start: .any, count: .max, scope: 0), count: 3), try PortList("-"))
                .probeCount == .max)
    }

    @Test func portsAreAskedOnceEachCommonOnesFirst() throws {
        let plan = ScanPlan([], try PortList("1-1000,8080"))
        #expect(Set(plan.order).count == 1001 && plan.order.count == 1001)
        #expect(plan.order.prefix(3).map { plan.ports[Int($0)].rawValue } == [80, 443, 22])
    }

    @Test func namesOfPorts() {
        #expect(PortNames.name(of: 22) == "ssh")
        #expect(PortNames.name(of: 514) == "shell" && PortNames.name(of: 514, .udp) == "syslog")
        #expect(PortNames.name(of: 4) == nil)
        #expect(PortNames.ports(named: "https") == [443])
        #expect(PortNames.ports(named: "nosuch").isEmpty)
        #expect(PortNames.mostCommon(65535).count == 65535)
        #expect(Set(PortNames.mostCommon(1000)).count == 1000)
        #expect(PortNames.mostCommon(3) == [80, 443, 22])
    }

    @Test func theEstimatorFollowsRFC6298() {
        var estimator = RoundTripEstimator()
        let bounds: ClosedRange<Int64> = 0...1_000_000
        #expect(estimator.timeout(initial: 1000, within: bounds) == 1000)
        estimator.add(800)
        #expect(estimator.smoothed == 800 && estimator.variation == 400)
        #expect(estimator.timeout(initial: 1000, within: bounds) == 2400)
        estimator.add(1600)
        // RTTVAR = 3/4 * 400 + 1/4 * 800, SRTT = 7/8 * 800 + 1/8 * 1600
        #expect(estimator.smoothed == 900 && estimator.variation == 500)
        #expect(estimator.timeout(initial: 1, within: 5000...6000) == 5000)
        for sample in [Int64.min, .max, -1, 0] { estimator.add(sample) }
        #expect(estimator.timeout(initial: 1, within: bounds) <= 1_000_000)
    }
}
