import Addressing

/// What a header says about what it carries. A protocol never names the one above it: it returns one of these, and the
/// dissector's tables know who that is.
@usableFromInline
enum Handoff {
    case etherType(EtherType)
    case ipProtocol(IPProtocol)
    /// The first nibble of the payload is the IP version.
    case ipVersion
    /// A transport's payload, to be found by port.
    case ports(Transport, source: Port, destination: Port)
    /// The application's data.
    case data
    /// Nothing further: the reason is in the dissection.
    case stop(DissectionStop)
}

/// The transport protocols whose payload a port names.
public enum Transport: UInt8, Hashable, Sendable {
    case tcp
    case udp
}
