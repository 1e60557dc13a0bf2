import Addressing
import Capture
import Packets

/// The wire of a recording: who its two hosts were, what it was asked to do, and what it did.
public struct WireRecording: Sendable {
    /// What the wire was asked to do.
    public let impairments: Impairments
    /// The addresses of the host that clients run on.
    public let client: [IPAddress]
    /// The addresses of the host that servers run on.
    public let server: [IPAddress]
    /// nil where the wire does nothing to frames.
    public var log: WireLog?

    private let hardwareAddresses: [MACAddress]

    /// Whether a record of the recording shows a packet as it left its host, not as it arrived at the other.
    public func left(_ record: CapturedRecord) -> Bool {
        guard hardwareAddresses.indices.contains(record.header.interface),
            let frame = try? EthernetFrame(record.bytes.rawSpan)
        else { return false }
        return frame.source == hardwareAddresses[record.header.interface]
    }

    init(_ wire: TwoHostWire, _ log: WireLog?) {
        hardwareAddresses = [wire.client.hardwareAddress, wire.server.hardwareAddress]
        impairments = wire.impairments
        client = wire.client.addresses
        server = wire.server.addresses
        self.log = log
    }
}
