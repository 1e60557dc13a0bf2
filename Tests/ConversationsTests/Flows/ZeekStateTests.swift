import Addressing
import Analysis
import Packets
import TestSupport
import Testing

@testable import Conversations

/// Zeek's `conn_state` and `history`, state by state and letter by letter, as its documentation
/// (base/protocols/conn/main.zeek) and its source (TCPSessionAdapter.cc) say. The conversations are written down as
/// words, a packet each:
///
///     >S      from the client, a SYN; < from the server. Flags: S A F R P.
///     >PA10   ten bytes of payload
///     >PA10@-10   the number ten below the next one: sent again
///     <A+100  acknowledges 100 bytes more than were sent
///     <Aw0    with a window of 0
@Suite struct ZeekStateTests {
    struct Expectation: CustomTestStringConvertible {
        let packets: String
        let state: String
        let history: String
        var testDescription: String { packets }

        init(_ packets: String, _ state: String, _ history: String) {
            (self.packets, self.state, self.history) = (packets, state, history)
        }
    }

    private static let handshake = ">S <SA >A "

    static let states: [Expectation] = [
        Expectation(">S", "S0", "S"),
        Expectation(">S >S >S", "S0", "S"),
        Expectation(handshake, "S1", "ShA"),
        Expectation(handshake + ">PA10 <A >FA <FA >A", "SF", "ShADaFf"),
        Expectation(handshake + "<FA >FA <A", "SF", "ShAfFa"),
        Expectation(">S <RA", "REJ", "Sr"),
        // Both reset, and nobody sent a byte.
        Expectation(">S <SA >R <R", "REJ", "ShRr"),
        Expectation(handshake + ">FA <A", "S2", "ShAFa"),
        Expectation(handshake + "<FA >A", "S3", "ShAf"),
        Expectation(handshake + ">R", "RSTO", "ShAR"),
        Expectation(handshake + "<R", "RSTR", "ShAr"),
        Expectation(">S >R", "RSTOS0", "SR"),
        // Something of the originator's between SYN and RST: no longer that.
        Expectation(">S >A >R", "OTH", "SAR"),
        Expectation("<SA <R", "RSTRH", "^hr"),
        Expectation(">S >F", "SH", "SF"),
        Expectation("<SA <F", "SHR", "^hf"),
        Expectation(">PA10 <A", "OTH", "Da"),
        // Only the SYN is missing.
        Expectation("<SA >A", "S1", "^hA"),
        Expectation("<SA >A >FA <FA", "SF", "^hAFf"),
        // FIN, then RST, then the other's FIN: a normal end after all.
        Expectation(handshake + ">FA >R <FA", "SF", "ShAFRf"),
        Expectation(handshake + ">FA <FA >R", "SF", "ShAFfR"),
        Expectation(handshake + ">FA >R", "RSTO", "ShAFR"),
        // The SYN was acknowledged, but not answered with one: no connection yet.
        Expectation(">S <A", "S0", "Sa"),
        // Simultaneous open: each end's SYN-ACK has the number of its SYN and is no other one.
        Expectation(">S <S >SA <SA", "S1", "Ss"),
    ]

