import Addressing
import Analysis
import Diagnosis
import Packets
import TestSupport
import Testing

@testable import Conversations

/// What is over is forgotten, and not too early.
@Suite struct ReleaseTests {
    private let server = Endpoint(.v4(.loopback), 80)
    private func client(_ number: Int) -> Endpoint {
        Endpoint(
            .v4(IPv4Address(rawValue: 0x0a00_0000 + UInt32(number / 50_000))), Port(UInt16(10_000 + number % 50_000)))
    }

    /// A short connection: SYN, SYN-ACK, ACK, FIN, FIN, ACK.
    private func short(_ number: Int) -> [[UInt8]] {
        let client = client(number)
        return [
            TestPacket.tcp(client, server, .syn, seq: 1, checksum: .partial),
            TestPacket.tcp(server, client, [.syn, .ack], seq: 1, ack: 2, checksum: .partial),
            TestPacket.tcp(client, server, .ack, seq: 2, ack: 2, checksum: .partial),
            TestPacket.tcp(client, server, [.fin, .ack], seq: 2, ack: 2, checksum: .partial),
            TestPacket.tcp(server, client, [.fin, .ack], seq: 2, ack: 3, checksum: .partial),
            TestPacket.tcp(client, server, .ack, seq: 3, ack: 3, checksum: .partial),
        ]
    }

    /// Feeds packets to an analyzer and to whoever else wants them.
    private struct Feed {
        var analyzer: TransportAnalyzer
        var dissection = Dissection()
        var number = 0

        mutating func take(
            _ bytes: [UInt8], at milliseconds: Int64,
            _ body: (RawSpan, borrowing Dissection, borrowing PacketFacts) -> Void
        ) {
            number += 1
            Dissector().dissect(bytes.rawSpan, linkType: .ethernet, wireLength: bytes.count, into: &dissection)
            var facts = PacketFacts()
            facts.number = number
            facts.wireLength = bytes.count
            facts.timestamp = TestClock.at(milliseconds * 1000)
            facts.transport = analyzer.facts(of: bytes.rawSpan, dissection, number: number, time: facts.timestamp)
            body(bytes.rawSpan, dissection, facts)
        }
    }

    @Test func theAnalyzerForgetsWhatIsOverForLong() {
        var feed = Feed(analyzer: TransportAnalyzer(seed: 5, remembering: 10))
        var forgotten: [UInt32] = []
        feed.take(TestPacket.tcp(client(900), server, .syn, seq: 7), at: 0) { _, _, _ in }
        for number in 0..<500 {
            for packet in short(number) {
                feed.take(packet, at: Int64(number)) { _, _, facts in
                    if facts.transport.forgottenStream != .max { forgotten.append(facts.transport.forgottenStream) }
                }
            }
        }
        // Ten that are over, and the one that is open.
        #expect(feed.analyzer.connectionCount == 11)
        #expect(feed.analyzer.tcpStreams == 501)
        #expect(forgotten == Array(1...490))
        // The open one is still known, and so is the last one that ended; the first one is not.
        feed.take(TestPacket.tcp(server, client(900), [.syn, .ack], seq: 9, ack: 8), at: 600) { _, _, facts in
            #expect(facts.transport.tcpStream == 0)
        }
        feed.take(TestPacket.tcp(server, client(499), [.fin, .ack], seq: 2, ack: 3), at: 601) { _, _, facts in
            #expect(facts.transport.tcpStream == 500)
            #expect(facts.transport.marks.contains(.retransmission))
            #expect(facts.transport.isOver)
        }
        feed.take(TestPacket.tcp(server, client(0), [.fin, .ack], seq: 2, ack: 3), at: 602) { _, _, facts in
            #expect(facts.transport.tcpStream == 501)
            #expect(!facts.transport.isOver)
        }
    }

