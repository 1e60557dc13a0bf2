import Addressing

/// The fields of IPv6 neighbour discovery (RFC 4861): solicitations, advertisements and redirects, and their options.
///
///     +------+--------+----------+   +----------------------------+   +------+--------+--------…
///     | type | length | value …  |   an option: its length counts eights of bytes, type and length among them
enum NeighbourDiscoveryFields {
    private static let advertisement: UInt8 = 134
    private static let solicitation: UInt8 = 135
    private static let neighbour: UInt8 = 136
    private static let redirect: UInt8 = 137

    /// A number at a fixed place of the messages of one type.
    private static func number(
        _ message: UInt8, _ name: String, _ type: FieldType, _ meaning: String, at offset: Int, length: Int,
        mask: UInt64 = .max
    ) -> FieldDefinition {
        let place = FieldPlace(offset: offset, length: length, mask: mask)
        return FieldDefinition(name, type, meaning) { context, values in
            guard context.bytes.byteCount >= 8, context.bytes.uint8(at: 0) == message,
                let number = place.number(in: context.bytes)
            else { return }
            values.append(type == .boolean ? .boolean(number != 0) : .unsigned(number))
        }
    }

    private static func address(_ message: UInt8, _ name: String, _ meaning: String, at offset: Int) -> FieldDefinition
    {
        FieldDefinition(name, .ipv6, meaning) { context, values in
            guard context.bytes.byteCount >= offset + 16, context.bytes.uint8(at: 0) == message else { return }
            values.append(.ipv6(context.bytes.ipv6Address(at: offset)))
        }
    }

    // MARK: Options

    /// A field of each option of the kinds that are named; of all where none is.
    /// - Parameter read: gets the option's place, counted from the message's first byte; its first two bytes are there.
    private static func option(
        _ kinds: Set<UInt8>, _ name: String, _ type: FieldType, _ meaning: String,
        read: @escaping @Sendable (_ option: Range<Int>, borrowing LayerContext, inout FieldValues) -> Void
    ) -> FieldDefinition {
        FieldDefinition(name, type, meaning) { context, values in
            guard let message = try? ICMPv6Message(context.bytes) else { return }
            var options = NeighbourOptions(message)
            while let option = options.next() {
                if kinds.isEmpty || kinds.contains(option.type) { read(option.range, context, &values) }
            }
        }
    }

    private static func number(
        in kind: UInt8, _ name: String, _ type: FieldType, _ meaning: String, at offset: Int, length: Int,
        mask: UInt64 = .max
    ) -> FieldDefinition {
        let place = FieldPlace(offset: offset, length: length, mask: mask)
        return option([kind], name, type, meaning) { option, context, values in
            guard let number = place.number(in: context.bytes.extracting(option)) else { return }
            values.append(type == .boolean ? .boolean(number != 0) : .unsigned(number))
        }
    }

    private static func linkAddress(_ kinds: Set<UInt8>, _ name: String, _ meaning: String) -> FieldDefinition {
        option(kinds, name, .mac, meaning) { option, context, values in
            if option.count == 8 { values.append(.mac(context.bytes.macAddress(at: option.lowerBound + 2))) }
        }
    }

    static let all: [FieldDefinition] = [
        number(advertisement, "icmpv6.nd.ra.cur_hop_limit", .unsigned(bits: 8), "Hop limit to use", at: 4, length: 1),
        number(advertisement, "icmpv6.nd.ra.flag", .hex(bits: 8), "Flags", at: 5, length: 1),
        number(advertisement, "icmpv6.nd.ra.flag.m", .boolean, "Addresses from DHCPv6", at: 5, length: 1, mask: 0x80),
        number(
            advertisement, "icmpv6.nd.ra.flag.o", .boolean, "Other settings from DHCPv6", at: 5, length: 1, mask: 0x40),
        number(
            advertisement, "icmpv6.nd.ra.router_lifetime", .unsigned(bits: 16), "Seconds as default router", at: 6,
            length: 2),
        number(
            advertisement, "icmpv6.nd.ra.reachable_time", .unsigned(bits: 32), "Milliseconds reachable", at: 8,
            length: 4),
        number(
            advertisement, "icmpv6.nd.ra.retrans_timer", .unsigned(bits: 32), "Milliseconds between solicitations",
            at: 12, length: 4),
        address(solicitation, "icmpv6.nd.ns.target_address", "Address asked for", at: 8),
        number(neighbour, "icmpv6.nd.na.flag", .hex(bits: 32), "Flags", at: 4, length: 4),
        number(neighbour, "icmpv6.nd.na.flag.r", .boolean, "From a router", at: 4, length: 4, mask: 0x8000_0000),
        number(neighbour, "icmpv6.nd.na.flag.s", .boolean, "Solicited", at: 4, length: 4, mask: 0x4000_0000),
        number(
            neighbour, "icmpv6.nd.na.flag.o", .boolean, "Overrides what is cached",
            at: 4, length: 4, mask: 0x2000_0000),
        address(neighbour, "icmpv6.nd.na.target_address", "Address told", at: 8),
        address(redirect, "icmpv6.nd.rd.target_address", "Better first hop", at: 8),
        address(redirect, "icmpv6.rd.na.destination_address", "Redirected destination", at: 24),
        option([], "icmpv6.opt.type", .unsigned(bits: 8), "Option") { option, context, values in
            values.append(.unsigned(UInt64(context.bytes.uint8(at: option.lowerBound))))
        },
        option([], "icmpv6.opt.length", .unsigned(bits: 8), "Option length in eights of bytes") {
            option, context, values in
            values.append(.unsigned(UInt64(context.bytes.uint8(at: option.lowerBound + 1))))
        },
        linkAddress([1, 2], "icmpv6.opt.linkaddr", "Link-layer address").hidden,
        linkAddress([1], "icmpv6.opt.src_linkaddr", "Source's link-layer address"),
        linkAddress([2], "icmpv6.opt.target_linkaddr", "Target's link-layer address"),
        number(in: 3, "icmpv6.opt.prefix.length", .unsigned(bits: 8), "Prefix length", at: 2, length: 1),
        number(in: 3, "icmpv6.opt.prefix.flag.l", .boolean, "Prefix is on the link", at: 3, length: 1, mask: 0x80),
        number(in: 3, "icmpv6.opt.prefix.flag.a", .boolean, "Hosts make addresses of it", at: 3, length: 1, mask: 0x40),
        number(in: 3, "icmpv6.opt.prefix.valid_lifetime", .unsigned(bits: 32), "Seconds valid", at: 4, length: 4),
        number(
            in: 3, "icmpv6.opt.prefix.preferred_lifetime", .unsigned(bits: 32), "Seconds preferred", at: 8, length: 4),
        option([3], "icmpv6.opt.prefix", .ipv6, "Prefix") { option, context, values in
            if option.count == 32 { values.append(.ipv6(context.bytes.ipv6Address(at: option.lowerBound + 16))) }
        },
        number(in: 5, "icmpv6.opt.mtu", .unsigned(bits: 32), "Link's MTU", at: 4, length: 4),
    ]
}
