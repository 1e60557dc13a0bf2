/// What an address is for: a "local IP" is any that this machine has, a "private" one comes from RFC 1918, and some
/// networks hand out public ones, so the two are not the same.
///
/// From the IANA registries of special-purpose addresses (RFC 6890), IPv4 and IPv6, and of multicast.
public struct AddressKind: Hashable, Sendable {
    /// What the registries set a block of addresses aside for.
    public enum Category: String, Hashable, Sendable, CaseIterable {
        case unspecified
        case loopback
        case privateUse = "private"
        case carrierGradeNAT = "carrier-grade NAT"
        case linkLocal = "link-local"
        case uniqueLocal = "unique local"
        case multicast
        case broadcast
        case documentation
        case benchmarking
        /// An IPv4 address inside an IPv6 one: mapped, NAT64, 6to4, Teredo.
        case transition
        case reserved
        case `public`
    }

    /// Who can reach an address of this kind.
    public enum Reach: Int, Hashable, Sendable, Comparable {
        /// Only programs on this machine.
        case machine
        /// Only machines on the same link: routers do not forward it.
        case link
        /// Machines of the same network or organisation; the Internet does not route it.
        case network
        /// Everybody.
        case everywhere

        public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
    }

    /// What the address is for.
    public let category: Category
    /// The block of addresses that it lies in: `172.16.0.0/12`. Empty for public ones, which are all the rest.
    public let block: String
    /// The document that sets the block aside: `RFC 1918`.
    public let source: String
    /// nil where the address does not belong to one machine or is not to be used at all.
    public let reach: Reach?

    /// The kind of an address; of an IPv4-mapped one that of the address inside.
    public init(of address: IPAddress) {
        switch address {
        case .v4(let address): self.init(of: address)
        case .v6(let address):
            if let inner = address.mappedIPv4 { self.init(of: inner) } else { self.init(of: address) }
        }
    }

    private init(of address: IPv4Address) {
        let found = Self.blocksIPv4.first {
            address.rawValue >> (32 - UInt32($0.prefix)) == $0.start.rawValue >> (32 - UInt32($0.prefix))
        }
        self = found?.kind ?? Self.publicKind
    }

    private init(of address: IPv6Address) {
        let found = Self.blocksIPv6.first { block in
            // A shift by 64 gives 0 in Swift, so the prefix needs no cases.
            (address.high ^ block.start.high) >> (64 - min(64, UInt64(block.prefix))) == 0
                && (address.low ^ block.start.low) >> (128 - max(64, UInt64(block.prefix))) == 0
        }
        self = found?.kind ?? (address.high >> 61 == 1 ? Self.publicKind : Self.unassigned)
    }

    private init(_ category: Category, _ block: String, _ source: String, _ reach: Reach?) {
        self.category = category
        self.block = block
        self.source = source
        self.reach = reach
    }

    private static let publicKind = AddressKind(.public, "", "", .everywhere)
    /// Only 2000::/3 is given out so far (RFC 4291 section 2.4, IANA's IPv6 address space registry).
    private static let unassigned = AddressKind(.reserved, "outside 2000::/3", "RFC 4291", nil)

    // The longer prefix stands before the shorter one that contains it.
    private static let blocksIPv4: [(start: IPv4Address, prefix: Int, kind: AddressKind)] = [
        ("0.0.0.0", 32, Category.unspecified, "RFC 1122", Reach?.none),
        ("0.0.0.0", 8, .reserved, "RFC 791", nil),
        ("10.0.0.0", 8, .privateUse, "RFC 1918", .network),
        ("100.64.0.0", 10, .carrierGradeNAT, "RFC 6598", .network),
        ("127.0.0.0", 8, .loopback, "RFC 1122", .machine),
        ("169.254.0.0", 16, .linkLocal, "RFC 3927", .link),
        ("172.16.0.0", 12, .privateUse, "RFC 1918", .network),
        ("192.0.0.9", 32, .public, "RFC 7723", .everywhere),
        ("192.0.0.10", 32, .public, "RFC 8155", .everywhere),
        ("192.0.0.0", 24, .reserved, "RFC 6890", nil),
        ("192.0.2.0", 24, .documentation, "RFC 5737", nil),
        ("192.88.99.0", 24, .transition, "RFC 7526", nil),
        ("192.168.0.0", 16, .privateUse, "RFC 1918", .network),
        ("198.18.0.0", 15, .benchmarking, "RFC 2544", nil),
        ("198.51.100.0", 24, .documentation, "RFC 5737", nil),
        ("203.0.113.0", 24, .documentation, "RFC 5737", nil),
        ("224.0.0.0", 4, .multicast, "RFC 5771", nil),
        ("255.255.255.255", 32, .broadcast, "RFC 919", nil),
        ("240.0.0.0", 4, .reserved, "RFC 1112", nil),
    ].compactMap { text, prefix, category, source, reach in
        IPv4Address(text).map { ($0, prefix, AddressKind(category, "\(text)/\(prefix)", source, reach)) }
    }

    private static let blocksIPv6: [(start: IPv6Address, prefix: Int, kind: AddressKind)] = [
        ("::", 128, Category.unspecified, "RFC 4291", Reach?.none),
        ("::1", 128, .loopback, "RFC 4291", .machine),
        ("64:ff9b::", 96, .transition, "RFC 6052", .everywhere),
        ("64:ff9b:1::", 48, .transition, "RFC 8215", .network),
        ("100::", 64, .reserved, "RFC 6666", nil),
        ("2001::", 32, .transition, "RFC 4380", .everywhere),
        ("2001:2::", 48, .benchmarking, "RFC 5180", nil),
        ("2001:db8::", 32, .documentation, "RFC 3849", nil),
        ("2001:10::", 28, .reserved, "RFC 4843", nil),
        ("2002::", 16, .transition, "RFC 3056", .everywhere),
        ("3fff::", 20, .documentation, "RFC 9637", nil),
        ("5f00::", 16, .reserved, "RFC 9602", nil),
        ("fc00::", 7, .uniqueLocal, "RFC 4193", .network),
        ("fe80::", 10, .linkLocal, "RFC 4291", .link),
        // Site-local, given up by RFC 3879 but still only for one site where it is used.
        ("fec0::", 10, .reserved, "RFC 3879", .network),
        ("ff00::", 8, .multicast, "RFC 4291", nil),
    ].compactMap { text, prefix, category, source, reach in
        IPv6Address(text).map { ($0, prefix, AddressKind(category, "\(text)/\(prefix)", source, reach)) }
    }
}

extension IPAddress {
    /// Whether more than one host may be meant: a multicast or broadcast address.
    public var isGroup: Bool {
        let category = kind.category
        return category == .multicast || category == .broadcast
    }

    /// What the address is for.
    public var kind: AddressKind { AddressKind(of: self) }
}

extension AddressKind: CustomStringConvertible {
    /// `private (172.16.0.0/12, RFC 1918)`, `public`.
    public var description: String { block.isEmpty ? category.rawValue : "\(category.rawValue) (\(block), \(source))" }
}
