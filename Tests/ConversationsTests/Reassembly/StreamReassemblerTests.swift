import Addressing
import Conversations
import Packets
import Testing

@Suite struct StreamReassemblerTests {
    private static let seeds: [UInt64] = (0..<40).map { _ in .random(in: .min ... .max) }

    /// Bytes of which no stretch looks like another.
    private func stream(_ length: Int, _ generator: inout SplitMix64) -> [UInt8] {
        (0..<length).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    /// Checks that pieces follow one another without a hole, and gives their bytes; gaps are filled with zeros.
    private func join(_ pieces: [StreamReassembler.Piece], _ comment: Comment) -> [UInt8] {
        var joined: [UInt8] = []
        for piece in pieces {
            #expect(piece.position == UInt64(joined.count), comment)
            switch piece.content {
            case .bytes(let bytes): joined += bytes
            case .gap(let length): joined += [UInt8](repeating: 0, count: Int(clamping: length))
            }
        }
        return joined
    }

    @Test(arguments: seeds)
    func anyOrderOverlapAndRepetitionGiveTheSameStream(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        let sent = stream(.random(in: 1...5000, using: &generator), &generator)
        // The numbers wrap in the middle of half of the streams.
        let initial: UInt32 =
            .random(in: 0...1, using: &generator) == 0
            ? 0 &- UInt32(sent.count / 2) : .random(in: .min ... .max, using: &generator)
        var segments: [Range<Int>] = []
        var position = 0
        while position < sent.count {
            let end = min(sent.count, position + .random(in: 1...400, using: &generator))
            segments.append(position..<end)
            // The next one begins anywhere from this one's start to its end.
            position =
                .random(in: 0...2, using: &generator) == 0 ? .random(in: position + 1...end, using: &generator) : end
        }
        segments += segments.filter { _ in .random(in: 0...3, using: &generator) == 0 }
        segments.shuffle(using: &generator)

        var reassembler = StreamReassembler()
        reassembler.open(at: initial)
        var pieces: [StreamReassembler.Piece] = []
        for (index, segment) in segments.enumerated() {
            let bytes = Array(sent[segment])
            pieces += reassembler.add(
                sequence: initial &+ UInt32(segment.lowerBound), bytes.rawSpan, length: bytes.count, packet: index + 1)
        }
        #expect(join(pieces, "seed \(seed)") == sent, "seed \(seed)")
        #expect(reassembler.waitingBytes == 0, "seed \(seed)")
        #expect(reassembler.finish().isEmpty, "seed \(seed)")
        let repeated = segments.reduce(0) { $0 + $1.count } - sent.count
        #expect(reassembler.repeatedBytes == UInt64(repeated), "seed \(seed)")
    }

    @Test(arguments: seeds)
    func whatIsMissingIsNamedAndTheRestStands(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        let sent = stream(4000, &generator).map { $0 | 1 }
        var expected = sent
        var segments: [Range<Int>] = []
        for start in stride(from: 0, to: sent.count, by: 100) {
            if start > 0, start < 3900, .random(in: 0...4, using: &generator) == 0 {
                for index in start..<start + 100 { expected[index] = 0 }
            } else {
                segments.append(start..<start + 100)
            }
        }
        let first = segments.removeFirst()
        segments.shuffle(using: &generator)
        var reassembler = StreamReassembler()
        var pieces: [StreamReassembler.Piece] = []
        for (index, segment) in ([first] + segments).enumerated() {
            let bytes = Array(sent[segment])
            pieces += reassembler.add(
                sequence: 7 &+ UInt32(segment.lowerBound), bytes.rawSpan, length: bytes.count, packet: index + 1)
        }
        pieces += reassembler.finish()
        #expect(join(pieces, "seed \(seed)") == expected, "seed \(seed)")
    }

    /// Whatever numbers and lengths come, no more is kept than the stated limits, and the pieces stay in order.
    @Test(arguments: seeds)
    func aHostileStreamKeepsNoMoreThanTheLimit(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        let limit = 2000
        var reassembler = StreamReassembler(limit: limit)
        let payload = stream(600, &generator)
        var position: UInt64 = 0
        func check(_ pieces: [StreamReassembler.Piece]) {
            for piece in pieces {
                #expect(piece.position == position, "seed \(seed)")
                switch piece.content {
                case .bytes(let bytes): position += UInt64(bytes.count)
                case .gap(let length): position += length
                }
            }
        }
        for packet in 1...3000 {
            let length = Int.random(in: 0...600, using: &generator)
            let sequence: UInt32 =
                switch Int.random(in: 0...3, using: &generator) {
                case 0: .random(in: .min ... .max, using: &generator)
                case 1: UInt32(truncatingIfNeeded: position) &+ 2
                default: UInt32(truncatingIfNeeded: position) &+ .random(in: 0...40_000, using: &generator)
                }
            let bytes = Array(payload[..<length])
            // The wire may claim more than was captured.
            check(
                reassembler.add(
                    sequence: sequence, bytes.rawSpan, length: length + .random(in: 0...9, using: &generator),
                    packet: packet))
            if packet % 17 == 0 {
                check(reassembler.acknowledge(.random(in: .min ... .max, using: &generator), packet: packet))
            }
            #expect(reassembler.waitingBytes <= limit, "seed \(seed)")
        }
        check(reassembler.finish())
    }

    @Test func manyTinyPiecesAreGivenUpToo() {
        var reassembler = StreamReassembler()
        reassembler.open(at: 0)
        var gaps = 0
        for index in 0..<10_000 as Range<UInt32> {
            let pieces = reassembler.add(sequence: 1 + 2 * index, [9 as UInt8].rawSpan, length: 1, packet: Int(index))
            gaps += pieces.count { if case .gap = $0.content { true } else { false } }
            #expect(reassembler.waitingBytes <= StreamReassembler.maximumPieces)
        }
        #expect(gaps == 10_000 - StreamReassembler.maximumPieces)
    }

    @Test func theBytesThatCameFirstStand() {
        var reassembler = StreamReassembler()
        reassembler.open(at: 0)
        var pieces = reassembler.add(sequence: 2, [3, 4, 5].rawSpan, length: 3, packet: 1)
        pieces += reassembler.add(sequence: 0, [1, 2, 30, 40, 50, 6].rawSpan, length: 6, packet: 2)
        #expect(join(pieces, "") == [1, 2, 3, 4, 5, 6])
        #expect(reassembler.repeatedBytes == 3)
        #expect(reassembler.repetitions.map(\.packet) == [2])
        #expect(reassembler.repetitions.first?.position == 2)
        #expect(reassembler.repetitions.first?.differs == true)
        _ = reassembler.add(sequence: 4, [5, 6].rawSpan, length: 2, packet: 3)
        #expect(reassembler.repetitions.last?.position == 4)
        #expect(reassembler.repetitions.last?.length == 2)
        #expect(reassembler.repetitionCount == 2)
    }

    @Test func whatWasAcknowledgedUnseenIsAGap() {
        var reassembler = StreamReassembler()
        reassembler.open(at: 100)
        _ = reassembler.add(sequence: 100, [1, 2].rawSpan, length: 2, packet: 1)
        let pieces = reassembler.acknowledge(110, packet: 5)
        #expect(pieces == [.init(position: 2, content: .gap(8), packet: 5)])
    }
}
