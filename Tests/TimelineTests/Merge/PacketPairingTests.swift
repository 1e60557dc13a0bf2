import Addressing
import Packets
import TestSupport
import Testing

@testable import Timeline

@Suite struct PacketPairingTests {
    @Test(arguments: [0, 3], [nil, Endpoint(.v4(IPv4Address(rawValue: 0xcb00_7105)), 61000)])
    func lossesAndDoublesAreFound(hops: Int, translated: Endpoint?) throws {
        var captures = GeneratedCaptures(offset: 3_000_000_000, drift: 50e-6)
        captures.hops = hops
        captures.translated = translated
        captures.losses = [20, 21, 55, 102]
        captures.doubles = [40, 77]
        captures.exchange(count: 100, gap: 20_000_000, least: 4_000_000, spread: 3_000_000, seed: 9)
        let pairing = try #require(captures.pairing())
        #expect(pairing.crossings.count == 200)
        #expect(pairing.lost.count == 4)
        #expect(pairing.crossings.count { $0.isDoubled } == 2)
        #expect(pairing.unsent.isEmpty && pairing.elsewhere.isEmpty && pairing.outside.isEmpty)
        // Odd ones are the client's.
        #expect(pairing.lost.map(\.from) == [.second, .first, .first, .second])
        for crossing in pairing.crossings {
            guard let departure = crossing.departure, let arrival = crossing.arrivals.first else { continue }
            let time = pairing.time(crossing.from.other, arrival).nanoseconds(
                since: pairing.time(crossing.from, departure))
            #expect((0...14_000_000).contains(time))
        }
    }

    /// A packet with a flipped bit is not lost: it arrived with a wrong checksum.
    @Test func damagedOnesAreFound() throws {
        var captures = GeneratedCaptures(offset: 500_000_000)
        captures.damages = [20, 21, 55]
        captures.losses = [31]
        captures.exchange(count: 50, gap: 20_000_000, least: 4_000_000, spread: 1_000_000, seed: 5)
        let pairing = try #require(captures.pairing())
        #expect(pairing.crossings.count == 100)
        #expect(pairing.crossings.count { $0.isDamaged } == 3)
        #expect(pairing.lost.count == 1 && pairing.unsent.isEmpty)
        for crossing in pairing.crossings where crossing.isDamaged {
            let (departure, arrival) = (try #require(crossing.departure), try #require(crossing.arrivals.first))
            let time = pairing.time(crossing.from.other, arrival).nanoseconds(
                since: pairing.time(crossing.from, departure))
            #expect((3_000_000...7_000_000).contains(time))
        }
    }

    /// The same segment four times: each arrival belongs to one of them, and the lost one is known.
    @Test(arguments: [1, 2, 3, 4]) func repetitionsAreToldApart(lost: Int) throws {
        var captures = GeneratedCaptures()
        captures.losses = [lost + 2]
        captures.send(0, delay: 20_000_000, fromClient: true, seq: 1, ack: 1, payload: [9], id: 1)
        captures.send(20_100_000, delay: 20_000_000, fromClient: false, seq: 1, ack: 2, id: 1)
        for number in 0..<4 as Range<Int64> {
            captures.send(
                100_000_000 + number * 200_000_000, delay: 20_000_000, fromClient: true, seq: 2, ack: 1,
                payload: [7, 7], id: 5)
        }
        captures.send(900_000_000, delay: 20_000_000, fromClient: false, seq: 1, ack: 4, id: 2)
        let pairing = try #require(captures.pairing())
        #expect(pairing.crossings.count == 7)
        #expect(
            pairing.lost.map { $0.departure.map { pairing.first[$0].packet.time } } == [
                TestClock.at(100_000 + Int64(lost - 1) * 200_000)
            ])
    }

    /// Segmentation offload: what leaves as one arrives as many, behind address translation, too; the card at the other
    /// end may join them again. Bytes that are missing are lost, others are not.
    @Test(arguments: [nil, Endpoint(.v4(IPv4Address(rawValue: 0xcb00_7105)), 61000)])
    func segmentsAreCutAndJoined(translated: Endpoint?) throws {
        var captures = GeneratedCaptures(offset: 2_000_000_000)
        captures.translated = translated
        captures.exchange(count: 3, gap: 10_000_000, least: 1_000_000, spread: 0, seed: 3)
        captures.sendRanges(
            100_000_000, delay: 1_000_000, seq: 500_000, sent: [0..<4000, 4000..<8000],
            came: [0..<1400, 1400..<2800, 2800..<4000, 4000..<8000])
        captures.sendRanges(
            200_000_000, delay: 1_000_000, seq: 508_000, sent: [0..<4000, 4000..<5000, 5000..<6000],
            came: [0..<1400, 2800..<4000, 4000..<6000])
        captures.sendRanges(300_000_000, delay: 1_000_000, seq: 514_000, sent: [0..<10], came: [0..<10])
        let pairing = try #require(captures.pairing())
        #expect(pairing.lost.isEmpty && pairing.unsent.isEmpty && pairing.outside.isEmpty)
        let divided = pairing.crossings.filter { $0.division != nil }
        #expect(divided.map(\.arrivals.count) == [3, 2, 1, 1])
        #expect(divided.map(\.division?.missing) == [0, 1400, 0, 0])
        #expect(!pairing.crossings.contains { $0.isDoubled })
    }

