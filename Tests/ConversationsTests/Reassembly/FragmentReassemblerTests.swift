import Addressing
import Conversations
import Packets
import TestSupport
import Testing
import Text

@Suite struct FragmentReassemblerTests {
    private static let seeds: [UInt64] = (0..<40).map { _ in .random(in: .min ... .max) }

    private let client = Endpoint(.v4(IPv4Address(10, 0, 0, 1)), 4000)
    private let server = Endpoint(.v4(IPv4Address(10, 0, 0, 2)), 9)

    /// Hands a frame's fragment over; nil where it is none.
    private func take(
        _ frame: [UInt8], into reassembler: inout FragmentReassembler, number: Int = 1, seconds: Int64? = 0
    ) -> FragmentReassembler.Outcome? {
        var dissection = Dissection()
        Dissector(joinsFragments: true).dissect(
            frame.rawSpan, linkType: .ethernet, wireLength: frame.count, into: &dissection)
        guard let fragment = DatagramFragment(frame.rawSpan, dissection) else { return nil }
        return reassembler.take(
            fragment, in: frame.rawSpan, number: number, wireLength: frame.count,
            time: seconds.map { $0 * 1_000_000_000 })
    }

    private func datagram(_ payload: Int, to port: Port = 9) -> [UInt8] {
        TestPacket.udp(
            client, Endpoint(server.address, port), payload: (0..<payload).map { UInt8(truncatingIfNeeded: $0 &* 7) })
    }

    private func isWaiting(_ outcome: FragmentReassembler.Outcome?) -> Bool {
        if case .waits? = outcome { true } else { false }
    }

    private func completed(_ outcome: FragmentReassembler.Outcome?) -> JoinedDatagram? {
        if case .completes(let datagram)? = outcome { datagram } else { nil }
    }

    @Test(arguments: seeds)
    func anyOrderAndRepetitionGiveTheSameDatagram(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        let frame = datagram(.random(in: 20...4000, using: &generator))
        var parts = TestPacket.fragments(frame, size: 8 * .random(in: 1...100, using: &generator))
        guard parts.count > 1 else { return }
        parts += parts.filter { _ in Bool.random(using: &generator) }
        parts.shuffle(using: &generator)
        var reassembler = FragmentReassembler()
        var found: [JoinedDatagram] = []
        for (index, part) in parts.enumerated() {
            if let whole = completed(take(part, into: &reassembler, number: index + 1)) { found.append(whole) }
        }
        let whole = try #require(found.first, "seed \(seed)")
        #expect(found.count == 1, "what comes again begins no other datagram: seed \(seed)")
        #expect(whole.bytes == Array(frame.dropFirst(34)), "seed \(seed)")
        #expect(whole.carried == .udp)
        #expect(whole.parts.map(\.start) == whole.parts.map(\.start).sorted())
        #expect(reassembler.openCount == 0 && reassembler.waitingBytes == 0, "seed \(seed)")
    }

    /// The bytes that came first stand, and the overlap is told.
    @Test func overlaps() throws {
        let frame = datagram(100)
        let parts = TestPacket.fragments(frame, size: 40)
        var other = parts[1]
        for index in 34..<other.count { other[index] ^= 0xff }
        var reassembler = FragmentReassembler()
        #expect(isWaiting(take(parts[1], into: &reassembler, number: 1)))
        #expect(isWaiting(take(other, into: &reassembler, number: 2)))
        #expect(isWaiting(take(parts[2], into: &reassembler, number: 3)))
        let whole = try #require(completed(take(parts[0], into: &reassembler, number: 4)))
        #expect(whole.bytes == Array(frame.dropFirst(34)))
        #expect(whole.parts.map(\.packet) == [4, 1, 2, 3])
        #expect(whole.parts.map(\.remarks) == [[], [], [.overlap, .conflict], []])
        #expect(whole.earlier.packets == 3)
    }

    @Test func waitsNoLongerThanAMinuteOfTheCapture() {
        let parts = TestPacket.fragments(datagram(100), size: 56)
        var reassembler = FragmentReassembler()
        #expect(isWaiting(take(parts[0], into: &reassembler, seconds: 100)))
        #expect(isWaiting(take(parts[1], into: &reassembler, seconds: 161)), "too late: another datagram")
        #expect(completed(take(parts[0], into: &reassembler, seconds: 162)) != nil)
        // A clock that was set back measures nothing.
        #expect(isWaiting(take(parts[0], into: &reassembler, seconds: 5000)))
        #expect(completed(take(parts[1], into: &reassembler, seconds: 10)) != nil)
    }

    /// Hostile fragments stay within the bounds, and the oldest are given up.
    @Test func bounds() throws {
        var reassembler = FragmentReassembler(limit: 100_000)
        let parts = TestPacket.fragments(datagram(60_000), size: 59_000)
        for number in 0..<50 {
            var last = parts[1]
            last[18] = UInt8(number)
            #expect(isWaiting(take(last, into: &reassembler, number: number + 1)))
            #expect(reassembler.waitingBytes <= 100_000)
        }
        #expect(reassembler.openCount == 1)
        #expect(reassembler.givenUp == 49)

        var many = FragmentReassembler()
        let small = TestPacket.fragments(datagram(100), size: 8)
        for number in 0..<FragmentReassembler.maximumDatagrams + 10 {
            var first = small[0]
            first[18] = UInt8(number >> 8)
            first[19] = UInt8(number & 0xff)
            _ = take(first, into: &many, number: number + 1)
        }
        #expect(many.openCount == FragmentReassembler.maximumDatagrams)
        #expect(many.givenUp == 10)
    }

