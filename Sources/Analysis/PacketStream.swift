import Addressing
import Capture
import Conversations
import Packets

/// The one way of a packet from a file to whoever wants it: bytes → record → dissection → whole datagrams → place
/// in its conversation → filters. Every command that reads captures pulls from here.
///
///     var packets = PacketStream(reader, needs: .stream, displayFilter: filter, seed: seed)
///     while try packets.next() { show(packets.bytes, packets.dissection, packets.facts) }
///     if let damage = packets.damage { … }
///
/// A capture filter drops packets before anything is dissected, unless conversations are needed: what it drops takes
/// part in those all the same, because stream numbers and losses would be wrong otherwise. A display filter comes last.
/// What the caller does not need is not computed.
public struct PacketStream: ~Copyable {
    /// The source. Its `bytes` are the current packet's frame.
    public private(set) var reader: CaptureFileReader
    /// The current packet.
    public private(set) var header = RecordHeader.none
    /// The current packet's layers, where they are wanted.
    public private(set) var dissection = Dissection()
    /// What is known of the current packet besides its bytes.
    public private(set) var facts = PacketFacts()
    /// The current packet's comments and the name of its interface, where they are needed.
    public private(set) var notes = PacketNotes.none
    /// Whether the filters let the current packet through.
    public private(set) var passes = false
    /// How many packets came out.
    public private(set) var count = 0
    /// What ended the file early. Every packet before it came out.
    public private(set) var damage: CaptureFileError?
    /// Comments on packets of the end of a wire that is not told of, where notes are needed.
    public private(set) var otherComments: [(packet: Int, texts: [String])] = []

    /// The copies that were left out where no filter chooses packets, for whoever counts what the capture has.
    public private(set) var copied = CopiedPackets()

    private var noticed = ReadingNotices()
    private var clock = CaptureClock()
    private let leftOut: LeftOut
    private var copies: CopyFinder?
    /// The last packet's interface, and whether it is an end of a wire of which the file has both: there, what crossed
    /// the wire is in the file twice, and is no copy.
    private var last = (interface: -1, isEnd: false)
    /// Only where it is wanted: the tables of protocols take time to make.
    private var dissector: PacketDissector?
    private var whole = PacketBytes()
    private let needsTimes: Bool
    private let needsNotes: Bool
    private let dissects: Bool
    /// Whether anything of a packet but its record is looked at.
    private let looks: Bool
    private var conversations: ConversationFacts
    private var captureFilter: CaptureFilterSet?
    private var displayFilter: DisplayFilter?
    private var times = PacketTimes()

    /// - Parameters:
    ///   - needs: what is to be found out about each packet besides its layers; what the display filter needs, too.
    ///   - leftOut: what is not to come out.
    ///   - dissects: whether `dissection` and `facts` are wanted at all; a display filter wants them in any case.
    ///   - copyEvidence: what the beginning of the capture shows, where copies are looked for; nil where it cannot be
    ///     read before.
    ///   - joins: whether fragments and messages are put together; where not, each packet speaks for itself.
    ///   - seed: a random number, so that nobody can prepare a capture whose conversations all collide.
    public init(
        _ reader: consuming CaptureFileReader, needs: FieldNeeds = [], leavingOut leftOut: LeftOut = [],
        dissects: Bool = true, joins: Bool = true, captureFilter: CaptureFilterSet? = nil,
        displayFilter: DisplayFilter? = nil, copyEvidence: CopyEvidence? = nil, seed: UInt64
    ) {
        self.reader = reader
        self.leftOut = leftOut
        let wanted = needs.union(displayFilter?.needs ?? [])
        let needs = joins ? wanted : wanted.subtracting(.messages)
        needsTimes = needs.contains(.times)
        needsNotes = needs.contains(.notes)
        self.dissects = dissects || displayFilter != nil
        if leftOut.contains(.copies) || needs.contains(.copies) { copies = CopyFinder(copyEvidence, seed: seed) }
        dissector = self.dissects ? PacketDissector(joins: joins) : nil
        conversations = ConversationFacts(needs: self.dissects ? needs : [], seed: seed)
        looks = self.dissects || needsTimes || captureFilter != nil
        self.captureFilter = captureFilter
        self.displayFilter = displayFilter
    }

