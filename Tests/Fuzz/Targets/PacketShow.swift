import Addressing
import Conversations
import Packets
import Rendering
import Sockets
import Timeline

/// Everything that `show`, `ladder` and the commands for conversations do with packets, one after the other, in every
/// shape.
final class PacketShow {
    private let text = TextCheck()
    private var numbers = RelativeNumbers(seed: 1)
    private var analyzer = TransportAnalyzer(seed: 1)
    private var first: Timestamp?
    private var previous: Timestamp?
    private var observed: [ObservedPacket] = []
    private var calls: [SocketCall] = []
    private let streams = StreamShow()
    private let small: Bool
    private let whole: Bool

    private var lines: [PacketLine]
    private var tree = LayerTree()
    private var table: FieldTable
    private var few: FieldTable
    private var document: PacketJSON
    private var flat: PacketJSON
    private var filters: [DisplayFilter]

    /// What takes long to make, once for all inputs; each input gets copies, so that none sees traces of another.
    private struct Prepared: @unchecked Sendable {
        var lines: [PacketLine] = []
        var table: FieldTable
        var few: FieldTable
        var document = PacketJSON(.document)
        var flat = PacketJSON(.lines)
        var filters: [DisplayFilter]

        init() {
            let styles: [TimeStyle] = [.timeOfDay, .none, .epoch, .sincePrevious, .dateAndTime, .sinceFirst]
            for (index, style) in styles.enumerated() {
                var options = PacketLine.Options()
                options.number = index & 1 == 1
                options.absoluteNumbers = index & 2 == 2
                options.link = index != 2
                let zone = index & 1 == 1 ? 19_800 : -12_600
                let names: PacketLine.Names? = index == 4 ? { $0 == .v4(.loopback) ? "a\u{1b}[2Jb" : nil } : nil
                lines.append(
                    PacketLine(
                        options: options, time: TimeColumn(style, decimals: index < 3 ? 6 : 9, zone: { _ in zone }),
                        names: names))
            }
            table = FieldTable(FieldCatalog.all)
            var options = FieldTable.Options()
            options.occurrence = .last
            options.quote = UInt8(ascii: "\"")
            let names = [
                "frame.time_epoch", "frame.time_delta", "frame.time_relative", "frame.comment", "frame.protocols",
                "ip.src", "tcp", "dns", "data",
            ]
            few = FieldTable(names.compactMap { NamedField($0) }, options)
            let texts = [
                "frame contains \"ab\" or ip.addr == 10.0.0.0/8", "tcp.port in {1..1023, 8080} and tcp.len > 0 or !udp",
                "eth.addr[0:3] == 00:00:00 or dns.qry.name contains \"a\"",
                "ip.src == ip.dst or tcp.seq + 1 == tcp.ack", "frame matches \"a.*b\"",
            ]
            filters = texts.compactMap { try? DisplayFilter($0) }
        }
    }

    private static let prepared = Prepared()

    /// - Parameters:
    ///   - small: whether the output is handed on in small blocks.
    ///   - whole: in every shape; otherwise what depends on the capture file alone.
    init(small: Bool, whole: Bool) {
        let prepared = Self.prepared
        self.small = small
        self.whole = whole
        (lines, table, few, document, flat, filters) = (
            prepared.lines, prepared.table, prepared.few, prepared.document, prepared.flat, prepared.filters
        )
    }

