import Addressing
import Conversations
import Packets

/// One direction of a conversation as calls meet it: what a `send` put there, what a `recv` took from it. Positions are
/// those in the list of packets that the aligner was given.
struct PacketFlow {
    private let initial: SequenceNumber?
    private(set) var syns: [Int] = []
    /// The first segment behind the SYN.
    private(set) var handshakeEnd: Int?
    private(set) var finish: Int?
    private(set) var resets: [Int] = []
    private(set) var datagrams: [Datagram] = []
    private var stream = StreamSegments()
    /// How far calls have used it up.
    private var sentBytes = 0
    private var receivedBytes = 0
    private var nextSent = 0
    private var nextReceived = 0
    private var takenSent: Set<Int> = []
    /// A datagram of the right size is looked for this far: calls and datagrams come in the same order, but for losses.
    private static let reach = 64

    struct Datagram {
        let packet: Int
        let length: Int
        let time: Timestamp
    }

    init(initial: SequenceNumber?) { self.initial = initial }

    mutating func add(_ packet: ObservedPacket, at position: Int) {
        guard let tcp = packet.tcp else {
            datagrams.append(Datagram(packet: position, length: packet.payloadLength, time: packet.time))
            return
        }
        if tcp.flags.contains(.rst) {
            resets.append(position)
            return
        }
        if tcp.flags.contains(.syn), !tcp.flags.contains(.ack) { syns.append(position) }
        if tcp.flags.contains(.ack), !tcp.flags.contains(.syn), handshakeEnd == nil { handshakeEnd = position }
        if tcp.flags.contains(.fin), finish == nil { finish = position }
        guard packet.payloadLength > 0, let initial else { return }
        // The number that is nearest to what was sent last: sequence arithmetic wraps by type.
        let expected = initial + 1 + UInt32(truncatingIfNeeded: stream.highest)
        let first = stream.highest + Int((tcp.sequence + (tcp.flags.contains(.syn) ? 1 : 0)).distance(from: expected))
        // What lies before the stream (a keep-alive's byte) is none of its bytes.
        let end = first + packet.payloadLength
        if end > 0 { stream.add(max(0, first)..<end, packet: position) }
    }

    mutating func sort() { stream.sort() }

    // MARK: What calls take

    /// The segments that carry the next bytes that were sent.
    mutating func send(_ count: Int) -> [Int] {
        let (end, overflow) = sentBytes.addingReportingOverflow(count)
        guard !overflow else { return [] }
        defer { sentBytes = end }
        return stream.carrying(sentBytes..<end)
    }

    /// The segments that carried the next bytes that were received.
    mutating func receive(_ count: Int) -> [Int] {
        let (end, overflow) = receivedBytes.addingReportingOverflow(count)
        guard !overflow else { return [] }
        defer { receivedBytes = end }
        return stream.carrying(receivedBytes..<end)
    }

    /// The datagram that a call sent: the next of this size from then on.
    mutating func sendDatagram(_ count: Int, from start: Timestamp) -> Int? {
        while nextSent < datagrams.count, datagrams[nextSent].time < start || takenSent.contains(nextSent) {
            nextSent += 1
        }
        for index in nextSent..<min(datagrams.count, nextSent + Self.reach)
        where datagrams[index].length == count && !takenSent.contains(index) {
            takenSent.insert(index)
            return datagrams[index].packet
        }
        return nil
    }

    /// The datagram that a call received: the next that is not shorter and had come by then.
    mutating func receiveDatagram(_ count: Int, until finish: Timestamp?) -> Int? {
        for index in nextReceived..<min(datagrams.count, nextReceived + Self.reach) {
            if let finish, datagrams[index].time > finish { return nil }
            guard datagrams[index].length >= count else { continue }
            nextReceived = index + 1
            return datagrams[index].packet
        }
        return nil
    }
}
