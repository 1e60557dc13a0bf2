import Capture
import Packets

extension PacketFacts {
    /// What a capture says about a packet.
    public init(_ header: RecordHeader) {
        self.init()
        number = header.number
        timestamp = header.timestamp
        capturedLength = header.capturedLength
        wireLength = header.wireLength
        linkType = header.linkType
        interface = UInt32(clamping: header.interface)
    }
}
