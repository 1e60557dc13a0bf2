import Addressing
import Text

/// The words about one application message for a packet's line, collected before they go out: bounded, without a
/// `String`, and without an allocation.
///
/// It is a concrete type so that the protocols' summaries are compiled once, for it; only the copy into the sink is
/// generic. What a packet could fill without end (names, URIs) stops at the capacity, marked with `…`.
public struct SummaryText: TextSink {
    @usableFromInline static var capacity: Int { 240 }

    @usableFromInline var bytes = InlineArray<240, UInt8>(repeating: 0)
    @usableFromInline var count = 0
    @usableFromInline var overflowed = false

    /// An empty text.
    @inlinable public init() {}

    /// Appends a character; one beyond the capacity is dropped, and that is remembered.
    @inlinable
    public mutating func append(ascii byte: UInt8) {
        guard count < Self.capacity else {
            overflowed = true
            return
        }
        bytes[count] = byte
        count &+= 1
    }

    /// Appends a text of netprobe's own.
    mutating func append(_ text: String) {
        let span = text.utf8Span.span
        for index in span.indices { append(ascii: span[index]) }
    }

    /// Appends a name from one of netprobe's tables.
    mutating func append(_ name: StaticString) { append(word: name) }

    /// Appends bytes of the record, escaped for a terminal, `limit` of them at most.
    mutating func append(escaping range: Range<Int>, of record: RawSpan, limit: Int = 200) {
        let start = max(0, min(range.lowerBound, record.byteCount))
        let end = max(start, min(range.upperBound, record.byteCount))
        append(escaping: record.extracting(start..<min(end, start &+ limit)))
        if end &- start > limit { append("…") }
    }

    /// Copies the text into a sink, `limit` bytes at most.
    @inlinable
    public borrowing func write<Sink: TextSink & ~Copyable>(limit: Int = .max, to sink: inout Sink) {
        let span = bytes.span
        var end = min(count, limit)
        if overflowed {
            // Not in the middle of a character.
            while end > 0, span[end &- 1] & 0xc0 == 0x80 { end &-= 1 }
            if end > 0, span[end &- 1] >= 0xc0 { end &-= 1 }
        }
        sink.append(raw: bytes.rawSpan.extracting(0..<end))
        if overflowed {
            sink.append(ascii: 0xe2)
            sink.append(ascii: 0x80)
            sink.append(ascii: 0xa6)
        }
    }
}

/// What the packet's line says of an application's message.
public enum ApplicationSummary {
    /// Writes the words for a layer: `DNS query A example.com`. Nothing for layers below the application.
    @inlinable
    public static func write<Sink: TextSink & ~Copyable>(_ layer: LayerRange, record: RawSpan, to sink: inout Sink) {
        var text = SummaryText()
        summarize(layer, record, into: &text)
        text.write(to: &sink)
    }

    @usableFromInline
    static func summarize(_ layer: LayerRange, _ record: RawSpan, into text: inout SummaryText) {
        if case .words(let write) = layer.kind.line { write(layer, record, &text) }
    }
}
