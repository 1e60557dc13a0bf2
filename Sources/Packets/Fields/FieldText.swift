import Addressing
import Text

/// How values of fields are spelled: Wireshark's way, and the only place where it is decided. `-T fields`, JSON, the
/// tree and the filters' `string()` all write through here.
///
/// Numbers in decimal or as the field's hexadecimal width, booleans as 1 and 0, bytes as hexadecimal digits without
/// separators, times as seconds with nine decimals or as a date in UTC, a field that is merely present as 1.
public enum FieldText {
    /// How text from packets is made harmless.
    public enum Escaping: Sendable {
        /// For terminals: what is no printable UTF-8 is spelled out, a backslash doubled.
        case display
        /// For `-T fields`: as tshark escapes.
        case fields
        /// For the inside of a JSON string.
        case json
        /// Not at all: for comparing, never for output.
        case none
    }

    /// Writes one value.
    /// - Parameters:
    ///   - type: the type of the value's field.
    ///   - record: the packet that the value is from; text and bytes are looked up there.
    @inlinable
    public static func write<Sink: TextSink & ~Copyable>(
        _ value: FieldValue, as type: FieldType, of record: RawSpan, _ dissection: borrowing Dissection,
        _ notes: borrowing PacketNotes,
        escaping: Escaping = .display, to sink: inout Sink
    ) {
        switch value {
        case .unsigned(let number):
            if case .hex(let bits) = type {
                writeHex(number, bits: bits, to: &sink)
            } else {
                sink.append(decimal: number)
            }
        case .signed(let number):
            if number < 0 { sink.append(ascii: 45) }
            sink.append(decimal: number.magnitude)
        case .boolean(let isSet): sink.append(ascii: isSet ? 49 : 48)
        case .ipv4(let address): address.write(to: &sink)
        case .ipv6(let address): address.write(to: &sink)
        case .mac(let address): address.write(to: &sink)
        case .time(let time): if case .date = type { writeDate(time, to: &sink) } else { time.writeEpoch(to: &sink) }
        case .duration(let nanoseconds): writeDuration(nanoseconds, to: &sink)
        case .bytes(let start, let end):
            // A field that is merely there is spelled 1; a protocol's name as a field has the layer's bytes.
            if case .presence = type { sink.append(ascii: 49) } else { writeBytes(record, start, end, to: &sink) }
        case .text(let start, let end): writeText(record, start, end, escaping, to: &sink)
        case .domainName(let start, let message): writeDomainName(record, start, message, escaping, to: &sink)
        case .word(let word): writeWord(word, to: &sink)
        case .hostIPv4(let address): address.write(to: &sink)
        case .hostIPv6(let address): address.write(to: &sink)
        case .webAddress(let hostStart, let hostEnd, let targetStart, let targetEnd):
            writeWord(StaticWord("http://"), to: &sink)
            writeText(record, hostStart, hostEnd, escaping, to: &sink)
            writeText(record, targetStart, targetEnd, escaping, to: &sink)
        case .flagLetters(let flags): writeLetters(flags, to: &sink)
        case .layerNames: writeLayerNames(dissection, to: &sink)
        case .comment(let index): writeComment(Int(index), notes, escaping, to: &sink)
        case .interfaceName: writeInterfaceName(notes, escaping, to: &sink)
        }
    }

    /// `0x` and as many digits as the C type has that Wireshark keeps such a field in: 8, 16, 24, 32 or 64 bits.
    @inlinable
    public static func writeHex<Sink: TextSink & ~Copyable>(_ number: UInt64, bits: Int, to sink: inout Sink) {
        sink.append(ascii: 48)
        sink.append(ascii: 120)
        let digits = bits <= 8 ? 2 : bits <= 16 ? 4 : bits == 24 ? 6 : bits <= 32 ? 8 : 16
        var shift = (digits &- 1) &* 4
        while shift >= 0 {
            let digit = UInt8(truncatingIfNeeded: number >> UInt64(shift)) & 15
            sink.append(ascii: digit < 10 ? 48 &+ digit : 87 &+ digit)
            shift &-= 4
        }
    }