    @Test func aResetThatNobodyBelievedDoesNotEndAConnection() {
        var feed = Feed(analyzer: TransportAnalyzer(seed: 5, remembering: 4))
        for packet in short(900).prefix(3) { feed.take(packet, at: 0) { _, _, _ in } }
        feed.take(TestPacket.tcp(server, client(900), .rst, seq: 999_999), at: 0) { _, _, _ in }
        for number in 0..<50 {
            for packet in short(number) { feed.take(packet, at: Int64(number)) { _, _, _ in } }
            // It goes on all the time.
            for _ in 0..<2 {
                feed.take(TestPacket.tcp(client(900), server, .ack, seq: 2, ack: 2), at: Int64(number)) { _, _, facts in
                    #expect(facts.transport.tcpStream == 0)
                }
            }
        }
    }

    @Test func portsThatAreUsedAgainTakeNoMoreRoom() {
        var feed = Feed(analyzer: TransportAnalyzer(seed: 5))
        for round in 0..<100 {
            feed.take(TestPacket.tcp(client(0), server, .syn, seq: UInt32(round * 1000)), at: Int64(round)) {
                _, _, facts in
                #expect(facts.transport.tcpStream == UInt32(round))
                #expect(facts.transport.marks.contains(.reusedPorts) == (round > 0))
            }
        }
        // The latest, and the first, which its other end may still answer.
        #expect(feed.analyzer.connectionCount == 2)
    }

    @Test func storiesComeOutAndMemoryStaysFlat() throws {
        var feed = Feed(analyzer: TransportAnalyzer(seed: 5))
        var book = StoryBook(releasing: true)
        var queue = ConnectionQueue()
        var told: [UInt32] = []
        var shown: [UInt32] = []
        var most = 0
        for number in 0..<300 {
            // A second apart: a minute later each is let go of.
            for packet in short(number) {
                feed.take(packet, at: Int64(number) * 1000) { bytes, dissection, facts in
                    book.take(bytes, dissection, facts)
                    queue.take(bytes, dissection, facts)
                }
                while let story = book.next() {
                    told.append(story.name.stream)
                    #expect(story.findings.dropLast().last?.kind == .closed)
                }
                while let next = queue.next() { shown.append(next.stream) }
            }
            most = max(most, queue.count)
        }
        #expect(told.count > 230 && told == Array(0..<UInt32(told.count)))
        #expect(shown == told)
        #expect(most <= 62)
        #expect(told + book.finish().map(\.name.stream) == Array(0..<300))
        #expect(shown + queue.finish().map(\.stream) == Array(0..<300))
    }

    @Test func aSYNThatIsTriedAgainAfterARefusalBelongsToTheSameCard() throws {
        var feed = Feed(analyzer: TransportAnalyzer(seed: 5))
        var queue = ConnectionQueue()
        for time in [0, 500, 1000] as [Int64] {
            for packet in [
                TestPacket.tcp(client(0), server, .syn, seq: 1),
                TestPacket.tcp(server, client(0), [.rst, .ack], seq: 0, ack: 2),
            ] {
                feed.take(packet, at: time) { queue.take($0, $1, $2) }
                #expect(queue.next() == nil)
            }
        }
        #expect(queue.finish().count == 1)
    }

    @Test func orderIsThatOfTheBeginnings() {
        func name(_ number: UInt32) -> ConversationName { ConversationName(.tcp, number) }
        var order = ReleaseOrder(patience: 3, linger: 0)
        func closing(_ number: UInt32) -> [UInt32] {
            order.close(name(number), at: .epoch)
            order.advance(to: .epoch)
            var out: [UInt32] = []
            while let next = order.next() { out.append(next.stream) }
            return out
        }
        for number in 0..<10 as Range<UInt32> { order.begin(name(number)) }
        #expect(closing(2) == [])
        #expect(closing(1) == [])
        #expect(closing(0) == [0, 1, 2])
        // 3 stays open: up to three wait for it.
        #expect(closing(5) == [] && closing(7) == [] && closing(4) == [])
        #expect(closing(6) == [4, 5, 6, 7])
        #expect(order.isGone(name(6)) && !order.isGone(name(3)) && !order.isGone(name(8)))
        #expect(closing(3) == [3])
        #expect(closing(8) == [8])
        #expect(order.finish() == [name(9)])
    }

