import Addressing
import Conversations
import Packets
import Sockets

/// Finds for every socket call the packets that it caused, or those that made it return.
///
/// Addresses tie a call to a conversation; inside it bytes do, not times: what `send()` was given is a range of the
/// stream, and the segments that carry it are its own, whenever they left. Where a packet belongs by its nature (SYN,
/// FIN, a datagram in order), that decides. Only a call without any packet is placed by the clock.
public struct CallSegmentAligner {
    /// What a call has to do with packets; numbers are positions in the list of packets that was given.
    public enum Relation: Hashable, Sendable {
        /// The call made these leave.
        case caused([Int])
        /// The call returned because of these.
        case causedBy([Int])
        /// Neither: this one is next to it in time.
        case nearest(Int)
        /// There are no packets at all.
        case none
    }

    /// One call and its packets.
    public struct Placement: Hashable, Sendable {
        public let call: SocketCall
        public let relation: Relation
    }

    private struct Pair: Hashable {
        let local: Endpoint
        let peer: Endpoint
    }

    private let packets: [ObservedPacket]
    /// Positions of the packets from one endpoint to another, in capture order.
    private var paths: [Pair: [Int]] = [:]
    private var initialSequences: [Pair: SequenceNumber] = [:]
    private var sentBytes: [Pair: Int] = [:]
    private var receivedBytes: [Pair: Int] = [:]
    private var takenSent: Set<Int> = []
    private var takenReceived: Set<Int> = []

    private init(_ packets: [ObservedPacket]) {
        self.packets = packets
        for (position, packet) in packets.enumerated() {
            let pair = Pair(local: packet.source, peer: packet.destination)
            paths[pair, default: []].append(position)
            guard let tcp = packet.tcp else { continue }
            if tcp.flags.contains(.syn) {
                initialSequences[pair] = tcp.sequence
            } else if initialSequences[pair] == nil {
                initialSequences[pair] = SequenceNumber(tcp.sequence.rawValue &- 1)
            }
        }
    }

    /// Places every call, in the order of their ids.
    public static func place(_ calls: [SocketCall], on packets: [ObservedPacket]) -> [Placement] {
        var aligner = CallSegmentAligner(packets)
        return calls.sorted { $0.id < $1.id }.map { Placement(call: $0, relation: aligner.relation(of: $0)) }
    }

    private mutating func relation(of call: SocketCall) -> Relation {
        if packets.isEmpty { return .none }
        let found = call.transport == .udp ? datagramRelation(of: call) : segmentRelation(of: call)
        return found ?? .nearest(nearest(to: call.start))
    }

    // MARK: TCP

    private mutating func segmentRelation(of call: SocketCall) -> Relation? {
        switch (call.name, call.result) {
        case (.connect, _):
            return caused(path(call).filter { packets[$0].tcp.map { $0.flags.contains(.syn) && !$0.flags.contains(.ack) } ?? false })
        case (.accept, .accepted(_, let peer)):
            return causedBy(handshakeEnd(from: peer, to: call.local))
        case (.shutdown, _), (.close, _):
            let last = path(call).first { position in
                packets[position].tcp.map { !$0.flags.isDisjoint(with: [.fin, .rst]) } ?? false
                    && packets[position].time >= call.start && !takenSent.contains(position)
            }
            guard let last else { return nil }
            takenSent.insert(last)
            return .caused([last])
        case (_, .value(let count)) where call.peer != nil && Self.sends(call.name):
            guard let pair = pair(of: call), count >= 0 else { return nil }
            let start = sentBytes[pair, default: 0]
            sentBytes[pair] = start + count
            return caused(carrying(start..<start + count, on: pair))
        case (_, .received(0, _)):
            return causedBy(backPath(call).filter { packets[$0].tcp?.flags.contains(.fin) ?? false }.prefix(1))
        case (_, .received(let count, _)):
            guard let pair = pair(of: call) else { return nil }
            let back = Pair(local: pair.peer, peer: pair.local)
            let start = receivedBytes[pair, default: 0]
            receivedBytes[pair] = start + count
            return causedBy(carrying(start..<start + count, on: back))
        case (_, .failed(_, "ECONNRESET")), (_, .failed(_, "EPIPE")):
            return causedBy(backPath(call).filter { packets[$0].tcp?.flags.contains(.rst) ?? false }.prefix(1))
        default:
            return nil
        }
    }

