/// The control bits of a TCP segment (RFC 9293 section 3.1), with the reserved bits, as Wireshark's `tcp.flags`: 12
/// bits.
public struct TCPFlags: OptionSet, Hashable, Sendable {
    /// The number as it is sent.
    public let rawValue: UInt16

    /// Any number, known or not.
    @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }

    // Computed, so that other modules see the numbers: a stored one is asked for through its initializer, for every
    // packet.
    /// The sender has no more data.
    @inlinable public static var fin: TCPFlags { TCPFlags(rawValue: 0x001) }
    /// The sequence number is the initial one.
    @inlinable public static var syn: TCPFlags { TCPFlags(rawValue: 0x002) }
    /// The connection ends at once.
    @inlinable public static var rst: TCPFlags { TCPFlags(rawValue: 0x004) }
    /// What has come is to be given to the program.
    @inlinable public static var psh: TCPFlags { TCPFlags(rawValue: 0x008) }
    /// The acknowledgment number is valid.
    @inlinable public static var ack: TCPFlags { TCPFlags(rawValue: 0x010) }
    /// The urgent pointer is valid.
    @inlinable public static var urg: TCPFlags { TCPFlags(rawValue: 0x020) }
    /// RFC 3168.
    @inlinable public static var ece: TCPFlags { TCPFlags(rawValue: 0x040) }
    /// RFC 3168.
    @inlinable public static var cwr: TCPFlags { TCPFlags(rawValue: 0x080) }
    /// Accurate ECN; formerly the nonce sum of RFC 3540.
    @inlinable public static var ae: TCPFlags { TCPFlags(rawValue: 0x100) }

    /// The names in the order in which people say them: SYN+ACK, PSH+ACK, FIN+ACK.
    public static let names: [(flag: TCPFlags, name: StaticString)] = [
        (.syn, "SYN"), (.fin, "FIN"), (.rst, "RST"), (.psh, "PSH"), (.urg, "URG"), (.ece, "ECE"), (.cwr, "CWR"),
        (.ae, "AE"), (.ack, "ACK"),
    ]
}

extension TCPFlags: CustomStringConvertible {
    public var description: String {
        let set = Self.names.filter { contains($0.flag) }.map { String(describing: $0.name) }
        return set.isEmpty ? "no flags" : set.joined(separator: "+")
    }
}
