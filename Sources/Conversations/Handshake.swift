import Addressing
import Packets

/// The three-way handshake of one connection (RFC 9293 section 3.5): its segments, and what the two ends agreed on.
public struct Handshake: Hashable, Sendable {
    /// The first SYN.
    public private(set) var syn: ObservedPacket?
    /// The same SYN sent again because nobody answered, in order.
    public private(set) var repeatedSYNs: [ObservedPacket] = []
    public private(set) var synACK: ObservedPacket?
    /// The client's first ACK after the SYN-ACK.
    public private(set) var ack: ObservedPacket?
    /// The RST that answered the SYN: nobody listens.
    public private(set) var refusal: ObservedPacket?

    init() {}

    mutating func observe(_ packet: ObservedPacket, fromClient: Bool) {
        guard ack == nil, refusal == nil, let flags = packet.tcp?.flags else { return }
        if fromClient {
            if flags.contains(.syn) {
                if syn == nil { syn = packet } else { repeatedSYNs.append(packet) }
            } else if flags.contains(.ack), synACK != nil, !flags.contains(.rst) {
                ack = packet
            }
        } else if flags.contains(.rst) {
            if synACK == nil { refusal = packet }
        } else if flags.contains([.syn, .ack]), synACK == nil {
            synACK = packet
        }
    }

    /// Whether all three segments were seen.
    public var isComplete: Bool { syn != nil && synACK != nil && ack != nil }

    /// From the last SYN to the client's ACK, in nanoseconds: one round trip as the client's side of the wire saw it.
    public var roundTrip: Int64? {
        guard let sent = repeatedSYNs.last ?? syn, let ack else { return nil }
        return ack.time.nanoseconds(since: sent.time)
    }

    /// The options that a SYN offered.
    public struct Offer: Hashable, Sendable {
        public var maximumSegmentSize: UInt16?
        public var windowScale: UInt8?
        public var sackPermitted = false
        public var timestamps = false

        public init(_ header: TCPHeader) {
            for option in header.options {
                switch option {
                case .maximumSegmentSize(let size): maximumSegmentSize = size
                case .windowScale(let shift): windowScale = shift
                case .sackPermitted: sackPermitted = true
                case .timestamps: timestamps = true
                default: break
                }
            }
        }
    }

    public var clientOffer: Offer? { syn?.tcp.map(Offer.init) }
    public var serverOffer: Offer? { synACK?.tcp.map(Offer.init) }

    /// Scaling works only where both ends offered it (RFC 7323 section 2.2), and SACK and timestamps likewise.
    public var windowScaling: Bool { clientOffer?.windowScale != nil && serverOffer?.windowScale != nil }
    public var sack: Bool { clientOffer?.sackPermitted == true && serverOffer?.sackPermitted == true }
    public var timestamps: Bool { clientOffer?.timestamps == true && serverOffer?.timestamps == true }
}
