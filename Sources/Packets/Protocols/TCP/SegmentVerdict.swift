/// Whether a segment belongs to the connection of its ports: what RFC 9293 section 3.10.7 and RFC 5961 say of it, seen
/// from between the ends. Only what belongs moves a connection on; the rest is told as what it is.
public enum SegmentVerdict: UInt8, Hashable, Sendable {
    /// Nothing that was seen speaks against it.
    case belongs
    /// Its numbers lie at or before an initial one: a late segment of an earlier connection of these ports.
    case ofEarlierConnection
    /// Its sequence number lies outside of what the other end can accept (RFC 9293 section 3.10.7.4): dropped, and
    /// answered with an ACK, but for a RST.
    case outsideWindow
    /// It acknowledges what the other end has not sent (RFC 9293 section 3.10.7.4): dropped, and answered with an ACK.
    case acknowledgesUnsent
    /// Its timestamp is older than the one that the other end has echoed last: an old duplicate (PAWS, RFC 7323
    /// section 5): dropped, and answered with an ACK.
    case oldTimestamp
    /// A SYN-ACK with another initial number than the one that counts, or that acknowledges no SYN
    /// (RFC 9293 section 3.10.7.3).
    case strayAnswer
    /// A RST with the number that a segment acknowledged which does not belong: it resets what that one is of
    /// (RFC 9293 sections 3.5.1 and 3.10.7.3).
    case resetsStray
    /// A RST within the window, but not with the expected number: answered with a challenge ACK (RFC 5961 section 3.2).
    case challengedReset
    /// A RST that answers a SYN without acknowledging it: it is not acceptable (RFC 9293 section 3.10.7.3).
    case unbelievedReset

    /// What it is, in a few words; nil for what belongs.
    public var name: StaticString? {
        switch self {
        case .belongs: nil
        case .ofEarlierConnection: "of an earlier connection"
        case .outsideWindow: "outside the window"
        case .acknowledgesUnsent: "acknowledges what was not sent"
        case .oldTimestamp: "timestamp of an old duplicate"
        case .strayAnswer: "SYN-ACK that opens nothing"
        case .resetsStray: "RST in answer to what does not belong"
        case .challengedReset: "RST not at the expected number"
        case .unbelievedReset: "RST that acknowledges no SYN"
        }
    }
}
