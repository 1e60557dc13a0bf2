import Addressing
import Conversations
import Packets
import Rendering
import Sockets
import Text

/// Follows one stream through a capture: reassembles both directions and writes them in the order in which they come
/// out.
struct StreamFollower {
    private let name: StreamName
    private let style: FollowText.Style
    private let calls: [SocketCall]
    private let showsClient: Bool
    private let showsServer: Bool
    private var text = FollowText(.text)
    private var conversation: Conversation?
    private var client = StreamReassembler()
    private var server = StreamReassembler()
    private var datagramPositions: (client: UInt64, server: UInt64) = (0, 0)
    /// The last segment with data that did not belong: a later one may show that it did.
    private var stray: (packet: Int, fromClient: Bool, sequence: UInt32, length: Int, bytes: [UInt8])?
    private var lastACK: (client: (UInt32, Int)?, server: (UInt32, Int)?) = (nil, nil)

    var found: Bool { conversation != nil }

    init(_ name: StreamName, style: FollowText.Style, calls: [SocketCall], showsClient: Bool, showsServer: Bool) {
        self.name = name
        self.style = style
        self.calls = calls
        self.showsClient = showsClient
        self.showsServer = showsServer
    }

    mutating func take(
        _ bytes: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts, to out: inout OutputBuffer
    ) {
        guard let layer = facts.transport.layer(of: ConversationName(name.transport, name.number)),
            let ends = TransportEnds(bytes, dissection, at: layer)
        else { return }
        // What was said needs no time: packets that have none (Simple Packet Blocks) count like the others.
        var timed = copy facts
        timed.timestamp = facts.timestamp ?? .epoch
        guard let packet = ObservedPacket(bytes, ends, timed) else { return }
        if conversation == nil { begin(packet, to: &out) } else { conversation?.add(packet) }
        let fromClient = conversation?.isFromClient(packet) ?? true
        let payload = bytes.extracting(ends.layer.payload)
        guard let tcp = packet.tcp else {
            return takeDatagram(payload, packet, fromClient, &out)
        }
        // What does not belong is no part of the stream.
        guard packet.verdict == .belongs else {
            return keep(payload, packet, tcp, fromClient)
        }
        if packet.accepts > 0 { accept(packet.accepts, to: &out) }
        if tcp.flags.contains(.ack) {
            if fromClient {
                lastACK.client = (tcp.acknowledgment.rawValue, packet.number)
            } else {
                lastACK.server = (tcp.acknowledgment.rawValue, packet.number)
            }
        }
        let isSYN = tcp.flags.contains(.syn)
        let sequence = tcp.sequence.rawValue &+ (isSYN ? 1 : 0)
        // A RST's bytes explain the reset; they are not of the stream (RFC 9293 section 3.5.3).
        let length = tcp.flags.contains(.rst) ? 0 : packet.payloadLength
        let pieces: [StreamReassembler.Piece]
        if fromClient {
            if isSYN { client.open(at: sequence) }
            pieces = client.add(sequence: sequence, payload, length: length, packet: packet.number)
        } else {
            if isSYN { server.open(at: sequence) }
            pieces = server.add(sequence: sequence, payload, length: length, packet: packet.number)
        }
        write(pieces, fromClient, &out)
    }

    private mutating func keep(_ payload: RawSpan, _ packet: ObservedPacket, _ tcp: TCPHeader, _ fromClient: Bool) {
        guard packet.payloadLength > 0, !tcp.flags.contains(.rst) else { return }
        stray = (
            packet.number, fromClient, tcp.sequence.rawValue, packet.payloadLength,
            (0..<payload.byteCount).map { payload.uint8(at: $0) }
        )
    }

    /// A segment that seemed to lie outside of the window was taken.
    private mutating func accept(_ number: Int, to out: inout OutputBuffer) {
        guard let stray, stray.packet == number else { return }
        self.stray = nil
        let pieces =
            stray.fromClient
            ? client.add(
                sequence: stray.sequence, stray.bytes.rawSpan, length: stray.length, packet: stray.packet)
            : server.add(
                sequence: stray.sequence, stray.bytes.rawSpan, length: stray.length, packet: stray.packet)
        write(pieces, stray.fromClient, &out)
    }

