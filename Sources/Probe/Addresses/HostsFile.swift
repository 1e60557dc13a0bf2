import Addressing

/// A line of /etc/hosts, hosts(5): an address, its canonical name, its aliases.
public struct HostsLine: Hashable, Sendable {
    /// Counted from 1.
    public let number: Int
    /// The address that the line begins with.
    public let address: IPAddress
    /// The canonical name, then the aliases, as they are written.
    public let names: [String]

    /// A line with its number, counted from 1.
    public init(number: Int, address: IPAddress, names: [String]) {
        self.number = number
        self.address = address
        self.names = names
    }
}

/// Reads /etc/hosts, hosts(5).
public enum HostsFile {
    /// Reads the text of /etc/hosts; lines that are not as they should be are passed over, as the resolver does.
    public static func parse(_ content: [UInt8]) -> [HostsLine] {
        content.split(separator: 10, omittingEmptySubsequences: false).enumerated().compactMap { index, line in
            let text = String(decoding: line.prefix { $0 != UInt8(ascii: "#") }, as: UTF8.self)
            let words = text.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "\r" })
            guard let first = words.first, let address = IPAddress(first.prefix { $0 != "%" }), words.count > 1 else {
                return nil
            }
            return HostsLine(number: index + 1, address: address, names: words.dropFirst().map(String.init))
        }
    }

    /// The lines that name a host; names do not tell case (RFC 4343), nor does a dot at the end.
    public static func lines(_ lines: [HostsLine], naming name: String) -> [HostsLine] {
        let wanted = plain(name)
        return lines.filter { $0.names.contains { plain($0) == wanted } }
    }

    static func plain(_ name: String) -> String {
        let lowered = name.lowercased()
        return lowered.hasSuffix(".") ? String(lowered.dropLast()) : lowered
    }
}
