/// Why a dissection went no further up. The layers found until there are good whatever the reason.
public enum DissectionStop: Hashable, Sendable {
    /// Every layer was dissected; what is left, if anything, is the application's data.
    case complete
    /// The capture kept too few bytes of the packet.
    case truncatedBySnaplen(LengthError)
    /// The packet itself ended too early, or a length field cut it off.
    case truncatedOnWire(LengthError)
    /// A field has a value that the protocol forbids; `offset` counts from the record's first byte.
    case malformed(LayerKind, Malformation, offset: Int)
    /// Nobody here dissects what comes next; `number` is the value that named it.
    case unsupported(after: LayerKind, number: UInt32)
    /// A fragment other than the first: its bytes continue a datagram that began in another packet.
    case fragment(LayerKind)
    /// More layers inside each other than anything sane has: tunnels in tunnels.
    case tooDeep
}

extension DissectionStop {
    /// Bytes are missing or make no sense.
    var isBroken: Bool {
        switch self {
        case .truncatedBySnaplen, .truncatedOnWire, .malformed, .tooDeep: true
        case .complete, .unsupported, .fragment: false
        }
    }
}

/// What is wrong with a header whose bytes are all there.
public enum Malformation: UInt8, Hashable, Sendable {
    /// The version field is not the protocol's.
    case version
    /// The header says that it is shorter than the fixed part or longer than the packet.
    case headerLength
    /// An option is shorter than its definition.
    case optionLength
    /// The total length says less than the header, or more than there is.
    case totalLength
}
