import CNetShims

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The second argument of `shutdown`: which direction ends.
public enum ShutdownDirection: Hashable, Sendable, CaseIterable {
    /// SHUT_RD: nothing more is received.
    case receiving
    /// SHUT_WR: nothing more is sent; TCP sends FIN.
    case sending
    /// SHUT_RDWR: both.
    case both

    /// The number in the system's headers.
    public var number: Int32 {
        switch self {
        case .receiving: Int32(SHUT_RD)
        case .sending: Int32(SHUT_WR)
        case .both: Int32(SHUT_RDWR)
        }
    }

    /// The symbol as C spells it.
    public var text: String {
        switch self {
        case .receiving: "SHUT_RD"
        case .sending: "SHUT_WR"
        case .both: "SHUT_RDWR"
        }
    }
}
