/// The options of an IPv4 packet as fields.
enum IPv4OptionFields {
    /// A field of each option that has it.
    /// - Parameter value: nil where the option does not have it; it is opened with the option's own bytes.
    private static func option(
        _ name: String, _ type: FieldType, _ meaning: String, _ value: @escaping @Sendable (_ bytes: RawSpan) -> UInt64?
    ) -> FieldDefinition {
        FieldDefinition(name, type, meaning) { context, values in
            guard context.header.byteCount > IPv4Packet.minimumLength, let packet = try? IPv4Packet(context.header)
            else { return }
            var options = packet.options
            while let option = options.next() {
                let start = IPv4Packet.minimumLength + option.offset
                if let number = value(context.header.extracting(start..<start + option.length)) {
                    values.append(.unsigned(number))
                }
            }
        }
    }

    /// The addresses of a route option: type, length, pointer, addresses. The pointer counts from 1 and tells the
    /// addresses that are done from those to come.
    private static func route(_ name: String, _ meaning: String, _ types: [UInt8], done: Bool) -> FieldDefinition {
        FieldDefinition(name, .ipv4, meaning) { context, values in
            guard context.header.byteCount > IPv4Packet.minimumLength, let packet = try? IPv4Packet(context.header)
            else { return }
            var options = packet.options
            while let option = options.next() {
                guard types.contains(option.type), option.length >= 3 else { continue }
                let pointer = Int(context.header.uint8(at: IPv4Packet.minimumLength + option.offset + 2))
                var offset = done ? 3 : max(3, pointer - 1)
                while offset + 4 <= (done ? min(option.length, pointer - 1) : option.length) {
                    values.append(
                        .ipv4(context.header.ipv4Address(at: IPv4Packet.minimumLength + option.offset + offset)))
                    offset += 4
                }
            }
        }
    }

    static let all: [FieldDefinition] = [
        option("ip.opt.type", .unsigned(bits: 8), "Option type") { UInt64($0.uint8(at: 0)) },
        option("ip.opt.len", .unsigned(bits: 8), "Option length") { $0.byteCount > 1 ? UInt64($0.uint8(at: 1)) : nil },
        option("ip.opt.ptr", .unsigned(bits: 8), "Pointer") { bytes in
            guard bytes.byteCount > 2, [7, 68, 131, 137].contains(bytes.uint8(at: 0)) else { return nil }
            return UInt64(bytes.uint8(at: 2))
        },
        option("ip.opt.ra", .unsigned(bits: 16), "Router alert") { bytes in
            bytes.byteCount == 4 && bytes.uint8(at: 0) == 148 ? UInt64(bytes.uint16(at: 2)) : nil
        },
        route("ip.rec_rt", "Recorded route", [7, 131, 137], done: true),
        route("ip.src_rt", "Source route to go", [131, 137], done: false),
    ]
}
