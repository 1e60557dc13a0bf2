import Addressing
import Capture
import Conversations
import Lab
import Packets

/// The way of a packet from a file to whoever wants it: bytes → record → dissection → place in its conversation →
/// filters. Every command that reads captures pulls from here.
///
///     var packets = PacketPipeline(reader, needs: .stream, displayFilter: filter)
///     while try packets.next() { show(packets.reader.bytes, packets.dissection, packets.facts) }
///     if let damage = packets.damage { … }
///
/// A capture filter drops packets before anything is dissected, unless conversations are needed: what it drops takes
/// part in those all the same, or numbers and losses would be of its making. A display filter comes last. What nobody
/// needs is not done.
struct PacketPipeline: ~Copyable {
    /// The source. Its `bytes` are the current packet's.
    var reader: CaptureFileReader
    /// The current packet.
    private(set) var header = RecordHeader(
        number: 0, timestamp: nil, capturedLength: 0, wireLength: 0, linkType: .ethernet)
    private(set) var dissection = Dissection()
    private(set) var facts = PacketFacts()
    private(set) var notes = PacketNotes.none
    /// Whether the filters let the current packet through.
    private(set) var passes = false
    /// How many packets came out.
    private(set) var count = 0
    /// What there is to warn of, of the packets that came out.
    private(set) var notices = ReadingNotices()
    /// What ended the file early. Every packet before it came out.
    private(set) var damage: CaptureFileError?

    /// Comments on packets of the end of a wire that is not told of.
    private(set) var otherComments: [(packet: Int, texts: [String])] = []

    private let takesOneEnd: Bool
    private let dissector = Dissector()
    private let needs: FieldNeeds
    private let dissects: Bool
    private var numbers = RelativeNumbers(seed: .random(in: .min ... .max))
    private var analyzer = TransportAnalyzer(seed: .random(in: .min ... .max))
    private var captureFilter: CaptureFilterSet?
    private var displayFilter: DisplayFilter?
    private var first: Timestamp?
    private var previous: Timestamp?
    private var shown: Timestamp?

    /// - Parameters:
    ///   - needs: what is to be found out about each packet besides its layers.
    ///   - oneEnd: whether of a file with both ends of a wire the packets of one are wanted.
    ///   - dissects: whether `dissection` and `facts` are wanted at all; a display filter wants them in any case.
    init(
        _ reader: consuming CaptureFileReader, needs: FieldNeeds = [], oneEnd: Bool = false, dissects: Bool = true,
        captureFilter: CaptureFilterSet? = nil,
        displayFilter: DisplayFilter? = nil
    ) {
        self.reader = reader
        takesOneEnd = oneEnd
        self.needs = needs.union(displayFilter?.needs ?? [])
        self.dissects = dissects || displayFilter != nil
        self.captureFilter = captureFilter
        self.displayFilter = displayFilter
    }

    /// Moves on to the next packet that passes the filters.
    /// - Returns: false at the end, and at a damage that nothing can be read beyond.
    /// - Throws: where a capture filter does not compile for the link type of a packet.
    mutating func next() throws(CommandFailure) -> Bool {
        while try nextOfAll() { if passes { return true } }
        return false
    }

    /// Moves on to the next packet, whether it passes the filters (`passes`) or not.
    mutating func nextOfAll() throws(CommandFailure) -> Bool {
        repeat { if try !advance() { return false } } while isOfOtherEnd()
        passes = try look()
        guard passes else { return true }
        count &+= 1
        notices.note(header)
        shown = header.timestamp
        return true
    }

    /// Finds out about the current packet what is needed.
    /// - Returns: whether it passes the filters.
    private mutating func look() throws(CommandFailure) -> Bool {
        if needs.contains(.times) { noteTimes() }
        if captureFilter != nil, try captureFilter?.matches(header, reader.bytes) == false {
            if dissects, !needs.isDisjoint(with: [.stream, .analysis]) {
                dissect()
                noteConversations()
            }
            return false
        }
        guard dissects else { return true }
        dissect()
        noteConversations()
        if needs.contains(.notes) { noteNotes() }
        if displayFilter != nil, displayFilter?.matches(reader.bytes, dissection, facts, notes) == false {
            return false
        }
        return true
    }

    private mutating func dissect() {
        dissector.dissect(reader.bytes, linkType: header.linkType, wireLength: header.wireLength, into: &dissection)
        facts.take(header)
    }

    private mutating func isOfOtherEnd() -> Bool {
        guard takesOneEnd, !notices.oneEnd.keeps(header, of: reader) else { return false }
        if needs.contains(.notes), case let texts = reader.comments(), !texts.isEmpty {
            otherComments.append((header.number, texts))
        }
        return true
    }

    private mutating func advance() throws(CommandFailure) -> Bool {
        do throws(CaptureFileError) {
            guard let next = try reader.next() else { return false }
            header = next
            return true
        } catch {
            damage = error
            return false
        }
    }

    private mutating func noteTimes() {
        if first == nil { first = header.timestamp }
        facts.sinceFirst = header.timestamp?.nanoseconds(since: first ?? .epoch)
        facts.sincePrevious = header.timestamp.map { $0.nanoseconds(since: previous ?? $0) }
        facts.sinceShown = header.timestamp.map { $0.nanoseconds(since: shown ?? $0) }
        previous = header.timestamp ?? previous
    }

    private mutating func noteConversations() {
        if needs.contains(.stream) { facts.stream = numbers.facts(of: reader.bytes, dissection) }
        if !needs.isDisjoint(with: [.analysis, .applications]) {
            facts.transport = analyzer.facts(
                of: reader.bytes, dissection, number: header.number, time: header.timestamp)
            if needs.contains(.applications) {
                analyzer.settleApplication(
                    &dissection, reader.bytes, &facts.transport, number: header.number, time: header.timestamp)
            }
        }
    }

    private mutating func noteNotes() {
        notes.comments = reader.comments()
        facts.commentCount = notes.comments.count
        facts.interface = nil
        notes.interfaceName = nil
        if reader.format == .pcapng, reader.interfaces.indices.contains(header.interface) {
            facts.interface = UInt32(clamping: reader.interfaces[header.interface].numberInSection)
            notes.interfaceName = reader.interfaces[header.interface].name
        }
        facts.hasInterfaceName = notes.interfaceName != nil
    }
}

extension PacketFacts {
    /// Takes over what the record says of itself.
    mutating func take(_ header: RecordHeader) {
        number = header.number
        timestamp = header.timestamp
        capturedLength = header.capturedLength
        wireLength = header.wireLength
        linkType = header.linkType
    }
}