    /// UDP knows no end: the exchange that was idle for longest goes, not one that goes on.
    @Test func idleExchangesAreLetGoOf() {
        func name(_ number: UInt32) -> ConversationName { ConversationName(.udp, number) }
        var order = ReleaseOrder(patience: 0, idleLimit: 3)
        var gone: [UInt32] = []
        for number in [0, 1, 2, 0, 1, 3, 0, 4, 0, 5] as [UInt32] {
            order.begin(name(number))
            order.noteDatagram(name(number))
            while let next = order.next() { gone.append(next.stream) }
        }
        #expect(gone == [2, 1, 3])
        #expect(order.count == 3)
        // What comes of one that is gone begins it anew.
        order.begin(name(2))
        #expect(order.finish() == [name(0), name(4), name(5), name(2)])
    }

    @Test func manyExchangesTakeNoMoreThanTheirLimit() {
        var feed = Feed(analyzer: TransportAnalyzer(seed: 5))
        var book = StoryBook(releasing: true)
        var collector = ConversationCollector(releasing: true)
        var told: [UInt32] = []
        var drawn = 0
        let all = ReleaseOrder.idleLimit + 3000
        for number in 0..<all {
            feed.take(TestPacket.udp(client(number), server, payload: [1], checksum: .partial), at: Int64(number)) {
                bytes, dissection, facts in
                book.take(bytes, dissection, facts)
                collector.take(bytes, dissection, facts)
            }
            while let story = book.next() { told.append(story.name.stream) }
            while collector.next() != nil { drawn += 1 }
        }
        #expect(told == Array(0..<3000))
        #expect(drawn == 3000)
        #expect(told + book.finish().map(\.name.stream) == Array(0..<UInt32(all)))
    }

    /// A flood of SYNs takes no more than its limit, and whoever is answered in time stays.
    @Test func attemptsThatNobodyAnswersAreLetGoOf() throws {
        var feed = Feed(analyzer: TransportAnalyzer(seed: 5))
        var book = StoryBook(releasing: true)
        var queue = ConnectionQueue()
        var told: [UInt32] = []
        var mostKept = 0
        let all = ReleaseOrder.idleLimit + 3000
        func take(_ packet: [UInt8], at time: Int64) {
            feed.take(packet, at: time) { bytes, dissection, facts in
                book.take(bytes, dissection, facts)
                queue.take(bytes, dissection, facts)
            }
            while let story = book.next() { told.append(story.name.stream) }
            while queue.next() != nil {}
            mostKept = max(mostKept, queue.count)
        }
        for packet in short(0).prefix(3) { take(packet, at: 0) }
        for number in 1...all { take(TestPacket.tcp(client(number), server, .syn, seq: 1), at: 0) }
        // Stream 0 was answered and waits for its end; up to a thousand others wait for it.
        #expect(told.count >= 2000 && told == Array(1...UInt32(told.count)))
        #expect(mostKept <= ReleaseOrder.idleLimit + 2 + 1000)
        // An answer to one that was let go of is counted, not told as a connection of its own.
        take(TestPacket.tcp(server, client(5), [.syn, .ack], seq: 1, ack: 2), at: 1)
        let left = book.finish()
        #expect(left.count + told.count == all + 1)
        #expect(left.first?.name.stream == 0)
    }

    @Test func statisticsForgetConnectionsButNotWhatTheyCarried() {
        var feed = Feed(analyzer: TransportAnalyzer(seed: 5, remembering: 2))
        var statistics = CaptureStatistics()
        for number in 0..<40 {
            var packets = short(number)
            packets.insert(
                TestPacket.tcp(
                    client(number), server, [.psh, .ack], seq: 2, ack: 2,
                    payload: [UInt8](repeating: 1, count: number == 7 ? 500 : 5)), at: 3)
            for packet in packets { feed.take(packet, at: Int64(number)) { statistics.take($0, $1, $2) } }
        }
        #expect(statistics.busiestStream == 7)
        #expect(statistics.requests.requests == 40)
    }
}

