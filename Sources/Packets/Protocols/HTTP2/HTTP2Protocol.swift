import Text

extension ProtocolDescription {
    static let http2 = ProtocolDescription(
        .http2, "http2", "HyperText Transfer Protocol 2", role: .application,
        attachments: [
            .content(over: .tcp, .opening) { record, cursor, _ in
                HTTP2Frames.hasPreface(record, cursor.start, cursor.end)
            }
        ],
        dissect: HTTP2Frames.dissect,
        framing: HTTP2Frame.framing,
        // Who sends the preface is the client (RFC 9113 section 3.4).
        asks: { HTTP2Frames.hasPreface($0, 0, $0.byteCount) ? true : nil },
        fields: HTTP2Fields.all,
        line: .words(HTTP2Summary.summarize))
}

/// `HTTP/2 Magic, SETTINGS[0], HEADERS[1]`: each frame with its stream.
enum HTTP2Summary {
    /// So many frames are named.
    private static let longestList = 8

    static func summarize(_ layer: LayerRange, _ record: RawSpan, into text: inout SummaryText) {
        text.append("HTTP/2")
        var frames = HTTP2Frames(record, layer)
        var shown = 0
        if frames.preface != nil {
            text.append(" Magic")
            shown = 1
        }
        while let frame = frames.next(record) {
            guard shown < longestList else {
                text.append(" …")
                return
            }
            text.append(shown == 0 ? " " : ", ")
            shown &+= 1
            if let name = HTTP2Names.type(UInt64(frame.type)) {
                text.append(name)
            } else {
                text.append("type ")
                text.append(decimal: UInt64(frame.type))
            }
            text.append(ascii: 91)
            text.append(decimal: UInt64(frame.stream))
            text.append(ascii: 93)
            if frame.type == 3 || frame.type == 7 { writeError(frame, record, into: &text) }
            if !frame.isWhole { text.append(" (continues)") }
        }
    }

    private static func writeError(_ frame: HTTP2Frame, _ record: RawSpan, into text: inout SummaryText) {
        let offset = frame.type == 3 ? 0 : 4
        guard frame.payload.count >= offset &+ 4,
            let name = HTTP2Names.error(UInt64(record.uint32(at: frame.payload.lowerBound &+ offset)))
        else { return }
        text.append(ascii: 32)
        text.append(name)
    }
}
