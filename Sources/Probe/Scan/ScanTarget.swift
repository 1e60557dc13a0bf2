import Addressing

/// One host to scan.
public struct ScanTarget: Hashable, Sendable {
    /// The host's address.
    public let address: IPAddress
    /// The interface of a link-local IPv6 address (RFC 4007), else 0.
    public let scope: UInt32
    /// That interface's name, where it is known.
    public let zone: String?
    /// The name that the user gave, where it was one.
    public let name: String?
    /// The other addresses of that name, which are not scanned for it.
    public let otherAddresses: [IPAddress]
    /// Whether the user named a block of addresses, most of which may be nobody's.
    public let isFromBlock: Bool

    /// A host; the scope is the interface's index.
    public init(
        _ address: IPAddress, scope: UInt32 = 0, zone: String? = nil, name: String? = nil,
        otherAddresses: [IPAddress] = [], isFromBlock: Bool = false
    ) {
        self.address = address
        self.scope = scope
        self.zone = zone
        self.name = name
        self.otherAddresses = otherAddresses
        self.isFromBlock = isFromBlock
    }
}

extension ScanTarget {
    /// The address with its zone (RFC 4007 section 11): `fe80::1%eth0`.
    public var text: String {
        scope == 0 ? "\(address)" : "\(address)%\(zone ?? "\(scope)")"
    }
}

/// One or many addresses, listed without being stored.
public enum TargetBlock: Hashable, Sendable {
    case single(ScanTarget)
    /// nmap's `10.0.0-3.1,7-9`: the product of four lists of octets, each in order.
    case octets([[UInt8]])
    case range4(ClosedRange<UInt32>)
    /// `count` addresses from `start` on, which do not leave its last 64 bits.
    case range6(start: IPv6Address, count: UInt64, scope: UInt32)

    /// How many addresses.
    public var count: UInt64 {
        switch self {
        case .single: 1
        case .octets(let lists): lists.reduce(1) { $0 &* UInt64($1.count) }
        case .range4(let range): UInt64(range.upperBound) - UInt64(range.lowerBound) + 1
        case .range6(_, let count, _): count
        }
    }

    /// The address at a place from 0 to `count` - 1.
    public subscript(place: UInt64) -> ScanTarget {
        switch self {
        case .single(let target):
            return target
        case .octets(let lists):
            var rest = place
            var value: UInt32 = 0
            for (index, list) in lists.enumerated().reversed() where !list.isEmpty {
                value |= UInt32(list[Int(rest % UInt64(list.count))]) << UInt32(8 * (3 - index))
                rest /= UInt64(list.count)
            }
            return ScanTarget(.v4(IPv4Address(rawValue: value)), isFromBlock: count > 1)
        case .range4(let range):
            return ScanTarget(
                .v4(IPv4Address(rawValue: range.lowerBound &+ UInt32(truncatingIfNeeded: place))),
                isFromBlock: count > 1)
        case .range6(let start, let count, let scope):
            return ScanTarget(
                .v6(IPv6Address(high: start.high, low: start.low &+ place)), scope: scope, isFromBlock: count > 1)
        }
    }

    /// The first and the last address.
    public var ends: (first: IPAddress, last: IPAddress) { (self[0].address, self[count &- 1].address) }

    /// Whether an address is one of the block's.
    public func contains(_ address: IPAddress) -> Bool {
        switch (self, address) {
        case (.single(let target), _): return target.address == address
        case (.range4(let range), .v4(let address)): return range.contains(address.rawValue)
        case (.octets(let lists), .v4(let address)):
            return lists.enumerated().allSatisfy { index, list in
                list.contains(UInt8(truncatingIfNeeded: address.rawValue >> UInt32(8 * (3 - index))))
            }
        case (.range6(let start, let count, _), .v6(let address)):
            return address.high == start.high && address.low >= start.low && address.low - start.low < count
        default: return false
        }
    }

    /// Whether a block (not a single address) reaches into the public address space: those are other people's machines.
    /// It does when it starts or ends there, or when its ends lie in two different blocks that are set aside.
    public var isPublicBlock: Bool {
        guard count > 1 else { return false }
        let (first, last) = ends
        return first.kind.category == .public || first.kind != last.kind
    }
}

/// What the user wrote for a target.
public enum TargetText: Hashable, Sendable {
    case block(TargetBlock)
    /// A name, to be resolved; with `/24` the network around its address.
    case name(String, prefix: Int?)
    /// An IPv6 address with the name of an interface: `fe80::1%eth0`.
    case zoned(IPv6Address, zone: String)

    /// Reads an address, a CIDR block (`10.0.0.0/24`, `2001:db8::/120`), nmap's octets (`10.0.0-3.1-254`), a range from
    /// address to address (`10.0.0.1-10.0.0.20`), or a name.
    public init(_ text: String) throws(ScanTextError) {
        if text.isEmpty { throw ScanTextError("an empty target") }
        let halves = text.split(separator: "/", omittingEmptySubsequences: false)
        guard halves.count <= 2 else { throw ScanTextError("'\(text)' has more than one '/'") }
        let host = halves[0]
        var prefix: Int?
        if halves.count == 2 {
            guard (1...3).contains(halves[1].utf8.count), halves[1].utf8.allSatisfy({ (48...57).contains($0) }),
                let length = Int(halves[1])
            else { throw ScanTextError("'\(text)': what follows '/' is no prefix length") }
            prefix = length
        }

        if host.utf8.contains(58) {
            self = try Self.version6(host, prefix, whole: text)
        } else if let address = IPAddress(host) {
            self = .block(try TargetBlock(address, prefix: prefix ?? 32))
        } else if host.utf8.allSatisfy({ (48...57).contains($0) || [42, 44, 45, 46].contains($0) }) {
            guard prefix == nil else { throw ScanTextError("'\(text)': a prefix length goes with one address only") }
            self = .block(try Self.version4(host))
        } else {
            guard Self.isName(host) else { throw ScanTextError("'\(text)' is neither an address nor a name") }
            guard prefix ?? 0 <= 128 else { throw ScanTextError("'\(text)': the prefix is longer than an address") }
            self = .name(String(host), prefix: prefix)
        }
    }

