import Packets

/// A packet without a TCP or UDP layer of its own, as one capture saw it: ARP, ICMP, a later fragment. What routers do
/// not change tells it from others.
public struct OtherSighting: Hashable, Sendable {
    /// The record's number in its capture.
    public let number: Int
    private let content: UInt64

    /// How many payload bytes are compared.
    private static let depth = 256

    init(_ record: RawSpan, _ dissection: borrowing Dissection, number: Int) {
        self.number = number
        var hash = Hash()
        if let layer = dissection.network {
            let payload = record.extracting(layer.payload)
            if layer.kind == .ipv4, let packet = try? IPv4Packet(record.extracting(layer.range)) {
                hash.take(UInt8(truncatingIfNeeded: packet.protocolNumber.rawValue))
                for part in [Int(packet.identification), packet.fragmentOffset, packet.moreFragments ? 1 : 0] {
                    hash.take(part)
                }
            }
            hash.take(payload, atMost: Self.depth)
        } else {
            // ARP: nobody changes it, and its link header is its network's.
            hash.take(record.extracting(min(14, record.byteCount)..<record.byteCount), atMost: 28)
        }
        content = hash.value
    }

    /// Which packets of two captures are the same, in their order; the others were seen at one place only.
    public static func pairs(_ first: [OtherSighting], _ second: [OtherSighting]) -> (
        both: Int, onlyFirst: [Int], onlySecond: [Int]
    ) {
        var waiting: [UInt64: Int] = [:]
        for sighting in second { waiting[sighting.content, default: 0] += 1 }
        var (both, onlyFirst): (Int, [Int]) = (0, [])
        for sighting in first {
            if let count = waiting[sighting.content], count > 0 {
                waiting[sighting.content] = count - 1
                both += 1
            } else {
                onlyFirst.append(sighting.number)
            }
        }
        // Of those that occur more often here than there, the last ones are left.
        var onlySecond: [Int] = []
        for sighting in second.reversed() {
            if let count = waiting[sighting.content], count > 0 {
                waiting[sighting.content] = count - 1
                onlySecond.append(sighting.number)
            }
        }
        return (both, onlyFirst, onlySecond.reversed())
    }

    /// FNV-1a.
    private struct Hash {
        private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

        mutating func take(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        mutating func take(_ number: Int) {
            for shift in [0, 8, 16] { take(UInt8(truncatingIfNeeded: number >> shift)) }
        }
        mutating func take(_ bytes: RawSpan, atMost limit: Int) {
            for offset in 0..<min(limit, bytes.byteCount) { take(bytes.uint8(at: offset)) }
        }
    }
}
