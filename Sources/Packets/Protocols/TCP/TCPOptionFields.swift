/// The options of a TCP segment as fields.
enum TCPOptionFields {
    /// A field of the options of some kinds.
    private static func inOptions(
        _ kinds: PartKinds, _ name: String, _ type: FieldType, _ meaning: String, valueName: ValueName? = nil,
        needs: FieldNeeds = [], read: @escaping PartReader
    ) -> FieldDefinition {
        .inParts(kinds, foundBy: find, name, type, meaning, valueName: valueName, needs: needs, read: read)
    }

    /// A number at a fixed place of an option of one length. A cut option shows what is there.
    private static func option(
        _ kind: UInt32, length: Int, at offset: Int, _ name: String, bits: Int, _ meaning: String
    ) -> FieldDefinition {
        let place = FieldPlace(offset: offset, length: bits / 8)
        return inOptions(PartKinds(kind), name, .unsigned(bits: bits), meaning) { context, part, values in
            guard part.claimedLength == length else { return }
            if let number = place.number(in: context.record.extracting(part.range)) { values.append(.unsigned(number)) }
        }
    }

    /// A field of each option, or of those of one kind, from the option's own bytes as far as they are there.
    private static func option(
        _ kinds: PartKinds, _ name: String, _ type: FieldType, _ meaning: String, valueName: ValueName? = nil,
        read: @escaping @Sendable (_ option: LayerPart, _ bytes: RawSpan) -> UInt64?
    ) -> FieldDefinition {
        inOptions(kinds, name, type, meaning, valueName: valueName) { context, part, values in
            guard let number = read(part, context.record.extracting(part.range)) else { return }
            values.append(type == .boolean ? .boolean(number != 0) : .unsigned(number))
        }
    }

    /// The bytes of an option behind its first ones, where it is there in full.
    private static func bytes(_ kind: UInt32, from offset: Int, _ name: String, _ meaning: String) -> FieldDefinition {
        inOptions(PartKinds(kind), name, .bytes, meaning) { _, part, values in
            guard part.range.count == part.claimedLength, offset < part.range.count else { return }
            values.append(.bytes(part.range.dropFirst(offset)))
        }
    }

    /// The edges of the blocks of received data (RFC 2018 section 3), relative where the conversation's numbers are
    /// known.
    private static func edges(_ name: String, at offset: Int, _ meaning: String) -> FieldDefinition {
        let kind = PartKinds(UInt32(TCPOptionSize.sack))
        return inOptions(kind, name, .unsigned(bits: 32), meaning, needs: .stream) { context, part, values in
            let relative = context.facts.stream.relativeAcknowledgment
            let base = relative.map { context.header.uint32(at: 8) &- $0 } ?? 0
            for position in stride(from: part.start + 2, through: part.range.upperBound - 8, by: 8) {
                values.append(.unsigned(UInt64(context.record.uint32(at: position + offset) &- base)))
            }
        }
    }

    private static let subtypes: ValueName = { value in
        switch value {
        case 0: "MP_CAPABLE"
        case 1: "MP_JOIN"
        case 2: "DSS"
        case 3: "ADD_ADDR"
        case 4: "REMOVE_ADDR"
        case 5: "MP_PRIO"
        case 6: "MP_FAIL"
        case 7: "MP_FASTCLOSE"
        case 8: "MP_TCPRST"
        default: nil
        }
    }

    private static let kinds: ValueName = { value in
        switch value {
        case 0: "End of list"
        case 1: "No operation"
        case 2: "Maximum segment size"
        case 3: "Window scale"
        case 4: "SACK permitted"
        case 5: "SACK"
        case 8: "Timestamps"
        case 19: "MD5 signature"
        case 28: "User timeout"
        case 29: "Authentication"
        case 30: "Multipath TCP"
        case 34: "Fast Open cookie"
        case 253, 254: "Experimental"
        default: nil
        }
    }

    static let parts = ShownParts(find: find) { _, part, values in
        values.append(.word(StaticWord("Option: ")))
        if let name = kinds(UInt64(part.kind)) {
            values.append(.word(StaticWord(name)))
        } else {
            values.append(.word(StaticWord("kind ")))
            values.append(.unsigned(UInt64(part.kind)))
        }
    }

    /// The options, in their order; their kinds are those of the parts.
    static let find: PartFinder = { context, parts in
        guard context.header.byteCount > TCPSegment.minimumLength else { return }
        let start = Int(context.layer.start)
        var options = TCPOptionList(context.header)
        while let option = options.next() {
            let first = start + option.offset
            let end = min(option.offset + option.length, context.header.byteCount)
            let part = LayerPart(UInt32(option.kind), first..<start + end, owner: first..<first + option.length)
            guard parts.append(part) else { return }
        }
        if options.broken != nil { parts.note(.brokenOption) }
    }

