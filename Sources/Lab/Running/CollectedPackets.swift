import Addressing
import Analysis
import Capture
import Conversations
import Packets

/// The packets of a short exchange, kept whole, with what their headers say.
struct CollectedPackets {
    private(set) var records: [CapturedRecord] = []
    private(set) var packets: [SeenPacket] = []
    /// Whether the datagram that ends the recording has come.
    private(set) var sawMark = false
    private let mark: Endpoint?
    private var analyzer = PacketAnalyzer()
    private var conversationsAreOver = (count: 0, answer: true)

    /// - Parameter mark: whose datagrams to itself are no part of the picture.
    init(mark: Endpoint?) { self.mark = mark }

    mutating func add(_ header: RecordHeader, _ bytes: RawSpan) {
        var header = header
        header.number = records.count + 1
        analyzer.take(header, bytes)
        let packet = SeenPacket(bytes, analyzer.dissection, analyzer.facts)
        if let mark, let segment = packet.segment, segment.transport == .udp, segment.source == mark,
            segment.destination == mark
        {
            sawMark = true
            return
        }
        records.append(CapturedRecord(header: header, copying: bytes))
        packets.append(packet)
    }

    /// Another mark is on its way.
    mutating func expectMark() { sawMark = false }

    /// Whether every connection was seen to its end, or never came about. Computed again only when packets were added.
    mutating func everyConnectionIsOver() -> Bool {
        if conversationsAreOver.count != packets.count {
            let over = Conversation.all(in: packets.lazy.compactMap(\.segment)).allSatisfy { conversation in
                conversation.connection.map { $0.isOver || $0.handshake.synACK == nil } ?? true
            }
            conversationsAreOver = (packets.count, over)
        }
        return conversationsAreOver.answer
    }
}