    /// From the first reserved bit to FIN, with a middle dot (U+00B7) for each that is not set.
    @usableFromInline
    static func writeLetters<Sink: TextSink & ~Copyable>(_ flags: TCPFlags, to sink: inout Sink) {
        var bit: UInt16 = 0x0800
        for letter in flagLetters {
            if flags.rawValue & bit != 0 {
                sink.append(ascii: letter)
            } else {
                sink.append(ascii: 0xc2)
                sink.append(ascii: 0xb7)
            }
            bit >>= 1
        }
    }

    private static let flagLetters = Array("RRRACEUAPRSF".utf8)

    @inlinable
    static func writeDuration<Sink: TextSink & ~Copyable>(_ nanoseconds: Int64, to sink: inout Sink) {
        if nanoseconds < 0 { sink.append(ascii: 45) }
        sink.append(decimal: nanoseconds.magnitude / 1_000_000_000)
        sink.append(ascii: 46)
        sink.append(decimal: nanoseconds.magnitude % 1_000_000_000, width: 9)
    }

    @inlinable
    static func writeBytes<Sink: TextSink & ~Copyable>(
        _ record: RawSpan, _ start: Int32, _ end: Int32, to sink: inout Sink
    ) {
        var offset = max(0, Int(start))
        let last = min(Int(end), record.byteCount)
        while offset &+ 4 <= last {
            sink.append(packed: hexDigits(record.uint32(at: offset)), count: 8)
            offset &+= 4
        }
        while offset < last {
            sink.append(hexByte: record.uint8(at: offset))
            offset &+= 1
        }
    }

    /// Writes bytes in hexadecimal with colons between: `de:ad:be:ef`.
    @inlinable
    public static func writeBytes<Sink: TextSink & ~Copyable>(_ bytes: RawSpan, colons sink: inout Sink) {
        var offset = 0
        // Four bytes are twelve characters, the colon behind each of them included.
        while offset &+ 4 < bytes.byteCount {
            let digits = hexDigits(bytes.uint32(at: offset))
            sink.append(packed: withColons(digits & 0xffff_ffff), count: 6)
            sink.append(packed: withColons(digits >> 32), count: 6)
            offset &+= 4
        }
        while offset < bytes.byteCount {
            sink.append(hexByte: bytes.uint8(at: offset))
            offset &+= 1
            if offset < bytes.byteCount { sink.append(ascii: 58) }
        }
    }

    /// The eight hexadecimal digits of a number, the first in the lowest byte.
    @inlinable @inline(__always)
    static func hexDigits(_ number: UInt32) -> UInt64 {
        // Halves, quarters and digits are moved apart, the first to the lowest place.
        var digits = UInt64(number >> 16) | UInt64(number & 0xffff) << 32
        digits = (digits >> 8) & 0x0000_00ff_0000_00ff | (digits & 0x0000_00ff_0000_00ff) << 16
        digits = (digits >> 4) & 0x000f_000f_000f_000f | (digits & 0x000f_000f_000f_000f) << 8
        // Ten and more have a carry into the fifth bit once six is added: they are letters.
        let letters = ((digits &+ 0x0606_0606_0606_0606) >> 4) & 0x0101_0101_0101_0101
        return digits &+ 0x3030_3030_3030_3030 &+ letters &* 39
    }

    /// Four digits and a colon behind each two.
    @inlinable @inline(__always)
    static func withColons(_ digits: UInt64) -> UInt64 {
        digits & 0xffff | 0x3a_0000 | (digits & 0xffff_0000) << 8 | 0x3a00_0000_0000
    }
}

// What follows is rare or long: not worth a copy in every caller.
extension FieldText {
    @inlinable
    static func writeText<Sink: TextSink & ~Copyable>(
        _ record: RawSpan, _ start: Int32, _ end: Int32, _ escaping: Escaping, to sink: inout Sink
    ) {
        let first = min(max(0, Int(start)), record.byteCount)
        let bytes = record.extracting(first..<min(max(first, Int(end)), record.byteCount))
        write(text: bytes, escaping, to: &sink)
    }

    /// Writes text that somebody else chose.
    @inlinable
    public static func write<Sink: TextSink & ~Copyable>(
        text bytes: RawSpan, _ escaping: Escaping, to sink: inout Sink
    ) {
        switch escaping {
        case .display: sink.append(escaping: bytes)
        case .fields: WiresharkText.write(bytes, to: &sink)
        case .json: sink.append(json: bytes)
        case .none: for offset in 0..<bytes.byteCount { sink.append(ascii: bytes.uint8(at: offset)) }
        }
    }

