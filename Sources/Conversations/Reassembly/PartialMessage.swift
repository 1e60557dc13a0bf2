import Packets

/// A message of which the last bytes are not here yet.
struct PartialMessage: Sendable {
    private(set) var bytes: [UInt8] = []
    private(set) var parts: [AssembledPart] = []
    /// How far it was read for its length.
    var scan = MessageScan()
    /// What is known of its length.
    var length = MessageLength.needs(1)

    var isEmpty: Bool { parts.isEmpty }
    var count: Int { bytes.count }

    /// How many bytes are missing; nil where that does not show.
    var missing: Int? {
        if case .known(let length) = length { return max(0, length - bytes.count) }
        return nil
    }

    /// Whether its length has to be asked for again with so many bytes more.
    func mayShow(with more: Int) -> Bool {
        switch length {
        case .known: false
        case .needs(let count): bytes.count + more >= count
        case .untilEnd, .isNone: false
        }
    }

    /// Adds bytes of a packet.
    mutating func append(_ new: RawSpan, packet: UInt32) {
        if let last = parts.last, last.packet == packet {
            parts[parts.count - 1].length += new.byteCount
        } else {
            parts.append(AssembledPart(packet: packet, start: bytes.count, length: new.byteCount))
        }
        bytes.append(new)
    }

    /// Takes away what is behind the message's end: bytes of the part that came last.
    mutating func cut(to count: Int) {
        let surplus = bytes.count - count
        guard surplus > 0 else { return }
        bytes.removeLast(surplus)
        parts[parts.count - 1].length -= surplus
    }
}
