import Analysis
import Capture
import Packets
import Sockets
import SystemPackage

/// `-w`: copies the packets that pass into another file, with interfaces, comments and flags where its format has room.
enum PacketCopy {
    static func run(_ packets: inout PacketStream, to path: String, from source: String, limit: Int?)
        throws(CommandFailure)
    {
        try OutputFile.refuse(path, reading: source)
        if path == "-", StandardStreams.isTerminal(.standardOutput) {
            throw CommandFailure(
                "-w -: standard output is a terminal, and a capture is not for reading there; use a pipe or a file")
        }
        var failure: CommandFailure?
        var others = 0
        var untimed = 0
        var companions = 0
        packets.keepsCompanions = true
        do throws(CaptureWriteError) {
            let section = packets.reader.sections.first ?? CaptureSection()
            var writer =
                path == "-"
                ? try CaptureFileWriter(descriptor: .standardOutput, name: "standard output", section: section)
                : try CaptureFileWriter(path: path, section: section)
            while packets.count < limit ?? .max {
                do throws(CommandFailure) { guard try packets.advance() else { break } } catch {
                    failure = error
                    break
                }
                if try !writer.copy(packets.header, from: packets.reader) {
                    others += 1
                } else if packets.header.kind == .packet, packets.header.timestamp == nil {
                    untimed += 1
                }
            }
            try writer.copyCompanions(of: writer.section ?? 0, from: packets.reader)
            companions =
                packets.reader.companions.count - writer.companionsCopied + packets.reader.companionsLeftOut
            try writer.finish(statistics: packets.reader.statistics)
        } catch {
            if case .closedPipe = error.kind { return }
            throw CommandFailure(error)
        }
        if others > 0 {
            Diagnostics.write(
                """
                \(path): \(others) of \(packets.count) records not written: journal entries \
                and custom blocks are no packets
                """
            )
        }
        if companions > 0 {
            Diagnostics.write(
                """
                \(path): \(companions == 1 ? "1 block" : "\(companions) blocks") with names or decryption secrets not \
                written: only pcapng has a place for them, and 16 MiB at most are copied
                """
            )
        }
        if untimed > 0 {
            Diagnostics.write(
                """
                \(path): \(untimed == 1 ? "1 packet has" : "\(untimed) packets have") no time in \(source); where \
                the copy must have one it is 1970-01-01
                """
            )
        }
        if let failure { throw failure }
    }
}