@Suite struct FlowTableRemovalTests {
    /// Against a dictionary: what was removed is gone, everything else is found.
    @Test func removalLosesNothingElse() {
        func key(_ index: UInt32) -> FlowKey {
            FlowKey.of(
                source: .v4(IPv4Address(rawValue: index)), sourcePort: 1, destination: .v4(.loopback),
                destinationPort: 2, transport: .udp
            ).key
        }
        var table = FlowTable(seed: 11)
        var known: [UInt32: Int] = [:]
        var dice: UInt32 = 12345
        for _ in 0..<20_000 {
            dice = dice &* 1_664_525 &+ 1_013_904_223
            let index = dice >> 16 & 1023
            if let number = known[index] {
                #expect(table.number(of: key(index)) == (number, false))
                if dice & 0x8000 != 0 {
                    table.remove(number)
                    known[index] = nil
                }
            } else {
                let (number, isNew) = table.number(of: key(index))
                #expect(isNew)
                #expect(!known.values.contains(number))
                known[index] = number
            }
        }
        for (index, number) in known { #expect(table.number(of: key(index)) == (number, false)) }
        #expect(table.count <= 1024)
    }
}

@Suite struct ConnectionRolesTests {
    struct First: Sendable {
        let flags: TCPFlags
        let source: UInt16
        let destination: UInt16
        let isFromClient: Bool

        init(_ flags: TCPFlags, _ source: UInt16, _ destination: UInt16, _ isFromClient: Bool) {
            (self.flags, self.source, self.destination, self.isFromClient) = (flags, source, destination, isFromClient)
        }
    }

    @Test(arguments: [
        First(.syn, 80, 50_000, true), First([.syn, .ack], 50_000, 80, false), First([.psh, .ack], 50_000, 80, true),
        First([.psh, .ack], 80, 50_000, false),
        First(.ack, 8080, 40_000, false), First(.ack, 40_000, 8080, true), First(.ack, 443, 8080, false),
        First(.ack, 65_432, 43_210, true),
        First(.ack, 43_210, 65_432, true), First(.rst, 22, 2222, false),
    ])
    func theFirstSegmentTells(_ first: First) {
        #expect(
            ConnectionRoles.isFromClient(first.flags, sourcePort: first.source, destinationPort: first.destination)
                == first.isFromClient)
    }

    /// A capture that begins with a server's data: every part says the same of who is who.
    @Test func everybodyNamesTheSameClient() throws {
        let client = Endpoint(.v4(.loopback), 43_210)
        let server = Endpoint(.v4(.loopback), 80)
        let records = [
            TestPacket.tcp(server, client, [.psh, .ack], seq: 100, ack: 500, payload: [1, 2, 3]),
            TestPacket.tcp(client, server, .ack, seq: 500, ack: 103),
            TestPacket.tcp(client, server, [.psh, .ack], seq: 500, ack: 103, payload: [4]),
        ]
        var counter = FlowCounter(seed: 1)
        var analyzer = TransportAnalyzer(seed: 1)
        var dissection = Dissection()
        var book = StoryBook()
        var queue = ConnectionQueue()
        var collector = ConversationCollector()
        var traces = TraceCollector(stream: 0, listed: 1)
        for (index, bytes) in records.enumerated() {
            let time = TestClock.at(Int64(index))
            counter.take(TestPacket.header(bytes, number: index + 1, time: time), bytes.rawSpan)
            Dissector().dissect(bytes.rawSpan, linkType: .ethernet, wireLength: bytes.count, into: &dissection)
            var facts = PacketFacts()
            (facts.number, facts.timestamp, facts.wireLength) = (index + 1, time, bytes.count)
            facts.transport = analyzer.facts(of: bytes.rawSpan, dissection, number: index + 1, time: time)
            book.take(bytes.rawSpan, dissection, facts)
            queue.take(bytes.rawSpan, dissection, facts)
            collector.take(bytes.rawSpan, dissection, facts)
            traces.take(bytes.rawSpan, dissection, facts)
        }
        let flow = counter.flows[0]
        #expect((flow.record.originatorDirection == .lowerToUpper ? flow.key.lower : flow.key.upper) == client)
        let story = try #require(book.stories.first)
        #expect(story.client == client && story.server == server)
        let total = try #require(story.findings.last)
        #expect(total.kind == .total)
        #expect(total.sentence.parts.filter { $0 == .bytes(1) || $0 == .bytes(3) } == [.bytes(1), .bytes(3)])
        #expect(queue.finish().first?.connection.client == client)
        #expect(collector.conversations.first?.client == client)
        #expect(traces.trace?.client == client)
    }
}
