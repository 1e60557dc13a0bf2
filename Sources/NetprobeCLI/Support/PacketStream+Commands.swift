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
        try self.init(
            CaptureFiles.open(path), filter, needs: needs, leavingOut: leftOut, dissects: dissects, joins: joins,
            displayFilter: displayFilter)
    }

    /// The same for a file that is open.
    init(
        _ reader: consuming CaptureFileReader, _ filter: [String], needs: FieldNeeds = [],
        leavingOut leftOut: LeftOut = [],
        dissects: Bool = true, joins: Bool = true, displayFilter: DisplayFilter? = nil
    ) throws(CommandFailure) {
        let captureFilter = try CaptureFilterSet.of(filter, for: reader)
        self.init(
            reader, needs: needs, leavingOut: leftOut, dissects: dissects, joins: joins, captureFilter: captureFilter,
            displayFilter: displayFilter, seed: .random(in: .min ... .max))
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
