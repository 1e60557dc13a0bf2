import Text

/// The fields of HTTP/2's frames. What a HEADERS frame says is compressed (HPACK, RFC 7541), and shown as its bytes.
enum HTTP2Fields {
    static let all: [FieldDefinition] = [
        FieldDefinition("http2.magic", .text, "Connection preface") { context, values in
            if let preface = HTTP2Frames(context.record, context.layer).preface { values.append(.text(preface)) }
        },
        frame("http2.stream", .presence, "A frame") { _ in .bytes(start: 0, end: 0) }.hidden,
        frame("http2.length", .unsigned(bits: 24), "Length") { .unsigned(UInt64($0.length)) },
        frame("http2.type", .unsigned(bits: 8), "Type", valueName: HTTP2Names.type) { .unsigned(UInt64($0.type)) },
        frame("http2.flags", .hex(bits: 8), "Flags") { .unsigned(UInt64($0.flags)) },
        frame("http2.streamid", .unsigned(bits: 32), "Stream") { .unsigned(UInt64($0.stream)) },
        setting("http2.settings.id", "Setting", valueName: HTTP2Names.setting) { $0.uint16(at: $1) },
        value(of: 1, "http2.settings.header_table_size", "Header table size"),
        value(of: 2, "http2.settings.enable_push", "Push allowed"),
        value(of: 3, "http2.settings.max_concurrent_streams", "Most concurrent streams"),
        value(of: 4, "http2.settings.initial_window_size", "Initial window"),
        value(of: 5, "http2.settings.max_frame_size", "Longest frame"),
        value(of: 6, "http2.settings.max_header_list_size", "Longest header list"),
        payload(of: 0, "http2.data.data", "Data"),
        payload(of: 1, "http2.headers", "Compressed header fields"),
        payload(of: 6, "http2.ping", "Ping"),
        number(in: 3, at: 0, "http2.rst_stream.error", "Error", valueName: HTTP2Names.error),
        number(in: 7, at: 0, "http2.goaway.last_stream_id", "Last stream"),
        number(in: 7, at: 4, "http2.goaway.error", "Error", valueName: HTTP2Names.error),
        number(in: 8, at: 0, "http2.window_update.window_size_increment", "Window's increment"),
    ]

    private static func frame(
        _ name: String, _ type: FieldType, _ meaning: String, valueName: ValueName? = nil,
        _ read: @escaping @Sendable (HTTP2Frame) -> FieldValue
    ) -> FieldDefinition {
        FieldDefinition(name, type, meaning, valueName: valueName) { context, values in
            var frames = HTTP2Frames(context.record, context.layer)
            while let frame = frames.next(context.record) { values.append(read(frame)) }
        }
    }

    /// A field read from each setting of each SETTINGS frame: a number of two bytes, a value of four (RFC 9113 section
    /// 6.5.1).
    private static func setting(
        _ name: String, _ meaning: String, valueName: ValueName? = nil,
        _ read: @escaping @Sendable (borrowing RawSpan, Int) -> UInt16?
    ) -> FieldDefinition {
        FieldDefinition(name, .unsigned(bits: 16), meaning, valueName: valueName) { context, values in
            var frames = HTTP2Frames(context.record, context.layer)
            while let frame = frames.next(context.record) {
                guard frame.type == 4 else { continue }
                for position in stride(from: frame.payload.lowerBound, to: frame.payload.upperBound &- 5, by: 6) {
                    if let number = read(context.record, position) { values.append(.unsigned(UInt64(number))) }
                }
            }
        }
    }

    private static func value(of setting: UInt16, _ name: String, _ meaning: String) -> FieldDefinition {
        FieldDefinition(name, .unsigned(bits: 32), meaning) { context, values in
            var frames = HTTP2Frames(context.record, context.layer)
            while let frame = frames.next(context.record) {
                guard frame.type == 4 else { continue }
                for position in stride(from: frame.payload.lowerBound, to: frame.payload.upperBound &- 5, by: 6)
                where context.record.uint16(at: position) == setting {
                    values.append(.unsigned(UInt64(context.record.uint32(at: position &+ 2))))
                }
            }
        }
    }

    private static func payload(of type: UInt8, _ name: String, _ meaning: String) -> FieldDefinition {
        FieldDefinition(name, .bytes, meaning) { context, values in
            var frames = HTTP2Frames(context.record, context.layer)
            while let frame = frames.next(context.record) {
                if frame.type == type, !frame.payload.isEmpty { values.append(.bytes(frame.payload)) }
            }
        }
    }

    /// Four bytes at a place of one kind of frame; the first bit is reserved, or never set.
    private static func number(
        in type: UInt8, at offset: Int, _ name: String, _ meaning: String, valueName: ValueName? = nil
    ) -> FieldDefinition {
        FieldDefinition(name, .unsigned(bits: 32), meaning, valueName: valueName) { context, values in
            var frames = HTTP2Frames(context.record, context.layer)
            while let frame = frames.next(context.record) {
                guard frame.type == type, frame.payload.count >= offset &+ 4 else { continue }
                let word = context.record.uint32(at: frame.payload.lowerBound &+ offset)
                values.append(.unsigned(UInt64(valueName == nil ? word & 0x7fff_ffff : word)))
            }
        }
    }
}

/// Names by number, from RFC 9113 and IANA's registry of HTTP/2 parameters.
enum HTTP2Names {
    @Sendable static func type(_ number: UInt64) -> StaticString? {
        switch number {
        case 0: "DATA"
        case 1: "HEADERS"
        case 2: "PRIORITY"
        case 3: "RST_STREAM"
        case 4: "SETTINGS"
        case 5: "PUSH_PROMISE"
        case 6: "PING"
        case 7: "GOAWAY"
        case 8: "WINDOW_UPDATE"
        case 9: "CONTINUATION"
        case 10: "ALTSVC"
        case 12: "ORIGIN"
        case 16: "PRIORITY_UPDATE"
        default: nil
        }
    }

    @Sendable static func setting(_ number: UInt64) -> StaticString? {
        switch number {
        case 1: "Header table size"
        case 2: "Enable PUSH"
        case 3: "Max concurrent streams"
        case 4: "Initial Windows size"
        case 5: "Max frame size"
        case 6: "Max header list size"
        case 8: "Extended CONNECT"
        default: nil
        }
    }

    @Sendable static func error(_ number: UInt64) -> StaticString? {
        switch number {
        case 0: "NO_ERROR"
        case 1: "PROTOCOL_ERROR"
        case 2: "INTERNAL_ERROR"
        case 3: "FLOW_CONTROL_ERROR"
        case 4: "SETTINGS_TIMEOUT"
        case 5: "STREAM_CLOSED"
        case 6: "FRAME_SIZE_ERROR"
        case 7: "REFUSED_STREAM"
        case 8: "CANCEL"
        case 9: "COMPRESSION_ERROR"
        case 10: "CONNECT_ERROR"
        case 11: "ENHANCE_YOUR_CALM"
        case 12: "INADEQUATE_SECURITY"
        case 13: "HTTP_1_1_REQUIRED"
        default: nil
        }
    }
}
