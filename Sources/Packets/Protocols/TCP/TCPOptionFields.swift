/// The options of a TCP segment as fields.
enum TCPOptionFields {
    /// A number at a fixed place of an option, as many as the segment has such options. A cut option shows what is
    /// there.
    private static func option(
        _ kind: UInt8, length: Int, at offset: Int, _ name: String, bits: Int, _ meaning: String
    ) -> FieldDefinition {
        let place = FieldPlace(offset: offset, length: bits / 8)
        return FieldDefinition(name, .unsigned(bits: bits), meaning) { context, values in
            guard context.header.byteCount > TCPSegment.minimumLength else { return }
            var options = TCPOptionList(context.header)
            while let option = options.next() {
                guard option.kind == kind, option.length == length, context.isAsked(option) else { continue }
                let bytes = context.header.extracting(
                    option.offset..<min(option.offset + length, context.header.byteCount))
                if let number = place.number(in: bytes) { values.append(.unsigned(number)) }
            }
        }
    }

    /// A field of each option, from the option's own bytes as far as they are there.
    private static func option(
        _ name: String, _ type: FieldType, _ meaning: String, valueName: (@Sendable (UInt64) -> String?)? = nil,
        read: @escaping @Sendable (_ option: TCPOptionList.Option, _ bytes: RawSpan) -> UInt64?
    ) -> FieldDefinition {
        FieldDefinition(name, type, meaning, valueName: valueName) { context, values in
            guard context.header.byteCount > TCPSegment.minimumLength else { return }
            var options = TCPOptionList(context.header)
            while let option = options.next() {
                guard context.isAsked(option) else { continue }
                let end = min(option.offset + option.length, context.header.byteCount)
                if let number = read(option, context.header.extracting(option.offset..<end)) {
                    values.append(type == .boolean ? .boolean(number != 0) : .unsigned(number))
                }
            }
        }
    }

    /// The bytes of an option behind its first ones.
    private static func bytes(_ kind: UInt8, from offset: Int, _ name: String, _ meaning: String) -> FieldDefinition {
        FieldDefinition(name, .bytes, meaning) { context, values in
            guard context.header.byteCount > TCPSegment.minimumLength else { return }
            var options = TCPOptionList(context.header)
            while let option = options.next() {
                let end = option.offset + option.length
                guard option.kind == kind, option.offset + offset < end, end <= context.header.byteCount,
                    context.isAsked(option)
                else { continue }
                let start = Int(context.layer.start) + option.offset + offset
                values.append(
                    .bytes(start: Int32(clamping: start), end: Int32(clamping: Int(context.layer.start) + end)))
            }
        }
    }

    /// The edges of the blocks of received data (RFC 2018 section 3), relative where the conversation's numbers are
    /// known.
    private static func edges(_ name: String, at offset: Int, _ meaning: String) -> FieldDefinition {
        FieldDefinition(name, .unsigned(bits: 32), meaning, needs: .stream) { context, values in
            guard context.header.byteCount > TCPSegment.minimumLength else { return }
            let relative = context.facts.stream.relativeAcknowledgment
            let base = relative.map { context.header.uint32(at: 8) &- $0 } ?? 0
            var options = TCPOptionList(context.header)
            while let option = options.next() {
                guard option.kind == TCPOptionSize.sack, context.isAsked(option) else { continue }
                var position = option.offset + 2
                while position + 8 <= min(option.offset + option.length, context.header.byteCount) {
                    values.append(.unsigned(UInt64(context.header.uint32(at: position + offset) &- base)))
                    position += 8
                }
            }
        }
    }

    private static let subtypes: @Sendable (UInt64) -> String? = { value in
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

    private static let kinds: @Sendable (UInt64) -> String? = { value in
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

    /// The options, in their order.
    static let parts: ProtocolFields.PartReader = { context in
        guard context.header.byteCount > TCPSegment.minimumLength else { return [] }
        var found: [LayerPart] = []
        var options = TCPOptionList(context.header)
        while let option = options.next() {
            let end = min(option.offset + option.length, context.header.byteCount)
            found.append(
                LayerPart(
                    title: "Option: \(kinds(UInt64(option.kind)) ?? "kind \(option.kind)")", range: option.offset..<end)
            )
        }
        return found
    }

    static let all: [FieldDefinition] = [
        option("tcp.option_kind", .unsigned(bits: 8), "Option kind", valueName: kinds) { option, _ in
            UInt64(option.kind)
        },
        option("tcp.option_len", .unsigned(bits: 8), "Option length") { option, _ in
            option.kind > 1 ? UInt64(option.length) : nil
        },
        option(2, length: 4, at: 2, "tcp.options.mss_val", bits: 16, "Maximum segment size"),
        option(3, length: 3, at: 2, "tcp.options.wscale.shift", bits: 8, "Window scale shift"),
        option("tcp.options.wscale.multiplier", .unsigned(bits: 16), "Window scale multiplier") { option, bytes in
            // RFC 7323 section 2.3: more than 14 counts as 14.
            option.kind == 3 && option.length == 3 && bytes.byteCount == 3
                ? 1 << UInt64(min(14, bytes.uint8(at: 2))) : nil
        },
        edges("tcp.options.sack_le", at: 0, "Block's left edge"),
        edges("tcp.options.sack_re", at: 4, "Block's right edge"),
        option("tcp.options.sack.count", .unsigned(bits: 8), "Blocks") { option, _ in
            option.kind == 5 ? UInt64(max(0, option.length - 2) / 8) : nil
        },
        option(8, length: 10, at: 2, "tcp.options.timestamp.tsval", bits: 32, "Timestamp value"),
        option(8, length: 10, at: 6, "tcp.options.timestamp.tsecr", bits: 32, "Timestamp echo reply"),
        bytes(19, from: 2, "tcp.options.md5.digest", "MD5 digest"),
        option("tcp.options.user_to_granularity", .boolean, "User timeout in minutes") { option, bytes in
            option.kind == 28 && option.length == 4 && bytes.byteCount == 4 ? UInt64(bytes.uint8(at: 2) >> 7) : nil
        },
        option("tcp.options.user_to_val", .unsigned(bits: 16), "User timeout") { option, bytes in
            option.kind == 28 && option.length == 4 && bytes.byteCount == 4 ? UInt64(bytes.uint16(at: 2) & 0x7fff) : nil
        },
        option("tcp.options.ao.keyid", .unsigned(bits: 8), "Authentication: key") { option, bytes in
            option.kind == 29 && bytes.byteCount >= 4 ? UInt64(bytes.uint8(at: 2)) : nil
        },
        option("tcp.options.ao.rnextkeyid", .unsigned(bits: 8), "Authentication: key wanted next") { option, bytes in
            option.kind == 29 && bytes.byteCount >= 4 ? UInt64(bytes.uint8(at: 3)) : nil
        },
        bytes(29, from: 4, "tcp.options.ao.mac", "Authentication code"),
        option("tcp.options.mptcp.subtype", .unsigned(bits: 8), "Multipath TCP subtype", valueName: subtypes) {
            option, bytes in
            option.kind == 30 && bytes.byteCount >= 3 ? UInt64(bytes.uint8(at: 2) >> 4) : nil
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

extension LayerContext {
    /// Whether the fields of an option are wanted here.
    fileprivate func isAsked(_ option: TCPOptionList.Option) -> Bool { part == nil || part == option.offset }
}
