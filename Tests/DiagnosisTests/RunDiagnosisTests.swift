import Addressing
import Conversations
import Sockets
import TestSupport
import Testing

@testable import Diagnosis

/// What is found out of a run beside its failed calls: each kind where it is, and not where it is not.
@Suite struct RunDiagnosisTests {
    private static let client = EchoExchange.client
    private static let server = EchoExchange.server

    /// The kinds that are found in a run of which `ended` programs were ended at a moment.
    private func findings(
        _ scenario: Scenario, ended: [SocketCall.End: Int64] = [:], network: RunDiagnosis.Network = .loopbackAlone
    ) -> [Finding] {
        let times = ended.mapValues { TestClock.at($0) }
        let failures = CallFailure.all(of: scenario.calls, packets: scenario.packets, ended: times)
        return RunDiagnosis(
            calls: scenario.calls, packets: scenario.packets, failures: failures, ended: times,
            conversations: scenario.conversations, network: network
        ).findings
    }

    /// A connection from a client whose connect() is told, to a server that listens.
    private func opened(_ name: String, accepting: Bool) -> Scenario {
        var scenario = Scenario(name)
        scenario.listen(0, at: Self.server)
        scenario.call(
            .client, .connect, 4, ["127.0.0.1:65432"], 90, 125, .value(0), local: Self.client, peer: Self.server)
        scenario.open(100, Self.client, Self.server)
        if accepting {
            scenario.call(
                .server, .accept, 3, [], 60, 130, .accepted(5, Self.client), local: Self.server, peer: Self.client)
        }
        return scenario
    }

    private func kinds(_ findings: [Finding]) -> [Finding.Kind] { findings.map(\.kind) }

    @Test(arguments: [false, true]) func whoWaitsOnAConnectionThatNobodyAccepted(accepting: Bool) {
        var scenario = opened("unaccepted", accepting: accepting)
        scenario.tcp(200, Self.client, Self.server, [.psh, .ack], 101, 301, length: 5)
        scenario.call(
            .client, "poll", nil, ["fd 4", "500 ms"], 210, 500_210, .value(0), local: Self.client, peer: Self.server)
        let found = findings(scenario)
        #expect(kinds(found) == (accepting ? [] : [.unaccepted]))
        #expect(found.allSatisfy { $0.evidence.packets.first == [4] })
    }

    @Test(arguments: [0, 5]) func bothWaitForEachOther(unread: Int) {
        var scenario = opened("mutual", accepting: true)
        if unread > 0 { scenario.tcp(150, Self.client, Self.server, [.psh, .ack], 101, 301, length: unread) }
        scenario.call(
            .client, .recv, 4, ["100"], 200, nil, .pending, local: Self.client, peer: Self.server)
        scenario.call(
            .server, .recv, 5, ["100"], 210, nil, .pending, local: Self.server, peer: Self.client)
        let found = findings(scenario, ended: [.client: 900_000, .server: 900_000])
        // What lies unread is a reason of its own.
        #expect(kinds(found) == (unread == 0 ? [.mutualWait] : []))
    }

    @Test func theEndOfAStreamIsForEver() {
        var scenario = opened("ended", accepting: true)
        scenario.tcp(150, Self.server, Self.client, [.fin, .ack], 301, 101)
        for index in 0..<4 as Range<Int64> {
            scenario.call(
                .client, .recv, 4, ["10"], 200 + index * 10, 205 + index * 10, .received(0, from: nil),
                local: Self.client, peer: Self.server)
        }
        let found = findings(scenario)
        #expect(kinds(found) == [.endOfStreamAgain])
        #expect(found.first?.evidence.packets.first == [4])
    }

    @Test func aCallThatAsksForNothingMeetsNoEnd() {
        var scenario = opened("nothing", accepting: true)
        for index in 0..<4 as Range<Int64> {
            scenario.call(
                .client, .recv, 4, ["0"], 200 + index * 10, 205 + index * 10, .received(0, from: nil),
                local: Self.client, peer: Self.server)
        }
        #expect(Set(kinds(findings(scenario))) == [.nothingAsked])
    }

    /// 5000 is 0x1388, 34835 is 0x8813.
    @Test(arguments: [(5000 as UInt16, true), (5001, false)]) func portsWithTheirBytesSwapped(
        port: UInt16, isNear: Bool
    ) {
        var scenario = Scenario("swapped")
        let wanted = Endpoint(.v4(.loopback), 34_835)
        scenario.listen(0, at: Endpoint(.v4(.loopback), Port(port)))
        scenario.call(
            .client, .connect, 4, ["127.0.0.1:34835"], 90, 125, .failed(number: 111, name: "ECONNREFUSED"),
            peer: wanted)
        scenario.tcp(100, Self.client, wanted, .syn, 100)
        scenario.tcp(110, wanted, Self.client, [.rst, .ack], 0, 101)
        #expect(kinds(findings(scenario)) == (isNear ? [.nearMiss] : []))
    }

    @Test func aDatagramThatWasCutAndThoseThatWereDropped() {
        var scenario = Scenario("datagrams")
        let (client, server) = (Self.client, Self.server)
        scenario.call(
            .server, .bind, 3, ["127.0.0.1:65432"], 0, 5, .value(0), local: server, transport: .udp)
        for index in 0..<3 as Range<Int64> {
            scenario.add(10 + index, TestPacket.udp(client, server, payload: Array(repeating: 0x61, count: 15)))
        }
        scenario.call(
            .server, .recv, 3, ["4"], 100, 105, .received(4, from: nil), local: server, transport: .udp)
        #expect(kinds(findings(scenario)) == [.truncated])
        scenario.call(
            .server, .recv, 3, ["100"], 110, 115, .failed(number: 11, name: "EAGAIN"), local: server, transport: .udp)
        #expect(Set(kinds(findings(scenario))).contains(.dropped) || kinds(findings(scenario)) == [.truncated])
    }

    @Test func whatIsNotInTheNetwork() {
        var scenario = Scenario("outside")
        scenario.call(
            .client, .connect, 4, ["93.184.216.34:80"], 10, 20, .failed(number: 101, name: "ENETUNREACH"),
            peer: Endpoint(.v4(IPv4Address(rawValue: 0x5db8_d822)), 80))
        #expect(kinds(findings(scenario)) == [.outsideNetwork])
        #expect(kinds(findings(scenario, network: .host)) == [])
    }

    // MARK: The verdict

    private func verdict(_ scenario: Scenario, status: Int32) -> RunVerdict {
        let failures = CallFailure.all(of: scenario.calls, packets: scenario.packets)
        return RunVerdict(
            failures, programs: [ProgramEnd(.client, isServer: false, .exited(status))],
            conversations: scenario.conversations, sawCalls: true)
    }

    /// EAGAIN of an event loop is told where the program ends badly.
    @Test func idiomIsNoFailure() {
        var scenario = opened("idiom", accepting: true)
        scenario.call(
            .client, .recv, 4, ["100"], 200, 205, .failed(number: 11, name: "EAGAIN"), local: Self.client,
            peer: Self.server)
        let good = verdict(scenario, status: 0)
        #expect(good.isGood && good.entries.map(\.finding.kind) == [.worked])
        let bad = verdict(scenario, status: 1)
        #expect(!bad.isGood && bad.entries.map(\.finding.kind) == [.failedCall])
    }

    @Test func aProgramThatDiesComesFirst() {
        let verdict = RunVerdict(
            [], programs: [ProgramEnd(.client, isServer: false, .killed(signal: 11))], conversations: [], sawCalls: true
        )
        #expect(verdict.entries.map(\.finding.kind) == [.programEnd])
    }
}
