import Addressing

/// What a segment or datagram says of its conversation by the first bytes that it carries: which application speaks,
/// and whether it asks or answers. As the dissector finds it, for whoever counts packets without taking them apart.
public struct CarriedMessage: Hashable, Sendable {
    /// nil for data that no protocol claims.
    public let application: LayerKind?
    /// Whether the message asks something of the other end (true) or answers it (false); nil where its protocol does
    /// not say so, or the bytes begin no message.
    public let asks: Bool?

    /// - Parameters:
    ///   - payload: what the segment or datagram carries, as captured.
    ///   - source: the sender's port.
    ///   - destination: the receiver's port.
    public init(_ payload: RawSpan, over transport: Transport, from source: Port, to destination: Port) {
        guard payload.byteCount > 0 else {
            (application, asks) = (nil, nil)
            return
        }
        (application, asks) = ProtocolTables.shared.message(transport, source, destination, payload)
    }
}
