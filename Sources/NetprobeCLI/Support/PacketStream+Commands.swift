import Analysis
import Capture
import Packets

extension PacketStream {
    /// A capture file as a command line names it.
    /// - Parameters:
    ///   - path: the file; `-` is standard input.
    ///   - filter: the words of a capture filter, if any.
    init(
        opening path: String, _ filter: [String] = [], needs: FieldNeeds = [], leavingOut leftOut: LeftOut = [],
        dissects: Bool = true, joins: Bool = true, displayFilter: DisplayFilter? = nil
    ) throws(CommandFailure) {
        let reader = try CaptureFiles.open(path)
        var evidence: CopyEvidence?
        if leftOut.contains(.copies) || needs.contains(.copies), path != "-", reader.isRegularFile {
            evidence = CopyEvidence(of: try CaptureFiles.open(path))
        }
        try self.init(
            reader, filter, needs: needs, leavingOut: leftOut, dissects: dissects, joins: joins,
            displayFilter: displayFilter, copyEvidence: evidence)
    }

    /// The same for a file that is open.
    /// - Parameter copyEvidence: what the file's beginning shows, where it can be read before.
    init(
        _ reader: consuming CaptureFileReader, _ filter: [String], needs: FieldNeeds = [],
        leavingOut leftOut: LeftOut = [], dissects: Bool = true, joins: Bool = true,
        displayFilter: DisplayFilter? = nil, copyEvidence: CopyEvidence? = nil
    ) throws(CommandFailure) {
        let captureFilter = try CaptureFilterSet.of(filter, for: reader)
        self.init(
            reader, needs: needs, leavingOut: leftOut, dissects: dissects, joins: joins, captureFilter: captureFilter,
            displayFilter: displayFilter, copyEvidence: copyEvidence, seed: .random(in: .min ... .max))
    }

    /// `next`, with the errors of a command.
    mutating func advance() throws(CommandFailure) -> Bool {
        do throws(CaptureDeviceError) { return try next() } catch { throw CommandFailure(error) }
    }

    /// `nextOfAll`, with the errors of a command.
    mutating func advanceOverAll() throws(CommandFailure) -> Bool {
        do throws(CaptureDeviceError) { return try nextOfAll() } catch { throw CommandFailure(error) }
    }
}