    @usableFromInline
    static func writeDate<Sink: TextSink & ~Copyable>(_ time: Timestamp, to sink: inout Sink) {
        DateText.write(time, to: &sink)
    }

    @usableFromInline
    static func writeDomainName<Sink: TextSink & ~Copyable>(
        _ record: RawSpan, _ start: Int32, _ message: Int32, _ escaping: Escaping, to sink: inout Sink
    ) {
        switch escaping {
        case .display: DomainName.write(record, start: start, message: message, style: .escaped, to: &sink)
        case .fields, .none: DomainName.write(record, start: start, message: message, to: &sink)
        case .json:
            // Wireshark's spelling first, then JSON's own escapes.
            var name = ByteCollector()
            DomainName.write(record, start: start, message: message, to: &name)
            sink.append(json: name.bytes.rawSpan)
        }
    }

    @usableFromInline
    static func writeWord<Sink: TextSink & ~Copyable>(_ word: StaticWord, to sink: inout Sink) {
        sink.append(word: word.text)
    }

    @usableFromInline
    static func writeComment<Sink: TextSink & ~Copyable>(
        _ index: Int, _ notes: borrowing PacketNotes, _ escaping: Escaping, to sink: inout Sink
    ) {
        guard notes.comments.indices.contains(index) else { return }
        write(text: Array(notes.comments[index].utf8).rawSpan, escaping, to: &sink)
    }

    @usableFromInline
    static func writeInterfaceName<Sink: TextSink & ~Copyable>(
        _ notes: borrowing PacketNotes, _ escaping: Escaping, to sink: inout Sink
    ) {
        guard let name = notes.interfaceName else { return }
        write(text: Array(name.utf8).rawSpan, escaping, to: &sink)
    }

    /// The short names of the layers from the outermost in, and what Wireshark counts as protocols besides: `raw` for a
    /// packet without link header, `ethertype` for the step that an EtherType names, `data` for what no protocol
    /// claims.
    @usableFromInline
    static func writeLayerNames<Sink: TextSink & ~Copyable>(_ dissection: borrowing Dissection, to sink: inout Sink) {
        var separate = false
        func write(_ name: StaticString, _ sink: inout Sink) {
            if separate { sink.append(ascii: 58) }
            separate = true
            sink.append(word: name)
        }
        if dissection.isRaw { write("raw", &sink) }
        var previous = LayerKind.frame
        for index in 0..<dissection.layers.count {
            let layer = dissection.layers[index]
            defer { previous = layer.kind }
            let name = layerNames[Int(layer.kind.rawValue)]
            if name.isEmpty { continue }
            if layer.kind == .mpls, previous == .mpls { continue }  // a stack of labels is one
            if layer.kind == .ieee80211, previous == .radiotap { write("wlan_radio", &sink) }
            if previous == .mpls, layer.kind == .ethernet || layer.kind == .pseudowire {
                write("pwethheuristic", &sink)
            }
            if previous == .mpls, layer.kind == .ethernet { write("pwethnocw", &sink) }
            if separate { sink.append(ascii: 58) }
            separate = true
            sink.append(raw: name.rawSpan)
            if namesEtherType(dissection, index) { write("ethertype", &sink) }
        }
        if dissection.data != nil { write("data", &sink) }
    }

    /// By a kind's number; empty for one without fields.
    private static let layerNames: [[UInt8]] = (0...UInt8.max).map { number in
        LayerKind(rawValue: number).flatMap { FieldCatalog.fields(of: $0) }.map { Array($0.name.utf8) } ?? []
    }

    /// Whether an EtherType named what a layer carries, and not a length or a number of Linux's.
    private static func namesEtherType(_ dissection: borrowing Dissection, _ index: Int) -> Bool {
        guard dissection.layers[index].kind.namesEtherType else { return false }
        if index + 1 < dissection.layers.count {
            switch dissection.layers[index + 1].kind {
            case .llc, .radiotap, .frameRelay, .tokenRing: return false
            default: return true
            }
        }
        if case .unsupported(_, let number) = dissection.stop { return number > EtherType.lastLength }
        return true
    }
}
