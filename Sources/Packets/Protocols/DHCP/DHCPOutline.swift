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

    private static let codes: Set<UInt8> = [3, 6, 50, 51, 53, 54]

    /// nil where a layer is no DHCP message of these kinds, or is cut before its options.
    ///
    /// Of an option that comes in several parts, the parts are one value (RFC 3396 section 5).
    public init?(_ layer: LayerRange, _ record: RawSpan) {
        guard layer.kind == .dhcp, let message = try? DHCPMessage(record.extracting(layer.range)) else { return nil }
        let bytes = message.bytes
        var kind: Kind?
        transaction = message.transaction
        client = message.hardwareAddress
        clientAddress = message.clientAddress == .any ? nil : message.clientAddress
        yourAddress = message.yourAddress == .any ? nil : message.yourAddress
        var values: [UInt8: [UInt8]] = [:]
        var options = message.options
        while let option = options.next() {
            guard Self.codes.contains(option.code) else { continue }
            // No value of these is longer than its first address.
            for place in option.value where values[option.code, default: []].count < 4 {
                values[option.code, default: []].append(bytes.uint8(at: place))
            }
        }
        for (code, value) in values {
            if code == 53 { kind = value.first.flatMap(Kind.init) }
            guard value.count == 4 else { continue }
            let number = value.reduce(0) { $0 << 8 | UInt32($1) }
            switch code {
            case 50: requested = IPv4Address(rawValue: number)
            case 54: server = IPv4Address(rawValue: number)
            case 51: lease = number
            case 3: router = IPv4Address(rawValue: number)
            case 6: nameServer = IPv4Address(rawValue: number)
            default: break
            }
        }
        guard let kind else { return nil }
        self.kind = kind
    }
}
