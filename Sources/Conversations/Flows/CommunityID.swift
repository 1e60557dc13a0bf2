import Addressing
import Digests

/// The Community ID of a flow, version 1 (https://github.com/corelight/community-id-spec): the same text for the same
/// flow in Zeek, Suricata, Wireshark and others.
public enum CommunityID {
    /// - Parameter seed: for networks that want IDs of their own; 0 everywhere else.
    public static func text(_ key: FlowKey, seed: UInt16 = 0) -> String {
        var message: [UInt8] = [UInt8(seed >> 8), UInt8(truncatingIfNeeded: seed)]
        let (lower, upper) = (key.lower, key.upper)
        append(lower.address, &message)
        append(upper.address, &message)
        message += [key.flowProtocol.number, 0]
        for port in [lower.port.rawValue, upper.port.rawValue] {
            message += [UInt8(port >> 8), UInt8(truncatingIfNeeded: port)]
        }
        guard let digest = SHA1.digest(message.span) else { return "" }
        return "1:" + base64(digest)
    }

    private static func append(_ address: IPAddress, _ message: inout [UInt8]) {
        switch address {
        case .v4(let address):
            for shift in [24, 16, 8, 0] as [UInt32] { message.append(UInt8(address.rawValue >> shift & 255)) }
        case .v6(let address):
            for half in [address.high, address.low] {
                for shift in stride(from: 56, through: 0, by: -8) { message.append(UInt8(half >> UInt64(shift) & 255)) }
            }
        }
    }

    /// RFC 4648 section 4.
    private static func base64(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = Array(bytes[start..<min(start + 3, bytes.count)])
            let word = group.reduce(0) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
            for index in 0..<4 {
                text.append(
                    index <= group.count ? alphabet[Int(word >> UInt32(18 - 6 * index) & 63)] : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
