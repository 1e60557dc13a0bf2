import Addressing
import Capture
import Foundation
import Packets
import Sockets
import TestSupport
import Testing

@testable import Lab

/// In the run inside a namespace the tests must run; in a plain one where they can.
private func mayLayWires() throws -> Bool {
    if ProcessInfo.processInfo.environment["NETPROBE_IN_NAMESPACE"] != nil { return true }
    return try SystemThread<Bool>.start { (try? NetworkNamespace.make()) != nil }.join()
}

/// The wire itself, which only somebody with rights over the network can lay: root in a plain run of the tests,
/// everybody in the run inside a namespace that `make test` adds.
@Suite(.serialized, .enabled("needs rights over the network, or make test") { try mayLayWires() })
struct TwoHostWireTests {
    /// Runs a test on a thread in a network of its own; threads of the test library stay where they are.
    private func inNewNetwork(_ body: @escaping @Sendable () throws -> Void) throws {
        try SystemThread<Result<Void, any Error>>.start {
            Result {
                try NetworkNamespace.make().enter()
                try body()
            }
        }.join().get()
    }

    /// Which of the packets of one direction are lost, by the model alone: the seed decides, not the time.
    private static func losses(_ direction: WireDirection, _ impairments: Impairments, count: Int) -> [Bool] {
        var link = ImpairedLink(direction, impairments)
        return (0..<count).map { _ in link.fate(of: WireFrame(kind: .udp, length: 60, transportStart: 34), at: 0).isLost
        }
    }

    /// Sends datagrams from the client to the server, which echoes them; says which came back, and after how long. What
    /// must arrive is waited for however busy the machine is.
    private static func exchange(_ wire: TwoHostWire, count: Int, ipv6: Bool = false) throws -> (
        times: [Int64?], captured: [CapturedRecord]
    ) {
        let lostUp = losses(.up, wire.impairments, count: count)
        let lostDown = losses(.down, wire.impairments, count: count)
        func patience(_ isLost: Bool) -> Duration { isLost ? .milliseconds(50) : .seconds(30) }
        var captures = try EndCaptures(wire)
        let home = try NetworkNamespace.current()
        let address: IPAddress = ipv6 ? .v6(wire.server.ipv6) : .v4(wire.server.ipv4)
        let family = AddressFamily(of: address)
        try wire.server.enter()
        let server = try Socket(family, .datagram)
        try server.bind(to: Endpoint(address, 7000))
        try wire.client.enter()
        let client = try Socket(family, .datagram)
        try home.enter()
        _ = try client.connect(to: Endpoint(address, 7000))
        var times: [Int64?] = []
        var answers = 0
        for number in 0..<count {
            let start = MonotonicClock.now()
            _ = try client.send(Array("datagram \(number)".utf8).span)
            try server.set(.receiveTimeout, patience(lostUp[number]))
            guard let (bytes, peer) = try? server.recvfrom(100), let sender = peer else {
                times.append(nil)
                continue
            }
            _ = try server.sendto(bytes.span, sender)
            try client.set(.receiveTimeout, patience(lostDown[answers]))
            answers += 1
            times.append((try? client.recv(100)).map { _ in MonotonicClock.now() - start })
        }
        captures.expectMarks()
        try captures.sendMarks()
        let deadline = ContinuousClock.now + .seconds(30)
        while !captures.sawMarks, ContinuousClock.now < deadline { _ = try captures.take(waiting: .milliseconds(20)) }
        let isComplete = captures.sawMarks
        #expect(isComplete)
        return (times, captures.records)
    }

    private static func checksumsAreCorrect(_ records: [CapturedRecord]) -> Bool {
        var dissection = Dissection()
        return records.allSatisfy { record in
            Dissector().dissect(
                record.bytes.rawSpan, linkType: .ethernet, wireLength: record.bytes.count, into: &dissection)
            let status = dissection.layers.contains { $0.kind == .udp }
            guard status, let packet = TestPacket.observed(record.bytes, number: 1, microseconds: 0) else {
                return true
            }
            return packet.checksum == .correct
        }
    }

    @Test(arguments: [false, true]) func twoHostsWithoutImpairment(ipv6: Bool) throws {
        try inNewNetwork {
            let wire = try TwoHostWire(Impairments(), clock: SystemClock.now)
            let (times, records) = try Self.exchange(wire, count: 20, ipv6: ipv6)
            #expect(times.allSatisfy { $0 != nil })
            let log = try wire.stop()
            #expect(log == nil)
            // Each end sees each datagram, and before them who has the address: ARP or neighbour discovery.
            #expect(
                records.count { $0.header.interface == 0 } >= 42 && records.count { $0.header.interface == 1 } >= 42,
                "\(records.count)")
            #expect(Self.checksumsAreCorrect(records))
        }
    }

    @Test func theDelayIsTheOneAskedFor() throws {
        try inNewNetwork {
            var impairments = Impairments()
            impairments.up.delay = .milliseconds(30)
            impairments.down.delay = .milliseconds(10)
            let wire = try TwoHostWire(impairments, clock: SystemClock.now)
            let (times, records) = try Self.exchange(wire, count: 10)
            let log = try #require(try wire.stop())
            #expect(log.isFaithful)
            // Never earlier; how much later is this machine's business. The first one also waited for ARP.
            for time in times { #expect((time ?? 0) >= 40_000_000) }
            #expect(Self.checksumsAreCorrect(records))
        }
    }

    @Test func whatIsLostIsWhatTheForwarderSays() throws {
        try inNewNetwork {
            var impairments = Impairments()
            impairments.seed = 7
            (impairments.up.loss, impairments.down.loss) = (0.2, 0.2)
            let wire = try TwoHostWire(impairments, clock: SystemClock.now)
            let (times, _) = try Self.exchange(wire, count: 12)
            let log = try #require(try wire.stop())
            #expect(log.isFaithful)
            let datagrams = log.entries.filter { $0.frame.kind == .udp }
            #expect(times.count { $0 == nil } == datagrams.count { $0.fate.isLost })
            #expect(datagrams.contains { $0.fate.isLost })
        }
    }
}