    static let letters: [Expectation] = [
        // a, d, i, q once.
        Expectation(handshake + ">PA5 >PA5 <A <A <PA5 >A", "S1", "ShADad"),
        Expectation(handshake + ">FRA", "RSTO", "ShAI"),
        Expectation(">SF", "SH", "Q"),
        Expectation(">SR", "OTH", "Q"),
        // r, f again with another number.
        Expectation(handshake + ">R >R", "RSTO", "ShAR"),
        Expectation(handshake + ">R >R@5", "RSTO", "ShARR"),
        Expectation(handshake + ">FA >FA@-1", "S2", "ShAF"),
        Expectation(handshake + ">FA >FA", "S2", "ShAFF"),
        // t: once, ten times, a hundred times.
        Expectation(handshake + ">PA10 >PA10@-10", "S1", "ShADT"),
        Expectation(handshake + ">PA10" + String(repeating: " >PA10@-10", count: 9), "S1", "ShADT"),
        Expectation(handshake + ">PA10" + String(repeating: " >PA10@-10", count: 10), "S1", "ShADTT"),
        Expectation(handshake + "<PA10" + String(repeating: " <PA10@-10", count: 100), "S1", "ShAdttt"),
        // A keep-alive repeats no payload; one with a byte of it does.
        Expectation(handshake + ">PA10 >A@-1", "S1", "ShAD"),
        Expectation(handshake + ">PA10 >A1@-1", "S1", "ShADT"),
        // Nothing after a reset is believed.
        Expectation(handshake + ">PA10 >R >PA10@-10", "RSTO", "ShADR"),
        // w
        Expectation(handshake + ">PA10 <Aw0", "S1", "ShADaw"),
        Expectation(handshake + ">PA10" + String(repeating: " <Aw0", count: 10), "S1", "ShADaww"),
        Expectation(handshake + ">FA <Aw0", "S2", "ShAFa"),
        Expectation(handshake + "<FAw0", "S3", "ShAfw"),
        Expectation(handshake + ">RAw0", "RSTO", "ShAR"),
        // g: of the end whose bytes are missing; only where both ends were established.
        Expectation(handshake + "<A+100", "S1", "ShAaG"),
        Expectation(handshake + ">A+100", "S1", "ShAg"),
        Expectation(">PA10 <A+100", "OTH", "Da"),
        // ^: the first packet was an answer, by its flags or by its port.
        Expectation("<SA >A <PA7", "S1", "^hAd"),
        Expectation("<PA7 >A", "OTH", "^dA"),
    ]

    @Test(arguments: states + letters)
    func isWhatZeekSays(expected: Expectation) throws {
        let record = try #require(track(expected.packets))
        #expect("\(record.state(.tcp).name)" == expected.state)
        #expect(record.history.description == expected.history)
    }

    @Test func everyStateIsThere() {
        #expect(
            Set(Self.states.map(\.state)) == [
                "S0", "S1", "SF", "REJ", "S2", "S3", "RSTO", "RSTR", "RSTOS0", "RSTRH", "SH", "SHR", "OTH",
            ])
    }

    private func track(_ words: String) -> FlowRecord? {
        var counter = FlowCounter(seed: 1)
        let ends = (
            client: Endpoint(.v4(IPv4Address(rawValue: 0x0a00_0001)), 43210),
            server: Endpoint(.v4(IPv4Address(rawValue: 0x0a00_0002)), 80)
        )
        var next: (client: UInt32, server: UInt32) = (1000, 5000)
        for (index, word) in words.split(separator: " ").enumerated() {
            let isClient = word.first == ">"
            var flags: TCPFlags = []
            var numbers: [Character: Int] = [:]
            var key: Character = "n"
            var digits = ""
            for letter in word.dropFirst() + " " {
                if letter.isNumber || letter == "-" && digits.isEmpty {
                    digits.append(letter)
                    continue
                }
                if let number = Int(digits) { numbers[key] = number }
                digits = ""
                switch letter {
                case "S": flags.insert(.syn)
                case "A": flags.insert(.ack)
                case "F": flags.insert(.fin)
                case "R": flags.insert(.rst)
                case "P": flags.insert(.psh)
                default: key = letter
                }
            }
            let length = numbers["n"] ?? 0
            // A SYN again is the same one again.
            let sequence =
                (flags.contains(.syn) ? isClient ? 1000 : 5000 : isClient ? next.client : next.server)
                &+ UInt32(truncatingIfNeeded: numbers["@"] ?? 0)
            let acknowledgment =
                flags.contains(.ack) ? (isClient ? next.server : next.client) &+ UInt32(numbers["+"] ?? 0) : 0
            let bytes = TestPacket.tcp(
                isClient ? ends.client : ends.server, isClient ? ends.server : ends.client, flags, seq: sequence,
                ack: acknowledgment,
                payload: [UInt8](repeating: 120, count: length), window: UInt16(numbers["w"] ?? 4096))
            counter.take(
                TestPacket.header(bytes, number: index + 1, time: TestClock.at(Int64(index))), bytes.rawSpan)
            if numbers["@"] == nil {
                let isRepeated = flags.contains(.syn) && (isClient ? next.client != 1000 : next.server != 5000)
                let taken = UInt32(length) + (flags.isDisjoint(with: [.syn, .fin]) || flags.contains(.rst) ? 0 : 1)
                if !isRepeated { if isClient { next.client &+= taken } else { next.server &+= taken } }
            }
        }
        return counter.flows.count == 1 ? counter.flows[0].record : nil
    }
}
