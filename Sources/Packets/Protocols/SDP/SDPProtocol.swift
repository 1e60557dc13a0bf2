import Text

extension ProtocolDescription {
    /// The Session Description Protocol (RFC 8866): a line for each thing, `type=value`, the type one letter.
    static let sdp = ProtocolDescription(
        .sdp, "sdp", "Session Description Protocol", role: .application,
        attachments: [.frame(.sessionDescription)],
        dissect: { CommandLines.dissect(.sdp, $0, &$1, &$2) },
        fields: SDPFields.all,
        line: .words(SDPFields.summarize))
}

enum SDPFields {
    static let all: [FieldDefinition] = [
        field("v", "sdp.version", "Version"),
        field("o", "sdp.owner", "Owner"),
        word("o", 0, "sdp.owner.username", "Owner's name"),
        word("o", 1, "sdp.owner.sessionid", "Session"),
        word("o", 5, "sdp.owner.address", "Owner's address"),
        field("s", "sdp.session_name", "Session's name"),
        field("i", "sdp.session_info", "Session's description"),
        field("c", "sdp.connection_info", "Connection"),
        word("c", 2, "sdp.connection_info.address", "Connection's address"),
        field("t", "sdp.time", "When it is held"),
        field("m", "sdp.media", "Media"),
        word("m", 0, "sdp.media.media", "What kind of media"),
        .inParts(PartKinds(kind("m")), foundBy: find, "sdp.media.port", .unsigned(bits: 16), "Media's port") {
            context, part, values in
            // Behind a slash stands how many ports (RFC 8866 section 5.14).
            let piece = word(1, of: part.content, context.record)
            var end = piece.lowerBound
            while end < piece.upperBound, context.record.uint8(at: end) != 47 { end &+= 1 }
            guard let port = CommandLine.number(piece.lowerBound..<end, context.record), port <= 0xffff else { return }
            values.append(.unsigned(port))
        },
        word("m", 2, "sdp.media.proto", "How media is carried"),
        field("A", "sdp.session_attr", "Attribute of the session"),
        field("a", "sdp.media_attr", "Attribute of the media"),
    ]

    /// The kind of a line is its letter; of an attribute before the first media line, which is the session's, the
    /// capital.
    private static func kind(_ letter: Unicode.Scalar) -> UInt32 { letter.value }

    private static func field(_ letter: Unicode.Scalar, _ name: String, _ meaning: String) -> FieldDefinition {
        .textInParts(kind(letter), foundBy: find, name, meaning) { $0.content }
    }

    /// One of the words of a line's value, counted from 0.
    private static func word(
        _ letter: Unicode.Scalar, _ number: Int, _ name: String, _ meaning: String
    ) -> FieldDefinition {
        .inParts(PartKinds(kind(letter)), foundBy: find, name, .text, meaning) { context, part, values in
            let range = word(number, of: part.content, context.record)
            if !range.isEmpty { values.append(.text(range)) }
        }
    }

    private static func word(_ number: Int, of text: Range<Int>, _ record: RawSpan) -> Range<Int> {
        var pieces = CommandLine.split(text, record)
        for _ in 0..<number { pieces = CommandLine.split(pieces.rest, record) }
        return pieces.word
    }

    private static let find: PartFinder = { context, parts in
        let record = context.record
        var lines = CommandLines(context.layer.range, of: record)
        var isOfMedia = false
        while let line = lines.next(record) {
            guard line.text.count >= 2, record.uint8(at: line.text.lowerBound &+ 1) == 61 else { continue }
            var letter = UInt32(record.uint8(at: line.text.lowerBound))
            if letter == kind("m") { isOfMedia = true }
            if letter == kind("a"), !isOfMedia { letter = kind("A") }
            let content = line.text.lowerBound &+ 2..<line.text.upperBound
            guard parts.append(LayerPart(letter, line.whole, content: content)) else { return }
        }
    }

    /// `SDP audio 49172 RTP/AVP 0 8`.
    static func summarize(_ layer: LayerRange, _ record: RawSpan, into text: inout SummaryText) {
        text.append("SDP")
        var lines = CommandLines(layer.range, of: record)
        var written = 0
        while written < 4, let line = lines.next(record) {
            guard CommandLine.begins(with: "M=", line.text, record) else { continue }
            text.append(written == 0 ? " " : ", ")
            written &+= 1
            text.append(escaping: line.text.lowerBound &+ 2..<line.text.upperBound, of: record, limit: 60)
        }
    }
}
