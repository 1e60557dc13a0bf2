import Capture
import Conversations
import Packets

/// The packets of a short exchange, kept whole, with what their headers say.
struct CollectedPackets {
    private(set) var records: [CapturedRecord] = []
    private(set) var packets: [ObservedPacket] = []
    private var dissection = Dissection()

    mutating func add(_ header: RecordHeader, _ bytes: RawSpan) {
        var copy: [UInt8] = []
        copy.reserveCapacity(bytes.byteCount)
        for offset in 0..<bytes.byteCount { copy.append(bytes.uint8(at: offset)) }
        records.append(CapturedRecord(header: header, bytes: copy))
        Dissector().dissect(bytes, linkType: header.linkType, wireLength: header.wireLength, into: &dissection)
        if let packet = ObservedPacket(bytes, dissection, PacketFacts(header)) { packets.append(packet) }
    }
}
