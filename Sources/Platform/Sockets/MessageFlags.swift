import CNetShims

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The last argument of `send`: how this one call differs from the others.
public struct MessageFlags: OptionSet, Hashable, Sendable {
    /// The bits of the system's headers.
    public let rawValue: Int32
    /// Flags by their bits.
    public init(rawValue: Int32) { self.rawValue = rawValue }

    /// MSG_DONTWAIT: takes what there is room for and does not block.
    public static let dontWait = MessageFlags(rawValue: Int32(truncatingIfNeeded: MSG_DONTWAIT))
}