    /// A stream of more than 4 GiB has each sequence number again.
    @Test func sequenceNumbersBeginAgain() throws {
        var captures = GeneratedCaptures()
        captures.exchange(count: 2, gap: 10_000_000, least: 1_000_000, spread: 0, seed: 3)
        captures.sendRanges(
            100_000_000, delay: 1_000_000, seq: 0xffff_f000, sent: [0..<8000, 8000..<9000],
            came: [0..<5000, 5000..<9000])
        let pairing = try #require(captures.pairing())
        #expect(pairing.lost.isEmpty && pairing.unsent.isEmpty)
        #expect(pairing.crossings.compactMap(\.division?.missing) == [0, 0])
    }

    /// The last bytes of the last segment: nobody knows whether they were lost or the capture had ended.
    @Test func whatTheEndCutsOffIsNotLost() throws {
        var captures = GeneratedCaptures()
        captures.exchange(count: 2, gap: 10_000_000, least: 1_000_000, spread: 0, seed: 3)
        captures.sendRanges(100_000_000, delay: 1_000_000, seq: 9000, sent: [0..<8000], came: [0..<1400])
        let pairing = try #require(captures.pairing())
        #expect(pairing.crossings.compactMap(\.division?.missing) == [0])
    }

    /// An echo's answers have the questions' bytes; the ends tell them apart.
    @Test(arguments: [0, 7] as [UInt16]) func echoesArePaired(identification: UInt16) throws {
        var both = [SightingCollector(seed: 1), SightingCollector(seed: 1)]
        func see(_ place: Int, _ time: Int64, fromClient: Bool, _ id: UInt16) {
            let (client, server) = (GeneratedCaptures.client, GeneratedCaptures.server)
            var bytes =
                fromClient
                ? TestPacket.udp(client, server, payload: [1, 2, 3])
                : TestPacket.udp(server, client, payload: [1, 2, 3])
            (bytes[18], bytes[19]) = (UInt8(id >> 8), UInt8(id & 255))
            var dissection = Dissection()
            Dissector().dissect(bytes.rawSpan, linkType: .ethernet, wireLength: bytes.count, into: &dissection)
            var facts = PacketFacts()
            facts.number = both[place].sightings.count + 1
            facts.timestamp = TestClock.at(0).advanced(byNanoseconds: time)
            (facts.capturedLength, facts.wireLength) = (bytes.count, bytes.count)
            both[place].take(bytes.rawSpan, dissection, facts)
        }
        for round in 0..<3 as Range<Int64> {
            let (start, id) = (round * 10_000_000, identification == 0 ? 0 : identification + UInt16(round))
            see(0, start, fromClient: true, id)
            see(1, start + 1_000_000, fromClient: true, id)
            see(1, start + 1_100_000, fromClient: false, id)
            see(0, start + 2_100_000, fromClient: false, id)
        }
        let pairing = try #require(PacketPairing(both[0].sightings, both[1].sightings))
        #expect(pairing.crossings.count == 6 && pairing.lost.isEmpty && pairing.unsent.isEmpty)
        #expect(pairing.crossings.map(\.from) == [.first, .second, .first, .second, .first, .second])
    }

    /// The first SYN was lost before the other capture saw anything: that it was sent again and came then shows it.
    @Test func aLostFirstSYNIsLost() throws {
        var captures = GeneratedCaptures()
        captures.losses = [1]
        captures.send(0, delay: 1_000_000, fromClient: true, seq: 99, ack: 0, flags: .syn, id: 1)
        captures.send(1_000_000_000, delay: 1_000_000, fromClient: true, seq: 99, ack: 0, flags: .syn, id: 2)
        captures.send(1_001_100_000, delay: 1_000_000, fromClient: false, seq: 5, ack: 100, flags: [.syn, .ack], id: 3)
        captures.send(1_003_000_000, delay: 1_000_000, fromClient: true, seq: 100, ack: 6, id: 4)
        let pairing = try #require(captures.pairing())
        #expect(pairing.lost.compactMap(\.departure) == [0])
        #expect(pairing.outside.isEmpty)
    }

    @Test func capturesWithNothingInCommon() {
        var one = GeneratedCaptures()
        one.exchange(count: 5, gap: 1_000_000, least: 1000, spread: 0, seed: 1)
        var other = GeneratedCaptures()
        other.send(0, delay: 1000, fromClient: true, seq: 77, ack: 88, payload: [1], id: 3)
        #expect(PacketPairing(one.collectors[0].sightings, other.collectors[1].sightings) == nil)
        #expect(PacketPairing([], []) == nil)
    }

    /// A packet from before the other capture began was not lost.
    @Test func whatOnlyOneCaptureCouldSeeIsNoLoss() throws {
        var captures = GeneratedCaptures(offset: 1_000_000_000)
        captures.exchange(count: 50, gap: 10_000_000, least: 1_000_000, spread: 100_000, seed: 3)
        let both = captures.collectors
        let late = Array(both[1].sightings.dropFirst(40))
        let pairing = try #require(PacketPairing(both[0].sightings, late))
        #expect(pairing.lost.isEmpty)
        #expect(pairing.outside[.first]?.count == 40)
    }
}
