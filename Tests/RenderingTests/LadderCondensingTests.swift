import Addressing
import Conversations
import Packets
import Rendering
import TestSupport
import Testing
import Timeline

/// A ladder of a long transfer is the same whether all of its packets were kept or only those that are drawn.
@Suite struct LadderCondensingTests {
    private let client = Endpoint(.v4(.loopback), 43_210)
    private let server = Endpoint(.v4(.loopback), 80)

    private func packet(
        _ number: Int, _ microseconds: Int64, fromClient: Bool, _ flags: TCPFlags, _ sequence: UInt32,
        _ acknowledgment: UInt32, _ length: Int
    ) -> ObservedPacket {
        let (source, destination) = fromClient ? (client, server) : (server, client)
        let header = TCPHeader(
            sourcePort: source.port, destinationPort: destination.port, sequence: SequenceNumber(sequence),
            acknowledgment: SequenceNumber(acknowledgment),
            flags: flags, window: 1000)
        return ObservedPacket(
            number: number, time: TestClock.at(microseconds), transport: .tcp, source: source, destination: destination,
            tcp: header, payloadLength: length,
            wireLength: 54 + length, networkLength: 40 + length, checksum: .correct)
    }

    /// A download of so many segments, each acknowledged; with a silence and a repeated segment now and then.
    private func transfer(_ segments: Int) -> [ObservedPacket] {
        var packets = [
            packet(1, 0, fromClient: true, .syn, 0, 0, 0), packet(2, 10, fromClient: false, [.syn, .ack], 0, 1, 0),
            packet(3, 20, fromClient: true, .ack, 1, 1, 0),
        ]
        var time: Int64 = 20
        var next: UInt32 = 1
        for segment in 0..<segments {
            time += segment % 3333 == 3000 ? 70_000 : 100
            var data = packet(packets.count + 1, time, fromClient: false, [.psh, .ack], next, 1, 100)
            if segment % 5000 == 4000 { data.marks = .retransmission }
            packets.append(data)
            next += 100
            time += 40
            packets.append(packet(packets.count + 1, time, fromClient: true, .ack, 1, next, 0))
        }
        packets.append(packet(packets.count + 1, time + 50, fromClient: true, [.fin, .ack], 1, next, 0))
        packets.append(packet(packets.count + 1, time + 60, fromClient: false, [.fin, .ack], next, 2, 0))
        packets.append(packet(packets.count + 1, time + 70, fromClient: true, .ack, 2, next + 1, 0))
        return packets
    }

    private func conversation(_ packets: [ObservedPacket], condensing: Bool) -> Conversation {
        var conversation = Conversation(first: packets[0], condensing: condensing)
        for packet in packets.dropFirst() { conversation.add(packet) }
        return conversation
    }

    @Test(arguments: [100, 1000, 2046, 2047, 3000, 12_345])
    func theSameIsDrawn(segments: Int) {
        let packets = transfer(segments)
        let whole = conversation(packets, condensing: false)
        let condensed = conversation(packets, condensing: true)
        #expect(whole.packets.count == packets.count)
        #expect(condensed.packets.count <= 4200)
        if packets.count < 4096 { #expect(condensed.packets.count == packets.count && condensed.omitted.isEmpty) }
        for columns in [nil, 80] {
            let texts = [whole, condensed].map { conversation in
                rendered { LadderText(columns: columns).write(Scene(conversation, calls: []), to: &$0) }
            }
            #expect(texts[0] == texts[1])
        }
        #expect(
            rendered { LadderSVG(Scene(whole, calls: [])).write(to: &$0) }
                == rendered { LadderSVG(Scene(condensed, calls: [])).write(to: &$0) })
    }
}
