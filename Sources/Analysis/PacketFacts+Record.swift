import Capture
import Packets

extension PacketFacts {
    /// What a capture says about a packet, and nothing that its bytes or other packets say.
    public init(_ header: RecordHeader) {
        self.init()
        take(header)
        interface = UInt32(clamping: header.interface)
    }

    /// Takes over what the record says of itself; the number of its interface in the section is a note of pcapng.
    @inline(__always)
    mutating func take(_ header: borrowing RecordHeader) {
        number = header.number
        timestamp = header.timestamp
        capturedLength = header.capturedLength
        wireLength = header.wireLength
        linkType = header.linkType
    }
}