    private static func sends(_ name: SocketCall.Name) -> Bool {
        ["send", "sendto", "sendmsg", "write", "writev"].contains(name.rawValue)
    }

    /// The client's ACK that ended the handshake of the connection that `accept` returned.
    private func handshakeEnd(from peer: Endpoint, to local: Endpoint?) -> [Int] {
        let path = paths.first { pair, _ in
            pair.local == peer && (local.map { SocketHistory.covers($0, pair.peer) } ?? true)
        }?.value ?? []
        return Array(path.filter { position in
            packets[position].tcp.map { $0.flags.contains(.ack) && !$0.flags.contains(.syn) } ?? false
        }.prefix(1))
    }

    /// The segments that carry these bytes of the stream for the first time. Sequence arithmetic wraps by type.
    private func carrying(_ bytes: Range<Int>, on pair: Pair) -> [Int] {
        guard let initial = initialSequences[pair], !bytes.isEmpty else { return [] }
        var highest = 0
        return paths[pair, default: []].filter { position in
            guard let tcp = packets[position].tcp, packets[position].payloadLength > 0 else { return false }
            let first = Self.unwrapped(tcp.sequence, from: initial, near: highest)
            let end = first + packets[position].payloadLength
            let isNew = end > highest
            highest = max(highest, end)
            return isNew && first < bytes.upperBound && end > bytes.lowerBound
        }
    }

    /// A segment's position in the stream, counted from 0, beyond 4 GiB too: the number nearest to what was sent last.
    private static func unwrapped(_ sequence: SequenceNumber, from initial: SequenceNumber, near highest: Int) -> Int {
        let expected = initial + 1 + UInt32(truncatingIfNeeded: highest)
        return highest + Int(sequence.distance(from: expected))
    }

    // MARK: UDP

    private mutating func datagramRelation(of call: SocketCall) -> Relation? {
        switch call.result {
        case .value(let count) where call.peer != nil && Self.sends(call.name):
            let datagram = path(call).first {
                !takenSent.contains($0) && packets[$0].payloadLength == count && packets[$0].time >= call.start
            }
            guard let datagram else { return nil }
            takenSent.insert(datagram)
            return .caused([datagram])
        case .received(let count, let sender):
            let datagram = backPath(call, from: sender).first { position in
                !takenReceived.contains(position) && packets[position].payloadLength >= count
                    && packets[position].time <= call.finish ?? packets[position].time
            }
            guard let datagram else { return nil }
            takenReceived.insert(datagram)
            return .causedBy([datagram])
        default:
            return nil
        }
    }

    // MARK: Paths

    private func pair(of call: SocketCall) -> Pair? {
        guard let peer = call.peer else { return nil }
        if let local = call.local, paths[Pair(local: local, peer: peer)] != nil { return Pair(local: local, peer: peer) }
        return paths.keys.first { pair in
            pair.peer == peer && (call.local.map { SocketHistory.covers($0, pair.local) } ?? false)
        }
    }

    /// Packets that went the call's way. Where the call's own address is not known (a `connect` that failed), those to its
    /// peer while it ran.
    private func path(_ call: SocketCall) -> [Int] {
        if let pair = pair(of: call) { return paths[pair, default: []] }
        guard call.local == nil, let peer = call.peer else { return [] }
        return packets.indices.filter { position in
            packets[position].destination == peer && packets[position].time >= call.start
                && packets[position].time <= call.finish ?? packets[position].time
        }
    }

    /// Packets that came the other way.
    private func backPath(_ call: SocketCall, from sender: Endpoint? = nil) -> [Int] {
        guard let peer = sender ?? call.peer, let local = call.local else { return [] }
        if let path = paths[Pair(local: peer, peer: local)] { return path }
        return paths.first { pair, _ in pair.local == peer && SocketHistory.covers(local, pair.peer) }?.value ?? []
    }

    private func caused(_ positions: some Collection<Int>) -> Relation? { positions.isEmpty ? nil : .caused(Array(positions)) }
    private func causedBy(_ positions: some Collection<Int>) -> Relation? { positions.isEmpty ? nil : .causedBy(Array(positions)) }

    private func nearest(to time: Timestamp) -> Int {
        packets.indices.min { a, b in
            packets[a].time.nanoseconds(since: time).magnitude < packets[b].time.nanoseconds(since: time).magnitude
        } ?? 0
    }
}
