import Addressing
import Conversations
import Packets
import Testing
import TestSupport

@Suite struct TCPConnectionTests {
    @Test func echoGoesThroughTheStatesOfRFC9293() throws {
        let packets = EchoExchange.packets
        #expect(packets.count == 10)
        let conversation = try #require(Conversation.all(in: packets).first)
        #expect(conversation.client == EchoExchange.client)
        let states = conversation.changes.map { "\($0.client?.rawValue ?? "-") \($0.server?.rawValue ?? "-")" }
        #expect(states == [
            "SYN-SENT SYN-RECEIVED", "ESTABLISHED -", "- ESTABLISHED", "- -", "- -", "- -", "- -",
            "FIN-WAIT-1 CLOSE-WAIT", "TIME-WAIT LAST-ACK", "- CLOSED",
        ])
        let connection = try #require(conversation.connection)
        #expect(connection.isOver)
        #expect(connection.firstToClose == EchoExchange.client)
        #expect(connection.handshake.isComplete)
        #expect(connection.handshake.roundTrip == 20_000)
        #expect(connection.handshake.windowScaling && connection.handshake.sack && connection.handshake.timestamps)
    }

    @Test func relativeNumbersWrap() throws {
        let packets = EchoExchange.packets
        let connection = try #require(Conversation.all(in: packets).first?.connection)
        #expect(packets.compactMap(connection.relativeSequence) == [0, 0, 1, 1, 1, 1, 13, 13, 13, 14])
        #expect(packets.map(connection.relativeAcknowledgment) == [nil, 1, 1, 1, 13, 13, 13, 13, 14, 14])
    }

    @Test func bothSidesClosingAtOnceEndInTimeWait() throws {
        let c = EchoExchange.client, s = EchoExchange.server
        let conversation = try conversation([
            TestPacket.tcp(c, s, .ack, seq: 10, ack: 20), TestPacket.tcp(c, s, [.fin, .ack], seq: 10, ack: 20),
            TestPacket.tcp(s, c, [.fin, .ack], seq: 20, ack: 10), TestPacket.tcp(c, s, .ack, seq: 11, ack: 21), TestPacket.tcp(s, c, .ack, seq: 21, ack: 11),
        ])
        #expect(conversation.connection?.client.state == .timeWait)
        #expect(conversation.connection?.server.state == .timeWait)
    }

    @Test func simultaneousOpenIsEstablishedOnBothSides() throws {
        let c = EchoExchange.client, s = EchoExchange.server
        let conversation = try conversation([
            TestPacket.tcp(c, s, .syn, seq: 100), TestPacket.tcp(s, c, .syn, seq: 300),
            TestPacket.tcp(s, c, [.syn, .ack], seq: 300, ack: 101), TestPacket.tcp(c, s, [.syn, .ack], seq: 100, ack: 301),
        ])
        #expect(conversation.connection?.client.state == .established)
        #expect(conversation.connection?.server.state == .established)
    }

    @Test func aRefusedConnectIsARefusalAndCloses() throws {
        let c = EchoExchange.client, s = EchoExchange.server
        let conversation = try conversation([TestPacket.tcp(c, s, .syn, seq: 100), TestPacket.tcp(s, c, [.rst, .ack], seq: 0, ack: 101)])
        #expect(conversation.connection?.handshake.refusal?.number == 2)
        #expect(conversation.connection?.isOver == true)
    }

    @Test func aRepeatedSYNIsARepetitionAndAnotherISNANewConversation() throws {
        let c = EchoExchange.client, s = EchoExchange.server
        let packets = try observed([
            TestPacket.tcp(c, s, .syn, seq: 100), TestPacket.tcp(c, s, .syn, seq: 100), TestPacket.tcp(c, s, .syn, seq: 5000), TestPacket.tcp(s, c, [.rst, .ack], seq: 0, ack: 5001),
        ])
        let conversations = Conversation.all(in: packets)
        #expect(conversations.count == 2)
        #expect(conversations.first?.connection?.handshake.repeatedSYNs.map(\.number) == [2])
        #expect(conversations.last?.packets.map(\.number) == [3, 4])
    }

    private func observed(_ packets: [[UInt8]]) throws -> [ObservedPacket] {
        try packets.enumerated().map { try #require(TestPacket.observed($1, number: $0 + 1, microseconds: Int64($0) * 10)) }
    }

    private func conversation(_ packets: [[UInt8]]) throws -> Conversation {
        try #require(Conversation.all(in: observed(packets)).first)
    }
}

@Suite struct ChecksumTests {
    @Test(arguments: [
        (TestPacket.Checksum.correct, ChecksumStatus.correct), (.partial, .partial), (.wrong, .incorrect),
    ])
    func statusSaysWhatIsInTheField(kind: TestPacket.Checksum, status: ChecksumStatus) throws {
        for address in [IPAddress.v4(.loopback), .v6(.loopback)] {
            let a = Endpoint(address, 1000), b = Endpoint(address, 2000)
            let segment = TestPacket.tcp(a, b, [.psh, .ack], seq: 1, ack: 1, payload: [1, 2, 3], checksum: kind)
            let datagram = TestPacket.udp(a, b, payload: [1, 2, 3], checksum: kind)
            #expect(TestPacket.observed(segment, number: 1, microseconds: 0)?.checksum == status)
            #expect(TestPacket.observed(datagram, number: 1, microseconds: 0)?.checksum == status)
        }
    }
}

@Suite struct FlowTableTests {
    @Test func bothDirectionsShareAKey() {
        let (there, direction) = FlowKey.of(
            source: .v4(.loopback), sourcePort: 43210, destination: .v4(.loopback), destinationPort: 65432, transport: .tcp)
        let (back, opposite) = FlowKey.of(
            source: .v4(.loopback), sourcePort: 65432, destination: .v4(.loopback), destinationPort: 43210, transport: .tcp)
        #expect(there == back)
        #expect(direction != opposite)
        #expect(there.lower == Endpoint(.v4(.loopback), 43210))
        #expect(there.upper == Endpoint(.v4(.loopback), 65432))
    }

    @Test func numbersStayTheSameWhileTheTableGrows() {
        var table = FlowTable(seed: 7)
        func key(_ index: UInt32) -> FlowKey {
            FlowKey.of(
                source: .v4(IPv4Address(rawValue: index)), sourcePort: 1, destination: .v6(IPv6Address(high: 1, low: UInt64(index))),
                destinationPort: 2, transport: .udp).key
        }
        for index in 0..<20_000 as Range<UInt32> { #expect(table.number(of: key(index)) == (Int(index), true)) }
        for index in 0..<20_000 as Range<UInt32> { #expect(table.number(of: key(index)) == (Int(index), false)) }
        #expect(table.restart(key(5)) == 20_000)
        #expect(table.number(of: key(5)) == (20_000, false))
    }
}
