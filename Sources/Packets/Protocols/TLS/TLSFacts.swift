/// What is known of a segment's TLS records from the segments before.
public struct TLSFacts: Hashable, Sendable {
    /// Both ends settled on TLS 1.3, whose records hide what they are (RFC 8446 section 5.2).
    public var hidesTypes = false
}
