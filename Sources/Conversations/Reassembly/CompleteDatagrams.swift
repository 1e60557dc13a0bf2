import Packets

/// The datagrams that were completed last: a fragment of theirs that comes again begins no other datagram.
///
/// It is taken for a repetition only where it is the same in place, length and bytes; of the bytes a hash is kept.
struct CompleteDatagrams: Sendable {
    /// How many are remembered.
    static let limit = 256

    private struct Fragment: Hashable {
        let start: Int
        let length: Int
        let hash: UInt64
    }

    private struct Complete {
        let packet: UInt32
        let time: Int64?
        let fragments: Set<Fragment>
    }

    private var datagrams: [FragmentPlace.Datagram: Complete] = [:]
    /// The keys in the order in which they came; a ring.
    private var keys: [FragmentPlace.Datagram] = []
    private var oldest = 0

    /// Notes a datagram.
    mutating func note(
        _ key: FragmentPlace.Datagram, _ parts: [AssembledPart], _ bytes: [UInt8], in packet: UInt32, _ time: Int64?
    ) {
        let span = bytes.rawSpan
        let fragments = parts.filter { $0.start + $0.length <= bytes.count && !$0.remarks.contains(.conflict) }.map {
            Fragment(
                start: $0.start, length: $0.length,
                hash: Self.hash(span.extracting($0.start..<$0.start + $0.length)))
        }
        if datagrams[key] == nil {
            if keys.count < Self.limit {
                keys.append(key)
            } else {
                datagrams[keys[oldest]] = nil
                keys[oldest] = key
                oldest = (oldest + 1) % Self.limit
            }
        }
        datagrams[key] = Complete(packet: packet, time: time, fragments: Set(fragments))
    }

    /// The packet that completed the datagram of which this is a fragment that came again; nil where it is not.
    func packet(of fragment: DatagramFragment, _ bytes: RawSpan, _ time: Int64?) -> UInt32? {
        guard let known = datagrams[fragment.place.datagram], !FragmentReassembler.isOver(known.time, time) else {
            return nil
        }
        let again = Fragment(start: fragment.place.offset, length: bytes.byteCount, hash: Self.hash(bytes))
        return known.fragments.contains(again) ? known.packet : nil
    }

    /// FNV-1a: what is compared with it is compared in place and length, too.
    private static func hash(_ bytes: RawSpan) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for offset in 0..<bytes.byteCount { hash = (hash ^ UInt64(bytes.uint8(at: offset))) &* 0x100_0000_01b3 }
        return hash
    }
}
