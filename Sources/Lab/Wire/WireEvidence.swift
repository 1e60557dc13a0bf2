import Packets

/// What verdicts ask about losses, repetitions and overtaking.
extension Evidence {
    /// The segment that carried a lost one's bytes again, and arrived.
    func repetition(of lost: SeenPacket) throws(NotSeen) -> SeenPacket {
        guard let sequence = lost.segment?.tcp?.sequence else {
            throw NotSeen("packet \(lost.number) is no TCP segment")
        }
        for packet in packets
        where packet.number > lost.number && packet.source == lost.source && packet.destination == lost.destination {
            guard let tcp = packet.segment?.tcp, packet.payload > 0 else { continue }
            // Segments may be cut anew when they are sent again.
            let covers = !sequence.precedes(tcp.sequence) && sequence.precedes(tcp.sequence + UInt32(packet.payload))
            if covers, try !arrivals(of: packet).isEmpty { return packet }
        }
        throw NotSeen("nothing carried the bytes of packet \(lost.number) again")
    }

    /// The bare ACKs that asked for the lost segment's first byte while it was missing, the first of them not counted.
    func repeatedACKs(between lost: SeenPacket, and again: SeenPacket) throws(NotSeen) -> [SeenPacket] {
        guard let sequence = lost.segment?.tcp?.sequence else { return [] }
        let asking = packets.filter { packet in
            packet.isBareACK && packet.source == lost.destination && packet.destination == lost.source
                && packet.segment?.tcp?.acknowledgment == sequence && packet.number < again.number
        }
        return Array(asking.dropFirst())
    }

    /// Whether a packet that left later arrived earlier.
    func overtook(_ later: SeenPacket, _ earlier: SeenPacket) throws(NotSeen) -> Bool {
        guard let first = try arrivals(of: earlier).first, let second = try arrivals(of: later).first else {
            return false
        }
        return later.number > earlier.number && second.number < first.number
    }

    /// From one packet to another.
    func time(_ first: SeenPacket, _ second: SeenPacket) -> Duration {
        guard let start = first.time, let end = second.time else { return .zero }
        return .nanoseconds(end.nanoseconds(since: start))
    }
}

extension SeenPacket {
    /// RFC 7323 section 2: by how many bits this end's windows are shifted, as its SYN says.
    var windowScale: UInt8? {
        for option in segment?.tcp?.options ?? [] { if case .windowScale(let shift) = option { return min(shift, 14) } }
        return nil
    }
}

extension Duration {
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}

extension String {
    /// For the beginning of a sentence.
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
