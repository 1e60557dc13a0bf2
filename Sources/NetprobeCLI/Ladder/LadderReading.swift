import Analysis
import Capture
import Conversations
import Lab
import Packets
import Rendering
import Sockets

/// Reads the conversations and the calls of a capture for ladders.
struct LadderReading: ~Copyable {
    private var source: PacketStream
    private var collector: ConversationCollector
    private(set) var calls: [SocketCall] = []
    /// Both ends' views, where the file has them.
    private(set) var bothEnds: BothEndsCollector

    /// What ended the file early.
    var damage: CaptureFileError? { source.damage }

    init(
        _ path: String, filter: [String], displayFilter: String?, only name: StreamName?, condensing: Bool,
        releasing: Bool, keepingWords: Bool
    ) throws(CommandFailure) {
        bothEnds = BothEndsCollector(keepingWords: keepingWords)
        source = try PacketStream(
            opening: path, filter, needs: [.notes, .analysis], leavingOut: [.otherRecords, .copies],
            displayFilter: DisplayFilter.compiled(displayFilter))
        collector =
            switch (name?.transport, name?.number) {
            case (.tcp?, let number?):
                ConversationCollector(.tcp(number), condensing: condensing, keepingWords: keepingWords)
            case (.udp?, let number?):
                ConversationCollector(.udp(number), condensing: condensing, keepingWords: keepingWords)
            default:
                ConversationCollector(condensing: condensing, releasing: releasing, keepingWords: keepingWords)
            }
    }

    /// - Parameters:
    ///   - most: so many conversations may be kept, where none is let go of.
    ///   - body: gets conversations that are over.
    mutating func run(atMost most: Int, _ body: (Conversation, _ mustWait: Bool) -> Void) throws(CommandFailure) {
        defer { calls += source.reader.sections.flatMap { CallComments.calls(in: $0.comments) } }
        // What filters drop still moves states on, and may carry a call.
        while try source.advanceOverAll() {
            let isDrawn = source.passes
            bothEnds.take(
                source.bytes, source.dissection, source.facts, interface: source.header.interface,
                of: source.reader.interfaces,
                comments: source.notes.comments, isShown: isDrawn)
            // Of both ends' packets a ladder of one place shows the first one's.
            if !bothEnds.isPossible || source.header.interface == 0 {
                collector.take(source.bytes, source.dissection, source.facts, keeping: isDrawn)
                if collector.count > most {
                    throw CommandFailure(
                        """
                        more than \(most) conversations are too many for one picture: choose one with \
                        --stream, or fewer with a filter
                        """
                    )
                }
            }
            if !source.notes.comments.isEmpty { calls += CallComments.calls(in: source.notes.comments) }
            while let conversation = collector.next() { body(conversation, !calls.isEmpty || bothEnds.isPossible) }
        }
    }

    /// Says what there is to warn of.
    func warn(_ file: String) { source.warn(file: file) }

    /// Those that were not handed out.
    var conversations: [Conversation] { collector.conversations }
}