    /// The bytes that the current packet's layers lie in: its frame's, and behind them what it completes.
    public var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            if dissection.sources.isEmpty { return reader.bytes }
            return whole.all.rawSpan
        }
    }

    /// Moves on to the next packet that passes the filters.
    /// - Returns: false at the end, and at damage beyond which nothing can be read.
    /// - Throws: where a capture filter does not compile for the link type of a packet.
    public mutating func next() throws(CaptureDeviceError) -> Bool {
        while try nextOfAll() { if passes { return true } }
        return false
    }

    /// Moves on to the next packet, whether it passes the filters (`passes`) or not.
    public mutating func nextOfAll() throws(CaptureDeviceError) -> Bool {
        repeat { if !advance() { return false } } while isLeftOut()
        passes = looks ? try look() : true
        guard passes else { return true }
        count &+= 1
        noticed.note(header)
        if needsTimes { times.show(header.timestamp) }
        return true
    }

    /// Whether blocks that go with the packets (names of addresses, decryption secrets) are kept for a copy.
    public var keepsCompanions: Bool {
        get { reader.keepsCompanions }
        set { reader.keepsCompanions = newValue }
    }

    /// What there is to warn of, of the packets that came out.
    public var notices: [ReadingNotice] {
        // Whoever wants the packets as they are in the file, copies among them, is not told what is missing either.
        let isTelling = leftOut.contains(.copies)
        let found = noticed.all(
            reader.interfaces, clock, isTelling ? copies : nil,
            givenUp: (dissector?.givenUp ?? 0, conversations.givenUp))
        return (isTelling ? CaptureGaps.notice(reader) : nil).map { [$0] + found } ?? found
    }

    /// Finds out about the current packet what is needed.
    /// - Returns: whether it passes the filters.
    private mutating func look() throws(CaptureDeviceError) -> Bool {
        if needsTimes { times.note(header.timestamp, in: &facts) }
        if captureFilter != nil, try captureFilter?.matches(header, reader.bytes) == false {
            // Its fragment may be one of a datagram that passes.
            if dissects { find(isCounted: false) }
            return false
        }
        guard dissects else { return true }
        find()
        if displayFilter == nil { return true }
        if dissection.sources.isEmpty {
            return displayFilter?.matches(reader.bytes, dissection, facts, notes) == true
        }
        let bytes = whole.all
        return displayFilter?.matches(bytes.rawSpan, dissection, facts, notes) == true
    }

    private mutating func find(isCounted: Bool = true) {
        guard
            let fragments = dissector?.dissect(
                header, reader.bytes, isCounted: isCounted, into: &dissection, &whole)
        else { return }
        facts.take(header)
        facts.completedIn = fragments.completedIn
        facts.earlierFragments = fragments.earlier
        if dissection.sources.isEmpty {
            conversations.note(reader.bytes, &dissection, &facts, &whole)
        } else {
            let bytes = whole.all
            conversations.note(bytes.rawSpan, &dissection, &facts, &whole)
        }
        if needsNotes { noteNotes() }
    }

    private mutating func isLeftOut() -> Bool {
        if leftOut.contains(.otherRecords), header.kind != .packet { return true }
        if !(leftOut.contains(.otherEnd) && !noticed.oneEnd.keeps(header, of: reader)) {
            if copies == nil { return false }
            facts.copyOf = original() ?? 0
            guard facts.copyOf > 0, leftOut.contains(.copies) else { return false }
            if captureFilter == nil, displayFilter == nil { copied.add(wireLength: header.wireLength) }
        }
        if needsNotes, case let texts = reader.comments(), !texts.isEmpty {
            otherComments.append((header.number, texts))
        }
        return true
    }

    /// The packet that the current one is a copy of.
    private mutating func original() -> Int? {
        if header.interface != last.interface {
            let isEnd =
                reader.interfaces.indices.contains(header.interface)
                && WireEnd(reader.interfaces[header.interface]) != nil
            last = (header.interface, isEnd)
        }
        return last.isEnd ? nil : copies?.original(reader.bytes, header)
    }

    private mutating func advance() -> Bool {
        do throws(CaptureFileError) {
            guard try reader.next(into: &header) else { return false }
            clock.note(&header)
            return true
        } catch {
            damage = error
            return false
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
