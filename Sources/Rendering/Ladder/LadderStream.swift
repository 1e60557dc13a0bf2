import Conversations
import Text
import Timeline

/// Draws conversations that are over while the file is read, so that they need not be kept.
public struct LadderStream {
    private let format: LadderFormat
    private let abridged: Bool
    /// Conversations that wait: the first one, because a ladder that stays the only one has no title, and all where the
    /// file has socket calls or both ends of a wire, because what belongs to a conversation may stand further on.
    public private(set) var held: [Conversation] = []
    /// How many were drawn.
    public private(set) var count = 0

    /// - Parameters:
    ///   - format: one that is written from top to bottom: text or Markdown.
    ///   - abridged: whether long runs of ordinary rows are left out.
    public init(_ format: LadderFormat, abridged: Bool) {
        self.format = format
        self.abridged = abridged
    }

    /// - Parameter mustWait: whether it cannot be drawn yet.
    public mutating func take(_ conversation: Conversation, mustWait: Bool, to out: inout OutputBuffer) {
        held.append(conversation)
        guard out.isOpen, !mustWait, count + held.count > 1 else { return }
        for conversation in held {
            // Titled as one of several, also the first.
            LadderBook(SceneBuilder([conversation], calls: []), isWhole: false, abridged: abridged)
                .write(format, after: count, titled: true, to: &out)
            count += 1
        }
        held.removeAll()
    }
}
