import Capture
import Diagnosis
import Packets
import Rendering
import Sockets

/// Reads a capture for commands that look at streams: dissection and analysis of every packet.
enum StreamReading {
    /// - Parameters:
    ///   - isRepeated: whether the file was read before, and what there is to warn of was said.
    ///   - needsTimes: whether what is told rests on the packets' times.
    /// - Returns: the damage that ended the file early; everything before it was handed out.
    static func read(
        _ path: String, _ filter: [String], isRepeated: Bool = false, needsTimes: Bool = true,
        _ body: (RawSpan, borrowing Dissection, borrowing PacketFacts) -> Void
    ) throws(CommandFailure) -> CaptureFileError? {
        var warnings: [String] = []
        return try read(
            CaptureFiles.open(path), named: isRepeated ? nil : path, filter, needsTimes: needsTimes,
            warnings: &warnings, body)
    }

    /// The same for a file that is open.
    /// - Parameters:
    ///   - name: as the user named it; nil where what there is to warn of was said.
    ///   - warnings: what was said on standard error.
    static func read(
        _ reader: consuming CaptureFileReader, named name: String?, _ filter: [String], needsTimes: Bool = true,
        warnings: inout [String],
        _ body: (RawSpan, borrowing Dissection, borrowing PacketFacts) -> Void
    ) throws(CommandFailure) -> CaptureFileError? {
        try readAll(reader, named: name, filter, needsTimes: needsTimes, warnings: &warnings) {
            bytes, dissection, facts, passes in
            if passes { body(bytes, dissection, facts) }
        }
    }

    /// The same with the packets that the filter drops.
    /// - Parameter body: gets each packet, and whether it passes.
    static func readAll(
        _ reader: consuming CaptureFileReader, named name: String?, _ filter: [String], needsTimes: Bool = true,
        warnings: inout [String],
        _ body: (RawSpan, borrowing Dissection, borrowing PacketFacts, Bool) -> Void
    ) throws(CommandFailure) -> CaptureFileError? {
        let bpf = try CaptureFilterSet.of(filter, for: reader)
        var packets = PacketPipeline(reader, needs: .analysis, oneEnd: true, captureFilter: bpf)
        while try packets.nextOfAll() { body(packets.reader.bytes, packets.dissection, packets.facts, packets.passes) }
        if let name { warnings = packets.notices.warn(packets.reader.interfaces, file: name, needsTimes: needsTimes) }
        return packets.damage
    }
}

extension StreamReading {
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
        let reader = try CaptureFiles.open(path)
        let bpf = try CaptureFilterSet.of(filter, for: reader)
        var packets = PacketPipeline(reader, needs: [.analysis, .notes], oneEnd: true, captureFilter: bpf)
        while try packets.next() {
            body(packets.reader.bytes, packets.dissection, packets.facts, !calls.isEmpty)
            add(packets.notes.comments, packets.header.number, to: &calls)
        }
        for (packet, texts) in packets.otherComments { add(texts, packet, to: &calls) }
        packets.notices.warn(packets.reader.interfaces, file: path)
        return packets.damage
    }

    /// The socket calls in the comments of a file.
    static func readCalls(_ reader: consuming CaptureFileReader, _ calls: inout [CapturedCall]) throws(CommandFailure) {
        var packets = PacketPipeline(reader, needs: .notes, dissects: true)
        while try packets.next() { add(packets.notes.comments, packets.header.number, to: &calls) }
    }

    private static func add(_ comments: [String], _ packet: Int, to calls: inout [CapturedCall]) {
        for text in comments {
            if let comment = SocketCallComment(text) { calls.append(CapturedCall(packet: packet, comment: comment)) }
        }
    }
}
