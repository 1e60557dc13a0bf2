import Addressing
import Conversations
import Packets
import TestSupport
import Testing

@Suite struct TCPConnectionTests {
    @Test func echoGoesThroughTheStatesOfRFC9293() throws {
        let packets = EchoExchange.packets
        #expect(packets.count == 10)
        let conversation = try #require(Conversation.all(in: packets).first)
        #expect(conversation.client == EchoExchange.client)
        let states = conversation.changes.map { "\($0.client?.rawValue ?? "-") \($0.server?.rawValue ?? "-")" }
        #expect(
            states == [
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
        let c = EchoExchange.client
        let s = EchoExchange.server
        let conversation = try conversation([
            TestPacket.tcp(c, s, .ack, seq: 10, ack: 20), TestPacket.tcp(c, s, [.fin, .ack], seq: 10, ack: 20),
            TestPacket.tcp(s, c, [.fin, .ack], seq: 20, ack: 10), TestPacket.tcp(c, s, .ack, seq: 11, ack: 21),
            TestPacket.tcp(s, c, .ack, seq: 21, ack: 11),
        ])
        #expect(conversation.connection?.client.state == .timeWait)
        #expect(conversation.connection?.server.state == .timeWait)
    }

    @Test func simultaneousOpenIsEstablishedOnBothSides() throws {
        let c = EchoExchange.client
        let s = EchoExchange.server
        let conversation = try conversation([
            TestPacket.tcp(c, s, .syn, seq: 100), TestPacket.tcp(s, c, .syn, seq: 300),
            TestPacket.tcp(s, c, [.syn, .ack], seq: 300, ack: 101),
            TestPacket.tcp(c, s, [.syn, .ack], seq: 100, ack: 301),
        ])
        #expect(conversation.connection?.client.state == .established)
        #expect(conversation.connection?.server.state == .established)
    }

    @Test func aRefusedConnectIsARefusalAndCloses() throws {
        let c = EchoExchange.client
        let s = EchoExchange.server
        let conversation = try conversation([
            TestPacket.tcp(c, s, .syn, seq: 100), TestPacket.tcp(s, c, [.rst, .ack], seq: 0, ack: 101),
        ])
        #expect(conversation.connection?.handshake.refusal?.number == 2)
        #expect(conversation.connection?.isOver == true)
    }

    @Test func aRepeatedSYNIsARepetitionAndAnotherISNANewConversation() throws {
        let c = EchoExchange.client
        let s = EchoExchange.server
        let packets = try observed([
            TestPacket.tcp(c, s, .syn, seq: 100), TestPacket.tcp(c, s, .syn, seq: 100),
            TestPacket.tcp(c, s, .syn, seq: 5000), TestPacket.tcp(s, c, [.rst, .ack], seq: 0, ack: 5001),
        ])
        let conversations = Conversation.all(in: packets)
        #expect(conversations.count == 2)
        #expect(conversations.first?.connection?.handshake.repeatedSYNs.map(\.number) == [2])
        #expect(conversations.last?.packets.map(\.number) == [3, 4])
    }

    /// The states that each row shows.
    private func states(_ scenario: Scenario) throws -> [String] {
        try #require(scenario.conversations.first).changes.map {
            "\($0.client?.rawValue ?? "-") \($0.server?.rawValue ?? "-")"
        }
    }

