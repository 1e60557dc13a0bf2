/// SHA-1 (RFC 3174), for formats that are defined over it, as the Community ID is. Not for anything that has to
/// withstand an attacker.
public enum SHA1 {
    /// The 20 bytes of the digest; nil where the system's libcrypto does not offer SHA-1.
    public static func digest(_ message: Span<UInt8>) -> [UInt8]? { DigestAlgorithm.sha1.digest(message) }
}