    static let all: [FieldDefinition] = [
        option(.all, "tcp.option_kind", .unsigned(bits: 8), "Option kind", valueName: kinds) { option, _ in
            UInt64(option.kind)
        },
        option(.all, "tcp.option_len", .unsigned(bits: 8), "Option length") { option, _ in
            option.kind > 1 ? UInt64(option.claimedLength) : nil
        },
        option(2, length: 4, at: 2, "tcp.options.mss_val", bits: 16, "Maximum segment size"),
        option(3, length: 3, at: 2, "tcp.options.wscale.shift", bits: 8, "Window scale shift"),
        option(PartKinds(3), "tcp.options.wscale.multiplier", .unsigned(bits: 16), "Window scale multiplier") {
            option, bytes in
            // RFC 7323 section 2.3: more than 14 counts as 14.
            option.claimedLength == 3 && bytes.byteCount == 3 ? 1 << UInt64(min(14, bytes.uint8(at: 2))) : nil
        },
        edges("tcp.options.sack_le", at: 0, "Block's left edge"),
        edges("tcp.options.sack_re", at: 4, "Block's right edge"),
        option(PartKinds(5), "tcp.options.sack.count", .unsigned(bits: 8), "Blocks") { option, _ in
            UInt64(max(0, option.claimedLength - 2) / 8)
        },
        option(8, length: 10, at: 2, "tcp.options.timestamp.tsval", bits: 32, "Timestamp value"),
        option(8, length: 10, at: 6, "tcp.options.timestamp.tsecr", bits: 32, "Timestamp echo reply"),
        bytes(19, from: 2, "tcp.options.md5.digest", "MD5 digest"),
        option(PartKinds(28), "tcp.options.user_to_granularity", .boolean, "User timeout in minutes") { option, bytes in
            option.claimedLength == 4 && bytes.byteCount == 4 ? UInt64(bytes.uint8(at: 2) >> 7) : nil
        },
        option(PartKinds(28), "tcp.options.user_to_val", .unsigned(bits: 16), "User timeout") { option, bytes in
            option.claimedLength == 4 && bytes.byteCount == 4 ? UInt64(bytes.uint16(at: 2) & 0x7fff) : nil
        },
        option(PartKinds(29), "tcp.options.ao.keyid", .unsigned(bits: 8), "Authentication: key") { _, bytes in
            bytes.byteCount >= 4 ? UInt64(bytes.uint8(at: 2)) : nil
        },
        option(PartKinds(29), "tcp.options.ao.rnextkeyid", .unsigned(bits: 8), "Authentication: key wanted next") {
            _, bytes in
            bytes.byteCount >= 4 ? UInt64(bytes.uint8(at: 3)) : nil
        },
        bytes(29, from: 4, "tcp.options.ao.mac", "Authentication code"),
        option(
            PartKinds(30), "tcp.options.mptcp.subtype", .unsigned(bits: 8), "Multipath TCP subtype", valueName: subtypes
        ) { _, bytes in
            bytes.byteCount >= 3 ? UInt64(bytes.uint8(at: 2) >> 4) : nil
        },
        bytes(34, from: 2, "tcp.options.tfo.cookie", "Fast Open cookie"),
    ].map(\.ofPart)

    /// All options together, and each kind as it was sent, its kind and length with it.
    static let wholes: [FieldDefinition] = [
        FieldDefinition("tcp.options", .bytes, "All options as sent") { context, values in
            guard context.header.byteCount > TCPSegment.minimumLength else { return }
            let start = Int(context.layer.start)
            values.append(.bytes(start + TCPSegment.minimumLength..<start + context.header.byteCount))
        },
        bytes(0, from: 0, "tcp.options.eol", "End of the options as sent"),
        bytes(1, from: 0, "tcp.options.nop", "No operation as sent"),
        bytes(2, from: 0, "tcp.options.mss", "Maximum segment size option as sent"),
        bytes(3, from: 0, "tcp.options.wscale", "Window scale option as sent"),
        bytes(4, from: 0, "tcp.options.sack_perm", "SACK permitted option as sent"),
        bytes(5, from: 0, "tcp.options.sack", "SACK option as sent"),
        bytes(8, from: 0, "tcp.options.timestamp", "Timestamps option as sent"),
    ].map(\.hidden)
}

extension LayerPart {
    /// The length that an option says it has; 1 for those without one.
    fileprivate var claimedLength: Int { owner.count }
}
