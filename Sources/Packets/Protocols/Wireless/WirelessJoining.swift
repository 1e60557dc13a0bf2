import Addressing

/// What an 802.11 frame does for a station's joining of a cell, or its leaving, owned (IEEE 802.11 section 11.3):
/// authentication, association, and the handshake of keys that follows as EAPOL (section 12.7.6).
public struct WirelessJoining: Hashable, Sendable {
    /// A step.
    public enum Step: Hashable, Sendable {
        /// The cell announces itself.
        case beacon
        /// With the message's number, from 1, and how it went: 0 is well, and what a request has.
        case authentication(message: UInt16, status: UInt16)
        /// `again`: it was associated before, perhaps with another cell of the network.
        case associationRequest(again: Bool)
        case associationResponse(status: UInt16)
        /// The station or the cell ends it.
        case deauthentication(reason: UInt16)
        case disassociation(reason: UInt16)
        /// A message of the four-way handshake, 1 to 4; odd ones are the cell's.
        case key(message: Int)
    }

    /// The step.
    public let step: Step
    /// Who sent the frame.
    public let source: MACAddress
    /// Whom it is for.
    public let destination: MACAddress
    /// The cell's identifier (BSSID).
    public let cell: MACAddress
    /// Where the frame names the network, counted from the packet's first byte; nil where it does not.
    public let network: Range<Int>?

    /// Bytes of a management frame's header.
    private static let header = 24

    /// nil for other frames, and those that are cut before they say it, or are encrypted.
    public init?(_ layer: LayerRange, _ record: RawSpan) {
        let frame = record.extracting(layer.range)
        guard layer.kind == .ieee80211, let addresses = WirelessAddresses(frame), let cell = addresses.cell,
            frame.uint8(at: 1) & 0x40 == 0,
            let step = frame.uint8(at: 0) >> 2 & 3 == 2
                ? Self.key(frame, at: Int(layer.headerEnd - layer.start)) : Self.management(frame)
        else { return nil }
        self.step = step
        (source, destination, self.cell) = (addresses.source, addresses.destination, cell)
        let start = Int(layer.start)
        network = WirelessAddresses.networkName(frame).map { $0.lowerBound + start..<$0.upperBound + start }
    }

    /// A management frame's fixed fields (IEEE 802.11 section 9.3.3). Little endian.
    private static func management(_ frame: RawSpan) -> Step? {
        func field(_ offset: Int) -> UInt16? {
            let place = header + offset
            return place + 2 <= frame.byteCount ? frame.uint16(at: place).byteSwapped : nil
        }
        switch frame.uint8(at: 0) >> 4 {
        case 0: return .associationRequest(again: false)
        case 2: return .associationRequest(again: true)
        case 1, 3: return field(2).map { .associationResponse(status: $0) }
        case 8: return .beacon
        case 10: return field(0).map { .disassociation(reason: $0) }
        case 11:
            guard let message = field(2), let status = field(4) else { return nil }
            return .authentication(message: message, status: status)
        case 12: return field(0).map { .deauthentication(reason: $0) }
        default: return nil
        }
    }

    /// Which message of the four-way handshake an EAPOL-Key frame is (IEEE 802.11 section 12.7.2): the cell's ask for
    /// an acknowledgment; its second one and the station's carry a check of integrity; the station's last carries no
    /// data of keys, and says that keys are in use.
    private static func key(_ frame: RawSpan, at start: Int) -> Step? {
        // LLC and SNAP with the EtherType of EAPOL, its version and type, then the descriptor.
        guard start + 8 + 99 <= frame.byteCount, frame.uint32(at: start) == 0xaaaa_0300,
            frame.uint32(at: start + 4) == 0x0000_888e, frame.uint8(at: start + 9) == 3
        else { return nil }
        let information = frame.uint16(at: start + 13)
        let (isPairwise, asksForAnswer) = (information & 8 != 0, information & 0x80 != 0)
        let (isChecked, isSecure) = (information & 0x100 != 0, information & 0x200 != 0)
        guard isPairwise else { return nil }
        if asksForAnswer { return .key(message: isChecked ? 3 : 1) }
        let hasData = frame.uint16(at: start + 8 + 97) > 0
        return isChecked ? .key(message: isSecure || !hasData ? 4 : 2) : nil
    }
}