    /// Targets set apart by commas. nmap's octets have commas too: what has only digits and no dot belongs to them.
    public static func list(_ text: String) -> [String] {
        var list: [String] = []
        for part in text.split(separator: ",") {
            let isOctet = part.utf8.allSatisfy { (48...57).contains($0) || $0 == 45 }
            let isRest =
                !list.isEmpty && !part.isEmpty && (isOctet || part.count(where: { $0 == "." }) < 3)
                && part.utf8.allSatisfy { (48...57).contains($0) || [42, 45, 46].contains($0) }
            if isRest { list[list.count - 1] += "," + part } else { list.append(String(part)) }
        }
        return list
    }

    private static func version6(_ host: Substring, _ prefix: Int?, whole: String) throws(ScanTextError) -> TargetText {
        let bare = host.first == "[" && host.last == "]" ? host.dropFirst().dropLast() : host
        let parts = bare.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = parts.first.flatMap({ IPv6Address($0) }) else {
            throw ScanTextError("'\(whole)' is no IPv6 address")
        }
        guard parts.count == 2 else { return .block(try TargetBlock(.v6(address), prefix: prefix ?? 128)) }
        guard prefix == nil, !parts[1].isEmpty else {
            throw ScanTextError("'\(whole)': an interface goes with one address only")
        }
        return .zoned(address, zone: String(parts[1]))
    }

    private static func version4(_ host: Substring) throws(ScanTextError) -> TargetBlock {
        let ends = host.split(separator: "-", omittingEmptySubsequences: false)
        if ends.count == 2, let first = IPv4Address(ends[0]), let last = IPv4Address(ends[1]) {
            guard first <= last else { throw ScanTextError("'\(host)': the range goes backwards") }
            return .range4(first.rawValue...last.rawValue)
        }
        let octets = host.split(separator: ".", omittingEmptySubsequences: false)
        guard octets.count == 4 else { throw ScanTextError("'\(host)' is no IPv4 address: it needs four parts") }
        var lists: [[UInt8]] = []
        for octet in octets { lists.append(try list(octet, whole: host)) }
        return .octets(lists)
    }

    /// One part of nmap's octets: `1`, `1-3,7`, `-9`, `250-`, `*`.
    private static func list(_ octet: Substring, whole: Substring) throws(ScanTextError) -> [UInt8] {
        var wanted = [Bool](repeating: false, count: 256)
        for item in octet.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = item == "*" ? ["", ""] : item.split(separator: "-", omittingEmptySubsequences: false)
            guard ends.count <= 2, !(ends.count == 1 && ends[0].isEmpty),
                let first = ends[0].isEmpty ? 0 : UInt8(ends[0]),
                let last = ends.count == 1 ? first : ends[1].isEmpty ? 255 : UInt8(ends[1])
            else { throw ScanTextError("'\(whole)': '\(item)' is no number from 0 to 255 and no range of them") }
            guard first <= last else { throw ScanTextError("'\(whole)': the range '\(item)' goes backwards") }
            for value in first...last { wanted[Int(value)] = true }
        }
        return (UInt8.min...UInt8.max).filter { wanted[Int($0)] }
    }

    /// Letters of any script, digits, `-`, `_` and `.`: what a resolver may know (RFC 1123 section 2.1 and more).
    private static func isName(_ text: Substring) -> Bool {
        (1...253).contains(text.utf8.count) && text.first != "-"
            && text.unicodeScalars.allSatisfy {
                $0.properties.isAlphabetic || $0.properties.numericType != nil || "-_.".unicodeScalars.contains($0)
            }
    }
}

extension TargetBlock {
    /// The network of `prefix` bits around an address.
    public init(_ address: IPAddress, prefix: Int, name: String? = nil) throws(ScanTextError) {
        switch address {
        case .v4(let address):
            guard (0...32).contains(prefix) else {
                throw ScanTextError("'\(address)/\(prefix)': an IPv4 prefix has at most 32 bits")
            }
            if prefix == 32 {
                self = .single(ScanTarget(.v4(address), name: name))
                return
            }
            let mask = UInt32.max << UInt32(32 - prefix)
            self = .range4(address.rawValue & mask...address.rawValue | ~mask)
        case .v6(let address):
            guard (0...128).contains(prefix) else {
                throw ScanTextError("'\(address)/\(prefix)': an IPv6 prefix has at most 128 bits")
            }
            if prefix == 128 {
                self = .single(ScanTarget(.v6(address), name: name))
                return
            }
            guard prefix >= 96 else {
                throw ScanTextError(
                    "'\(address)/\(prefix)' has more addresses than a scan could ever ask: at least /96")
            }
            let mask = UInt64.max << UInt64(128 - prefix)
            self = .range6(
                start: IPv6Address(high: address.high, low: address.low & mask), count: 1 << UInt64(128 - prefix),
                scope: 0)
        }
    }
}
