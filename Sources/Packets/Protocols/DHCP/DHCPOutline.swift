import Addressing

/// What of a DHCP message tells its story, owned: who asks, what is offered, by whom and for how long (RFC 2131 section
/// 3, RFC 2132).
public struct DHCPOutline: Hashable, Sendable {
    /// What a message is for: the values of option 53 (RFC 2132 section 9.6).
    public enum Kind: UInt8, Sendable {
        case discover = 1, offer, request, decline, acknowledge, refuse, release, inform
    }

    /// What it is for.
    public let kind: Kind
    /// Ties answers to questions.
    public let transaction: UInt32
    /// The client's hardware address.
    public let client: MACAddress
    /// The address that the client has, and that the server gives; nil for 0.0.0.0.
    public let clientAddress: IPv4Address?
    /// What the server gives; nil for 0.0.0.0.
    public let yourAddress: IPv4Address?
    /// The address that the client wants (option 50), and the server that it means, or that answers (option 54).
    public private(set) var requested: IPv4Address?
    /// Which server is meant, or answers (option 54).
    public private(set) var server: IPv4Address?
    /// In seconds.
    public private(set) var lease: UInt32?
    /// The first of each.
    public private(set) var router: IPv4Address?
    /// The first of the name servers (option 6).
    public private(set) var nameServer: IPv4Address?

    /// nil where a layer is no DHCP message of these kinds, or is cut before its options.
    public init?(_ layer: LayerRange, _ record: RawSpan) {
        guard layer.kind == .dhcp, let message = try? DHCPMessage(record.extracting(layer.range)) else { return nil }
        let bytes = message.bytes
        var kind: Kind?
        transaction = message.transaction
        client = message.hardwareAddress
        clientAddress = message.clientAddress == .any ? nil : message.clientAddress
        yourAddress = message.yourAddress == .any ? nil : message.yourAddress
        var options = message.options
        while let option = options.next() {
            let start = option.value.lowerBound
            switch (option.code, option.value.count) {
            case (53, 1): kind = Kind(rawValue: bytes.uint8(at: start))
            case (50, 4): requested = bytes.ipv4Address(at: start)
            case (54, 4): server = bytes.ipv4Address(at: start)
            case (51, 4): lease = bytes.uint32(at: start)
            case (3, 4...): router = bytes.ipv4Address(at: start)
            case (6, 4...): nameServer = bytes.ipv4Address(at: start)
            default: break
            }
        }
        guard let kind else { return nil }
        self.kind = kind
    }
}