    /// Shows one packet.
    /// - Parameter facts: what the capture says; the rest is found out here.
    func show(_ bytes: RawSpan, _ known: PacketFacts, _ notes: PacketNotes) throws(FuzzFinding) {
        var dissection = Dissection()
        Dissector().dissect(bytes, linkType: known.linkType, wireLength: known.wireLength, into: &dissection)
        try check(dissection, bytes)
        var facts = known
        note(&facts, bytes, dissection)
        calls += notes.comments.compactMap { SocketCallComment($0)?.call }
        if observed.count < 200, let packet = ObservedPacket(bytes, dissection, facts) { observed.append(packet) }

        streams.take(bytes, dissection, facts, notes.comments)
        var out = text.buffer(small: small)
        for index in lines.indices {
            lines[index].write(bytes, dissection, facts, to: &out)
            try text.check("line \(index)", &out, lines: 1)
        }
        few.write(bytes, dissection, facts, notes, to: &out)
        try text.check("fields", &out, lines: 1)
        guard whole else { return }
        tree.write(bytes, dissection, facts, notes, to: &out)
        try text.check("tree", &out)
        HeaderBox().write(bytes, dissection, facts, to: &out)
        try text.check("header boxes", &out)
        let start = min(HexDump.startAfterLink(dissection), bytes.byteCount)
        for style in [HexDump.Style.hex, .hexAndASCII, .ascii] {
            HexDump.write(bytes.extracting(start..<bytes.byteCount), style, to: &out)
        }
        try text.check("bytes", &out)
        table.write(bytes, dissection, facts, notes, to: &out)
        try text.check("all fields", &out, lines: 1)
        flat.write(bytes, dissection, facts, notes, to: &out)
        try text.check("flat JSON", &out, lines: 1)
        document.write(bytes, dissection, facts, notes, to: &out)
        try text.check("JSON", &out)
        for layer in dissection.layers {
            LayerTitle.write(layer, bytes, facts, to: &out)
            ApplicationSummary.write(layer, record: bytes, to: &out)
        }
        try text.check("titles and summaries", &out)
        for index in filters.indices { _ = filters[index].matches(bytes, dissection, facts, notes) }
    }

    /// Draws the conversations of all packets shown.
    func finish() throws(FuzzFinding) {
        var out = text.buffer(small: small)
        document.finish(to: &out)
        let conversations = Conversation.all(in: observed, seed: 1)
        let count = conversations.reduce(0) { $0 + $1.packets.count }
        try require(count == observed.count, "conversations have \(count) packets, not \(observed.count)")
        for (index, conversation) in conversations.enumerated() {
            let diagram = Scene(conversation, calls: calls)
            for columns in [nil, 80, 1] as [Int?] { LadderText(columns: columns).write(diagram, to: &out) }
            HandshakeCard.write(conversation, to: &out)
            ChecksumNote.write(conversation, to: &out)
            AccountText.write(ConversationAccount(conversation.packets), to: &out)
            try text.check("ladder \(index)", &out)
        }
        AccountText.write(ConversationAccount(observed), to: &out)
        let placed = CallSegmentAligner.place(calls, on: observed)
        try require(placed.count == calls.count, "\(placed.count) of \(calls.count) calls are placed")
        try text.check("end", &out)
        try streams.finish(text, small: small)
    }

    /// Ranges lie in the record and in order.
    private func check(_ dissection: borrowing Dissection, _ bytes: RawSpan) throws(FuzzFinding) {
        try require(dissection.layers.count <= Dissector.maximumDepth, "\(dissection.layers.count) layers")
        for layer in dissection.layers {
            try require(
                0 <= layer.start && layer.start <= layer.headerEnd && layer.headerEnd <= layer.end
                    && Int(layer.end) <= bytes.byteCount
                    && layer.headerEnd <= layer.claimedEnd,
                "the layer \(layer) does not lie in \(bytes.byteCount) bytes")
        }
    }

    /// As `show` does, with everything that anybody may need.
    private func note(_ facts: inout PacketFacts, _ bytes: RawSpan, _ dissection: borrowing Dissection) {
        if let time = facts.timestamp {
            if first == nil { first = time }
            facts.sinceFirst = time.nanoseconds(since: first ?? .epoch)
            facts.sincePrevious = time.nanoseconds(since: previous ?? time)
            facts.sinceShown = time.nanoseconds(since: previous ?? .epoch)
            previous = time
        }
        facts.stream = numbers.facts(of: bytes, dissection)
        facts.transport = analyzer.facts(of: bytes, dissection, number: facts.number, time: facts.timestamp)
        analyzer.noteApplications(bytes, dissection, &facts.transport, number: facts.number, time: facts.timestamp)
    }
}