    /// Beyond 65,535 bytes no datagram goes.
    @Test func longerThanAnyDatagram() throws {
        var beyond = try #require(TestPacket.fragments(datagram(100), size: 56).last)
        beyond[20] = 0x1f
        beyond[21] = 0xff
        var reassembler = FragmentReassembler()
        guard case .refused? = take(beyond, into: &reassembler) else {
            Issue.record("taken")
            return
        }
        #expect(reassembler.openCount == 0)
    }

    /// No prefix of a fragment's frame traps, and none that is cut is taken.
    @Test func prefixes() {
        let parts = [IPv4Address.loopback].map { _ in TestPacket.fragments(datagram(100), size: 56) }[0]
        let version6 = TestPacket.fragments(
            TestPacket.udp(
                Endpoint(.v6(.loopback), 1), Endpoint(.v6(.loopback), 2), payload: Array(repeating: 1, count: 100)),
            size: 56)
        var reassembler = FragmentReassembler()
        for frame in parts + version6 {
            for length in 0..<frame.count {
                #expect(take(Array(frame.prefix(length)), into: &reassembler) == nil, "\(length)")
            }
        }
    }

    // MARK: Whole packets

    /// The fields of a datagram stand at the packet that completes it, over IPv4 and IPv6, in whatever order they come.
    @Test(arguments: [true, false], [true, false])
    func datagramIsThePacketsThatCompletesIt(isVersion6: Bool, backwards: Bool) throws {
        let (from, to): (IPAddress, IPAddress) =
            isVersion6 ? (.v6(.loopback), .v6(.loopback)) : (client.address, server.address)
        let frame = TestPacket.udp(
            Endpoint(from, 4000), Endpoint(to, 9), payload: Array(repeating: 65, count: 3000))
        let parts = TestPacket.fragments(frame, size: 1400)
        let fields = try [
            "udp.length", "udp.checksum.status", isVersion6 ? "ipv6.fragment" : "ip.fragment",
            isVersion6 ? "ipv6.reassembled.length" : "ip.reassembled.length", "udp.stream", "frame.len",
        ].map { try #require(NamedField($0)) }
        let traffic = TestTraffic(backwards ? parts.reversed() : parts)
        let values = traffic.values(of: fields, joins: true)
        #expect(values[0][0].isEmpty && values[1][0].isEmpty)
        #expect(values[2][0] == [.unsigned(3008)])
        #expect(values[2][1] == [.unsigned(1)], "correct")
        #expect(values[2][2] == (backwards ? [3, 2, 1] : [1, 2, 3]).map { .unsigned($0) })
        #expect(values[2][3] == [.unsigned(3008)])
        #expect(values[2][4] == [.unsigned(0)])
        #expect(values[2][5] == [.unsigned(UInt64(traffic.records[2].bytes.count))])
        // Each by itself.
        let alone = TestTraffic(parts).values(of: fields)
        #expect(alone[0][0] == [.unsigned(3008)] && alone[2][0].isEmpty)
    }

    /// A fragment of a tunnel's packet that is itself a fragment.
    @Test func fragmentsInFragments() throws {
        let inner = TestPacket.fragments(datagram(2000), size: 1000, identification: 7)
        let outer = inner.enumerated().flatMap { number, frame in
            TestPacket.fragments(
                TestPacket.ethernet(.ipv4)
                    + TestPacket.ipv4(
                        .ipv4, Array(frame.dropFirst(14)), from: IPv4Address(192, 0, 2, 1),
                        to: IPv4Address(192, 0, 2, 2)),
                size: 600, identification: UInt16(100 + number))
        }
        var lengths: [Int] = []
        TestTraffic(outer).read(joins: true) { bytes, dissection, facts in
            if let udp = dissection.first(.udp) {
                lengths.append(udp.payload.count)
                #expect(udp.range.upperBound <= bytes.byteCount)
                #expect(LayerChecksum.status(of: udp, in: bytes) == .correct)
                #expect(facts.earlierFragments.packets > 0)
            }
        }
        #expect(lengths == [2000])
    }

    /// Each fragment counts for the flow that its datagram turns out to be of.
    @Test func flowsCountAllFragments() throws {
        var tracker = FlowTracker(seed: 1)
        let parts = TestPacket.fragments(datagram(3000), size: 1400)
        TestTraffic(parts).read(joins: true) { bytes, dissection, facts in
            tracker.take(
                bytes, dissection, wireLength: facts.wireLength, number: facts.number, time: nil,
                earlier: facts.earlierFragments)
        }
        #expect(tracker.count == 1)
        #expect(tracker[0].record.packets == 3)
        #expect(tracker[0].record.bytes == UInt64(parts.map(\.count).reduce(0, +)))
        #expect(tracker.packetsWithoutFlow == 0)
    }
}
