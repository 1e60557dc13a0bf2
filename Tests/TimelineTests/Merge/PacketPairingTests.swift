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