    @Test func aSYNAloneSaysNothingOfTheOtherEnd() throws {
        #expect(try states(.refused) == ["SYN-SENT -", "CLOSED CLOSED"])
        #expect(try states(.unanswered) == ["SYN-SENT -", "- -", "- -"])
        let connection = try #require(Scenario.unanswered.conversations.first?.connection)
        #expect(connection.server.state == nil)
        #expect(!connection.isOver)
        // The state stands at the SYN that was answered last.
        #expect(try states(.repeatedSYN) == ["SYN-SENT -", "- SYN-RECEIVED", "ESTABLISHED -", "- ESTABLISHED"])
        #expect(
            try states(.openedAtOnce) == [
                "SYN-SENT -", "SYN-RECEIVED SYN-SENT", "ESTABLISHED SYN-RECEIVED", "- ESTABLISHED",
            ])
    }

    @Test func aResetThatAcknowledgesNothingIsNotBelieved() throws {
        #expect(try states(.refusedByReset) == ["SYN-SENT -", "- -"])
        #expect(try #require(Scenario.refusedByReset.conversations.first?.connection).handshake.refusal == nil)
        // RFC 9293 section 3.5, figure 7: the client resets what was no answer to its SYN, and goes on waiting.
        #expect(try states(.wrongAcknowledgment) == ["SYN-SENT -", "- -", "- -"])
    }

    @Test func closingAtOnceIsToldAsIt() throws {
        #expect(
            try states(.closedAtOnce).suffix(4) == ["FIN-WAIT-1 -", "CLOSING FIN-WAIT-1", "- TIME-WAIT", "TIME-WAIT -"])
        #expect(try #require(Scenario.closedAtOnce.conversations.first?.connection).closedAtOnce)
        #expect(
            try states(.halfClose).suffix(6) == [
                "FIN-WAIT-1 CLOSE-WAIT", "FIN-WAIT-2 -", "- -", "- -", "TIME-WAIT LAST-ACK", "- CLOSED",
            ])
        #expect(try #require(Scenario.halfClose.conversations.first?.connection).closedAtOnce == false)
    }

    @Test func aSocketConnectedToItselfHasOneState() throws {
        let conversation = try #require(Scenario.selfConnect.conversations.first)
        #expect(
            conversation.changes.map { $0.client?.rawValue ?? "-" } == [
                "SYN-RECEIVED", "ESTABLISHED", "-", "-", "CLOSING", "TIME-WAIT",
            ])
        #expect(conversation.connection?.isSelfConnected == true)
        #expect(conversation.connection?.isOver == true)
    }

    @Test func theThirdSegmentIsTheOneThatAcknowledgesTheSYNACK() throws {
        let missing = try #require(Scenario.missingACK.conversations.first?.connection?.handshake)
        #expect(missing.ack == nil)
        #expect(missing.laterACK?.number == 3)
        #expect(!missing.isComplete && missing.roundTrip == nil)
        #expect(Scenario.halfClose.conversations.first?.connection?.handshake.ack?.number == 3)
    }

    @Test func withRepeatedSYNsTheRoundTripIsAmbiguousUnlessTimestampsTell() throws {
        let repeated = try #require(Scenario.repeatedSYN.conversations.first?.connection?.handshake)
        #expect(repeated.isRoundTripAmbiguous)
        #expect(repeated.roundTripStart?.number == 2)
        #expect(repeated.roundTrip == 60_000)

        var told = Scenario("timestamps tell")
        let (c, s) = (Scenario.client, Scenario.server)
        told.tcp(0, c, s, .syn, 100, options: [.timestamps(value: 7, echo: 0)])
        told.tcp(1_000_000, c, s, .syn, 100, options: [.timestamps(value: 1007, echo: 0)])
        told.tcp(1_000_010, s, c, [.syn, .ack], 300, 101, options: [.timestamps(value: 5, echo: 7)])
        told.tcp(1_000_020, c, s, .ack, 101, 301)
        let handshake = try #require(told.conversations.first?.connection?.handshake)
        #expect(!handshake.isRoundTripAmbiguous)
        #expect(handshake.answeredSYN?.number == 1)
        #expect(handshake.roundTrip == 1_000_020_000)
    }

    @Test func anICMPErrorIsTheConversationsWhosePacketItQuotes() throws {
        let error = try #require(Scenario.udpRefused.conversations.first?.icmpErrors.first)
        #expect(
            error.quoted == .init(transport: .udp, source: Scenario.client, destination: Scenario.server, sequence: nil)
        )
        #expect(error.isUnreachable && "\(error.name)" == "port unreachable")

        var scenario = Scenario("firewall")
        let syn = TestPacket.tcp(Scenario.client, Scenario.server, .syn, seq: 100)
        scenario.add(0, syn)
        scenario.add(
            10, TestPacket.unreachable(code: 13, from: IPv4Address(rawValue: 0x0a00_0001), to: .loopback, about: syn))
        let firewall = try #require(scenario.conversations.first)
        #expect(firewall.packets.count == 1)
        #expect(firewall.icmpErrors.first?.quoted?.sequence == SequenceNumber(100))
        #expect(firewall.icmpErrors.first?.sender == .v4(IPv4Address(rawValue: 0x0a00_0001)))
    }

    /// What is not kept still moves states and numbers on.
    @Test func packetsThatAreNotKeptCount() throws {
        let packets = Scenario.halfClose.packets
        var conversation = Conversation(first: try #require(packets.first), keepingFirst: false)
        for packet in packets.dropFirst() { conversation.add(packet, keeping: packet.payloadLength > 0) }
        #expect(conversation.packets.map(\.number) == [6])
        #expect(conversation.changes.first?.client == nil && conversation.changes.first?.server == nil)
        #expect(conversation.connection?.isOver == true)
        #expect(conversation.connection?.relativeSequence(conversation.packets[0]) == 1)
    }

    private func observed(_ packets: [[UInt8]]) throws -> [ObservedPacket] {
        try packets.enumerated().map {
            try #require(TestPacket.observed($1, number: $0 + 1, microseconds: Int64($0) * 10))
        }
    }

    private func conversation(_ packets: [[UInt8]]) throws -> Conversation {
        try #require(Conversation.all(in: observed(packets)).first)
    }
}