    /// Ends both streams: what waits for a gap comes out, and what was acknowledged without having been captured is
    /// named.
    mutating func finish(to out: inout OutputBuffer) {
        write(client.finish(), true, &out)
        write(server.finish(), false, &out)
        if name.transport == .tcp {
            if let (number, packet) = lastACK.server {
                write(client.acknowledge(bytesOnly(number, ofClient: true), packet: packet), true, &out)
            }
            if let (number, packet) = lastACK.client {
                write(server.acknowledge(bytesOnly(number, ofClient: false), packet: packet), false, &out)
            }
        }
        text.finish(to: &out)
        guard style != .raw else { return }
        for (reassembler, isClient, isShown) in [(client, true, showsClient), (server, false, showsServer)]
        where isShown {
            FollowText.writeRepetitions(reassembler, fromClient: isClient, to: &out)
        }
    }

    /// An acknowledgment of a FIN covers one number that is no byte.
    private func bytesOnly(_ acknowledgment: UInt32, ofClient: Bool) -> UInt32 {
        let end = ofClient ? conversation?.connection?.client : conversation?.connection?.server
        guard let fin = end?.finSequence, acknowledgment == fin.rawValue &+ 1 else { return acknowledgment }
        return fin.rawValue
    }

    private mutating func begin(_ packet: ObservedPacket, to out: inout OutputBuffer) {
        let new = Conversation(first: packet, keepingPackets: false)
        conversation = new
        text = FollowText(style, boundaries: boundaries(new))
        guard style != .raw else { return }
        out.append(style: .bold)
        out.append(text: "\(name.text): client \(new.client) → server \(new.server)\n")
        out.append(style: .plain)
    }

    /// A datagram keeps its boundaries: each is a piece of its own.
    private mutating func takeDatagram(
        _ payload: RawSpan, _ packet: ObservedPacket, _ fromClient: Bool, _ out: inout OutputBuffer
    ) {
        let position = fromClient ? datagramPositions.client : datagramPositions.server
        if fromClient {
            datagramPositions.client += UInt64(packet.payloadLength)
        } else {
            datagramPositions.server += UInt64(packet.payloadLength)
        }
        var copy: [UInt8] = []
        for offset in 0..<payload.byteCount { copy.append(payload.uint8(at: offset)) }
        write([.init(position: position, content: .bytes(copy), packet: packet.number)], fromClient, &out)
        if style == .text { text.finish(to: &out) }
    }

    private mutating func write(_ pieces: [StreamReassembler.Piece], _ fromClient: Bool, _ out: inout OutputBuffer) {
        guard fromClient ? showsClient : showsServer else { return }
        for piece in pieces { text.write(piece, fromClient: fromClient, to: &out) }
    }

    /// What each call took, in the order of the calls.
    private func boundaries(_ conversation: Conversation) -> StreamBoundaries {
        var boundaries = StreamBoundaries()
        let (client, server) = (conversation.client, conversation.server)
        boundaries.sent = (
            StreamBoundaries.shares(lengths(by: client, with: server, sending: true)),
            StreamBoundaries.shares(lengths(by: server, with: client, sending: true))
        )
        boundaries.received = (
            StreamBoundaries.shares(lengths(by: server, with: client, sending: false)),
            StreamBoundaries.shares(lengths(by: client, with: server, sending: false))
        )
        return boundaries
    }

    private func lengths(by local: Endpoint, with peer: Endpoint, sending: Bool) -> [Int] {
        calls.filter { $0.local == local && $0.peer == peer }.sorted { $0.id < $1.id }.compactMap { call in
            switch (call.name, call.result) {
            case (.send, .value(let count)), (.sendto, .value(let count)): sending && count > 0 ? count : nil
            case (.recv, .received(let count, _)), (.recvfrom, .received(let count, _)):
                !sending && count > 0 ? count : nil
            default: nil
            }
        }
    }
}
