import Sockets

/// The value of a socket option as strace writes it, made short: `[1]` is 1, `{l_onoff=1, l_linger=0}` is `l_onoff=1
/// l_linger=0`, and the bytes that strace only quotes are read where the option says what they are.
enum StraceOption {
    /// `SOL_SOCKET`, `SO_RCVTIMEO`, `2.5 s`: level, name and value; no value where it says nothing.
    static func arguments(level: String, name: String, value: ArraySlice<UInt8>?) -> [CallArgument] {
        // Two numbers for one option, since 32-bit times ran out (SO_RCVTIMEO_OLD, SO_RCVTIMEO_NEW).
        let name = name.hasSuffix("_OLD") || name.hasSuffix("_NEW") ? String(name.dropLast(4)) : name
        return [CallArgument(level), CallArgument(name)]
            + (value.flatMap { text($0, name) }.map { [CallArgument($0)] } ?? [])
    }

    private static func text(_ value: ArraySlice<UInt8>, _ name: String) -> String? {
        if value.starts(with: "0x".utf8) || value.starts(with: "NULL".utf8) { return nil }
        if value.first == 34 {
            var quoted = StraceText(value)
            guard let bytes = quoted.quoted() else { return nil }
            return bytesText(bytes, name)
        }
        let plain = value.filter { $0 != 91 && $0 != 93 && $0 != 123 && $0 != 125 && $0 != 44 }[...]
        if name == "TCP_CONGESTION", let number = Int(plain.text), let word = UInt32(exactly: number) {
            // A name of four letters looks like a number to strace.
            return (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }.prefix { $0 != 0 }[...].text
        }
        return addresses(plain)
    }

    /// `imr_multiaddr=inet_addr("224.1.1.1")` becomes `imr_multiaddr=224.1.1.1`.
    private static func addresses(_ text: ArraySlice<UInt8>) -> String {
        var shown = ""
        var rest = StraceText(text)
        while !rest.rest.isEmpty {
            if rest.take("inet_addr("), let address = rest.quoted() {
                shown += address.text
                _ = rest.take(")")
            } else if let first = rest.rest.first {
                let plain = rest.rest.prefix(1).text
                shown += first < 128 ? plain : "?"
                rest.skip()
            }
        }
        return shown
    }

    private static func bytesText(_ bytes: [UInt8], _ name: String) -> String? {
        switch name {
        case "SO_RCVTIMEO", "SO_SNDTIMEO": return time(bytes)
        case "SO_BINDTODEVICE", "TCP_CONGESTION": return bytes.prefix { $0 != 0 }.text
        default: return nil
        }
    }

    /// struct timeval of two 64-bit numbers, in the machine's order: seconds and microseconds.
    private static func time(_ bytes: [UInt8]) -> String? {
        guard bytes.count == 16 else { return nil }
        func number(_ start: Int) -> UInt64 {
            (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[start + $1]) << (8 * UInt64($1)) }
        }
        let (seconds, microseconds) = (number(0), number(8))
        guard microseconds < 1_000_000 else { return nil }
        if microseconds == 0 { return "\(seconds) s" }
        let digits = String(microseconds)
        let fraction = String(repeating: "0", count: 6 - digits.count) + digits
        return "\(seconds).\(fraction.trimmingZeros) s"
    }
}

extension StringProtocol {
    /// Without the zeros at its end.
    fileprivate var trimmingZeros: String {
        var text = String(self)
        while text.hasSuffix("0") { text.removeLast() }
        return text
    }
}
