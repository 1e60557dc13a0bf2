import Conversations
import Rendering
import Text

/// Draws conversations that are over while the file is read, so that they need not be kept.
struct EarlyLadders {
    let isMarkdown: Bool
    let abridged: Bool
    /// Conversations that wait: the first one, because a ladder that stays the only one has no title, and all where the
    /// file has socket calls or two hosts, because what belongs to a conversation may stand further on.
    private(set) var held: [Conversation] = []
    /// How many were drawn.
    private(set) var count = 0

    init(isMarkdown: Bool, abridged: Bool) {
        self.isMarkdown = isMarkdown
        self.abridged = abridged
    }

    mutating func take(_ conversation: Conversation, mustWait: Bool, to out: inout OutputBuffer) {
        held.append(conversation)
        guard out.isOpen, !mustWait, count + held.count > 1 else { return }
        for conversation in held { draw(conversation, to: &out) }
        held.removeAll()
    }

    private mutating func draw(_ conversation: Conversation, to out: inout OutputBuffer) {
        let report = ConversationReport([conversation], calls: [])
        // Titled as one of several, also the first.
        if count > 0 { out.append(ascii: 10) }
        if isMarkdown {
            report.writeMarkdown(isWhole: false, abridged: abridged, titled: true, to: &out)
        } else {
            report.writeLadders(columns: Terminal.columns, isWhole: false, abridged: abridged, titled: true, to: &out)
        }
        count += 1
    }
}
