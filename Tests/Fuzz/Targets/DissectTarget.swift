import Addressing
import Packets

/// Packets to dissect and draw, as bytes:
///
///     link type (2, little endian)  options (1)  { captured length (2)  cut off (1)  time (1)  bytes }
///
/// Small on purpose: nothing that the fuzzer changes is wasted on a file format.
public enum DissectTarget {
    /// What the options byte asks for.
    private enum Option {
        static let smallBlocks: UInt8 = 1
        static let comments: UInt8 = 2
        static let noTimes: UInt8 = 4
    }

    static func run(_ input: [UInt8]) throws(FuzzFinding) {
        guard input.count >= 3 else { return }
        let linkType = LinkType(rawValue: UInt32(input[0]) | UInt32(input[1]) << 8)
        let options = input[2]
        let show = PacketShow(small: options & Option.smallBlocks != 0, whole: true)
        var position = 3
        var number = 0
        while position + 4 <= input.count, number < 64 {
            let length = min(Int(input[position]) | Int(input[position + 1]) << 8, input.count - position - 4)
            // A copy of its own, so that the address sanitizer sees what reads beyond it.
            let bytes = Array(input[position + 4..<position + 4 + length])
            number += 1
            var facts = PacketFacts()
            facts.number = number
            facts.linkType = linkType
            facts.capturedLength = length
            facts.wireLength = length + Int(input[position + 2]) * 16
            if options & Option.noTimes == 0 {
                facts.timestamp = Timestamp(seconds: 1_763_708_400, nanoseconds: UInt32(number) * 1_000_000).advanced(
                    byNanoseconds: Int64(input[position + 3]) * 1_000_003)
            }
            var notes = PacketNotes.none
            if options & Option.comments != 0 {
                notes.comments = [String(decoding: bytes.prefix(100), as: UTF8.self), ""]
                notes.interfaceName = String(decoding: bytes.suffix(20), as: UTF8.self)
                facts.commentCount = 2
                facts.interface = UInt32(input[position + 3])
                facts.hasInterfaceName = true
            }
            try show.show(bytes.rawSpan, facts, notes)
            position += 4 + length
        }
        try show.finish()
    }

    /// The input that holds these packets.
    public static func input(linkType: LinkType, options: UInt8, _ packets: [[UInt8]]) -> [UInt8] {
        var input: [UInt8] = [
            UInt8(truncatingIfNeeded: linkType.rawValue), UInt8(truncatingIfNeeded: linkType.rawValue >> 8), options,
        ]
        for (index, packet) in packets.enumerated() {
            let bytes = packet.prefix(4096)
            input += [
                UInt8(truncatingIfNeeded: bytes.count), UInt8(truncatingIfNeeded: bytes.count >> 8), 0,
                UInt8(truncatingIfNeeded: index),
            ]
            input += bytes
        }
        return input
    }
}
