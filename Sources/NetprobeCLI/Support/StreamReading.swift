import Analysis
import Capture
import Conversations
import Diagnosis
import Packets
import Sockets

/// Reads a capture for commands that look at streams: dissection and analysis of every packet.
enum StreamReading {
    /// - Parameters:
    ///   - isRepeated: whether the file was read before, and what there is to warn of was said.
    ///   - copied: gets what was left out because it was captured before.
    ///   - needsTimes: whether what is told rests on the packets' times.
    /// - Returns: the damage that ended the file early; everything before it was handed out.
    static func read(
        _ path: String, _ filter: [String], isRepeated: Bool = false, needsTimes: Bool = true,
        copied: (CopiedPackets) -> Void = { _ in },
        _ body: (RawSpan, borrowing Dissection, borrowing PacketFacts) -> Void
    ) throws(CommandFailure) -> CaptureFileError? {
        var packets = try PacketStream(opening: path, filter, needs: [.analysis, .messages], leavingOut: .whenTelling)
        while try packets.advance() { body(packets.bytes, packets.dissection, packets.facts) }
        copied(packets.copied)
        if !isRepeated { packets.warn(file: path, needsTimes: needsTimes) }
        return packets.damage
    }

    /// Reads a capture and, on the way, the socket calls in its comments.
    ///
    /// A filter chooses packets, not calls: what stands on a packet that it drops is read all the same, in a pass of
    /// its own (but not from standard input, which can be read only once).
    /// - Parameter body: gets each packet, and whether there was a call before it.
    static func read(
        _ path: String, _ filter: [String], calls: inout [CapturedCall],
        _ body: (RawSpan, borrowing Dissection, borrowing PacketFacts, Bool) -> Void
    ) throws(CommandFailure) -> CaptureFileError? {
        if !filter.isEmpty, path != "-" {
            try readCalls(CaptureFiles.open(path), &calls)
            let hasCalls = !calls.isEmpty
            return try read(path, filter) { bytes, dissection, facts in body(bytes, dissection, facts, hasCalls) }
        }
        var packets = try PacketStream(
            opening: path, filter, needs: [.analysis, .messages, .notes], leavingOut: .whenTelling)
        while try packets.advance() {
            body(packets.bytes, packets.dissection, packets.facts, !calls.isEmpty)
            add(packets.notes.comments, packets.header.number, to: &calls)
        }
        for (packet, texts) in packets.otherComments { add(texts, packet, to: &calls) }
        packets.warn(file: path)
        return packets.damage
    }

    /// The socket calls in the comments of a file.
    static func readCalls(_ reader: consuming CaptureFileReader, _ calls: inout [CapturedCall]) throws(CommandFailure) {
        var packets = try PacketStream(reader, [], needs: .notes)
        while try packets.advance() { add(packets.notes.comments, packets.header.number, to: &calls) }
    }

    private static func add(_ comments: [String], _ packet: Int, to calls: inout [CapturedCall]) {
        for text in comments {
            if let comment = SocketCallComment(text) { calls.append(CapturedCall(packet: packet, comment: comment)) }
        }
    }
}
