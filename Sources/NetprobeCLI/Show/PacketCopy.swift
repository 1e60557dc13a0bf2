import Capture
import Packets
import SystemPackage

/// `-w`: copies the packets that pass into another file, with interfaces, comments and flags where its format has room.
enum PacketCopy {
    static func run(_ packets: inout PacketPipeline, to path: String, from source: String, limit: Int?) throws(CommandFailure) {
        try OutputFile.refuse(path, reading: source)
        var failure: CommandFailure?
        do throws(CaptureWriteError) {
            let section = packets.reader.sections.first ?? CaptureSection()
            var writer = path == "-"
                ? try CaptureFileWriter(descriptor: .standardOutput, name: "standard output", section: section)
                : try CaptureFileWriter(path: path, section: section)
            while packets.count < limit ?? .max {
                do throws(CommandFailure) { guard try packets.next() else { break } } catch {
                    failure = error
                    break
                }
                try writer.copy(packets.header, from: packets.reader)
            }
            try writer.finish(statistics: packets.reader.statistics)
        } catch {
            if case .closedPipe = error.kind { return }
            throw CommandFailure("\(error)")
        }
        if let failure { throw failure }
    }
}
