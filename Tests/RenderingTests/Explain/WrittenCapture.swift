import Addressing
import Capture
import Conversations
import Diagnosis
import Packets
import Rendering
import TestSupport
import Testing

/// A capture written down packet by packet, with what the commands make of it.
struct WrittenCapture {
    static let client = Endpoint(.v4(IPv4Address(rawValue: 0x0a00_0001)), 40000)
    static let server = Endpoint(.v4(IPv4Address(rawValue: 0x0a00_0002)), 7007)
    static let clientISN: UInt32 = 0xffff_fa00  // wraps in the second segment of data
    static let serverISN: UInt32 = 5000
    static let segment = [UInt8](repeating: 0x61, count: 1000)

    private var traffic = TestTraffic()
    private let offer: [TCPOptions.Option] = [.maximumSegmentSize(1460), .sackPermitted, .noOperation, .windowScale(7)]

    mutating func add(_ milliseconds: Double, _ bytes: [UInt8]) {
        traffic.add(at: TestClock.at(Int64(milliseconds * 1000)), bytes)
    }

    /// Puts a packet behind another, at the same time and with a number of its own: the others keep theirs.
    mutating func insert(_ bytes: [UInt8], number: Int, behind other: Int) {
        traffic.insert(bytes, number: number, behind: other)
    }

    /// What was written so far.
    var packets: [CapturedRecord] { traffic.records }

    /// A segment from the client; numbers are relative.
    mutating func client(
        _ milliseconds: Double, _ flags: TCPFlags, seq: UInt32, ack: UInt32 = 0, payload: [UInt8] = [],
        window: UInt16 = 500
    ) {
        let options = flags.contains(.syn) ? offer : []
        add(
            milliseconds,
            TestPacket.tcp(
                Self.client, Self.server, flags, seq: Self.clientISN &+ seq,
                ack: flags.contains(.ack) ? Self.serverISN &+ ack : 0, payload: payload,
                window: window, options: options))
    }

    mutating func server(
        _ milliseconds: Double, _ flags: TCPFlags, seq: UInt32, ack: UInt32 = 0, payload: [UInt8] = [],
        window: UInt16 = 500
    ) {
        let options = flags.contains(.syn) ? offer : []
        add(
            milliseconds,
            TestPacket.tcp(
                Self.server, Self.client, flags, seq: Self.serverISN &+ seq,
                ack: flags.contains(.ack) ? Self.clientISN &+ ack : 0, payload: payload,
                window: window, options: options))
    }

    mutating func handshake() {
        client(0, .syn, seq: 0)
        server(10, [.syn, .ack], seq: 0, ack: 1)
        client(20, .ack, seq: 1, ack: 1)
    }

    mutating func farewell(_ start: Double, client sent: UInt32, server answered: UInt32 = 1) {
        client(start, [.fin, .ack], seq: sent, ack: answered)
        server(start + 10, [.fin, .ack], seq: answered, ack: sent + 1)
        client(start + 20, .ack, seq: sent + 1, ack: answered + 1)
    }

    /// Hands out every packet as the commands get it from a file.
    func read(_ body: (RawSpan, borrowing Dissection, borrowing PacketFacts) -> Void) {
        traffic.read(body)
    }

    var stories: [Story] {
        var book = StoryBook()
        read { book.take($0, $1, $2) }
        return book.stories
    }

    func explained(columns: Int? = nil) -> String {
        rendered { out in for story in stories { StoryText(columns: columns).write(story, to: &out) } }
    }
}

extension WrittenCapture {
    static let all = openings + transfers + endings

    /// An ICMP "unreachable" of the server that quotes a packet of the client's.
    static func unreachable(_ packet: [UInt8], code: UInt8 = 3) -> [UInt8] {
        let quote = Array(packet[14...])
        guard case .v4(let from) = server.address, case .v4(let to) = client.address else { return [] }
        let message: [UInt8] = [3, code, 0, 0, 0, 0, 0, 0] + quote
        let header = IPv4Header(
            totalLength: UInt16(20 + message.count), protocolNumber: IPProtocol(rawValue: 1), source: from,
            destination: to)
        return Array(packet[..<14]) + header.encoded() + message
    }
}
