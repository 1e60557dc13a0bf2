import Addressing

/// The old ways to write an IPv4 address that inet_aton(3) takes, and through it most programs: one to four numbers,
/// decimal, octal (`0…`) or hexadecimal (`0x…`), the last of which fills the bytes that are left. `127.1` is 127.0.0.1.
public enum NumberForm {
    /// nil: not such a number.
    public static func address(_ text: some StringProtocol) -> IPv4Address? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...4).contains(parts.count) else { return nil }
        var value: UInt64 = 0
        for (index, part) in parts.enumerated() {
            guard let number = number(part) else { return nil }
            let isLast = index == parts.count - 1
            let bits = isLast ? 8 * (4 - index) : 8
            guard number < 1 << UInt64(bits) else { return nil }
            value = value << UInt64(bits) | number
        }
        return IPv4Address(rawValue: UInt32(truncatingIfNeeded: value))
    }

    private static func number(_ part: some StringProtocol) -> UInt64? {
        guard let first = part.utf8.first, first != UInt8(ascii: "+"), first != UInt8(ascii: "-") else { return nil }
        if part.hasPrefix("0x") || part.hasPrefix("0X") {
            let digits = part.dropFirst(2)
            guard digits.utf8.first != UInt8(ascii: "+"), digits.utf8.first != UInt8(ascii: "-") else { return nil }
            return UInt64(digits, radix: 16)
        }
        return first == UInt8(ascii: "0") ? UInt64(part, radix: 8) : UInt64(part)
    }
}