@Suite struct ConnectionQueueTests {
    /// Feeds packets to a queue as a command does, and tells what came out when: `3:0` is stream 0 with packet 3.
    private func outcome(_ records: [[UInt8]], patience: Int) -> (order: [String], left: [UInt32], most: Int) {
        var queue = ConnectionQueue(order: ReleaseOrder(patience: patience, linger: 0))
        var order: [String] = []
        var most = 0
        timed(records).read { bytes, dissection, facts in
            queue.take(bytes, dissection, facts)
            while let next = queue.next() { order.append("\(facts.number):\(next.stream)") }
            most = max(most, queue.count)
        }
        return (order, queue.finish().map(\.stream), most)
    }

    /// A packet a microsecond.
    private func timed(_ packets: [[UInt8]]) -> TestTraffic {
        var traffic = TestTraffic()
        for (index, packet) in packets.enumerated() { traffic.add(at: TestClock.at(Int64(index)), packet) }
        return traffic
    }

    private func client(_ number: Int) -> Endpoint { Endpoint(.v4(.loopback), Port(UInt16(1000 + number))) }
    private func syn(_ number: Int) -> [UInt8] { TestPacket.tcp(client(number), EchoExchange.server, .syn, seq: 100) }
    private func refusal(_ number: Int) -> [UInt8] {
        TestPacket.tcp(EchoExchange.server, client(number), [.rst, .ack], seq: 0, ack: 101)
    }

    @Test func connectionsComeOutInOrderOnceTheyAreOver() {
        let found = outcome([syn(0), syn(1), syn(2), refusal(1), refusal(0), refusal(1), syn(3)], patience: 10)
        #expect(found.order == ["5:0", "5:1"])
        #expect(found.left == [2, 3])
    }

    @Test func oneThatStaysOpenDoesNotHoldUpTheOthers() {
        var records = [syn(0)]
        for number in 1...1000 { records += [syn(number), refusal(number)] }
        let found = outcome(records, patience: 10)
        #expect(found.most <= 12)
        #expect(found.order.count + found.left.count == 1001)
        #expect(
            Set(found.order.map { $0.split(separator: ":")[1] } + found.left.map { Substring("\($0)") }).count == 1001)
        #expect(found.left.first == 0)
    }

    @Test func anErrorThatQuotesEightBytesFindsItsConnection() throws {
        var queue = ConnectionQueue()
        let records = [syn(0), TestPacket.unreachable(code: 1, from: .loopback, to: .loopback, about: syn(0))]
        timed(records).read { queue.take($0, $1, $2) }
        let left = queue.finish()
        #expect(left.count == 1)
        #expect(left.first?.connection.icmpErrors.map(\.packet) == [2])
    }
}

@Suite struct ChecksumTests {
    @Test(arguments: [
        (TestPacket.Checksum.correct, ChecksumStatus.correct), (.partial, .partial), (.wrong, .incorrect),
    ])
    func statusSaysWhatIsInTheField(kind: TestPacket.Checksum, status: ChecksumStatus) throws {
        for address in [IPAddress.v4(.loopback), .v6(.loopback)] {
            let a = Endpoint(address, 1000)
            let b = Endpoint(address, 2000)
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
            source: .v4(.loopback), sourcePort: 43210, destination: .v4(.loopback), destinationPort: 65432,
            transport: .tcp)
        let (back, opposite) = FlowKey.of(
            source: .v4(.loopback), sourcePort: 65432, destination: .v4(.loopback), destinationPort: 43210,
            transport: .tcp)
        #expect(there == back)
        #expect(direction != opposite)
        #expect(there.lower == Endpoint(.v4(.loopback), 43210))
        #expect(there.upper == Endpoint(.v4(.loopback), 65432))
    }

    @Test func numbersStayTheSameWhileTheTableGrows() {
        var table = FlowTable(seed: 7)
        func key(_ index: UInt32) -> FlowKey {
            FlowKey.of(
                source: .v4(IPv4Address(rawValue: index)), sourcePort: 1,
                destination: .v6(IPv6Address(high: 1, low: UInt64(index))),
                destinationPort: 2, transport: .udp
            ).key
        }
        for index in 0..<20_000 as Range<UInt32> { #expect(table.number(of: key(index)) == (Int(index), true)) }
        for index in 0..<20_000 as Range<UInt32> { #expect(table.number(of: key(index)) == (Int(index), false)) }
        #expect(table.restart(key(5)) == 20_000)
        #expect(table.number(of: key(5)) == (20_000, false))
    }
}
