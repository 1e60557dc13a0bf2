import Capture
import Lab
import Packets
import Sockets

/// Keeps a demo in a pcapng file: packets, calls as comments, the interface's counts.
enum DemoFile {
    static func write(_ records: [CapturedRecord], _ recording: DemoRecording, to path: String) throws(CommandFailure) {
        try write(records, recording.interface, recording.statistics, to: path)
    }

    static func write(
        _ records: [CapturedRecord], _ interface: CaptureInterface, _ counts: LiveCaptureStatistics, to path: String
    ) throws(CommandFailure) {
        do throws(CaptureWriteError) {
            var writer = try PcapngWriter(path: path, section: CaptureSection(application: "netprobe \(Netprobe.version)"))
            try writer.add(interface, as: 0)
            for record in records { try writer.write(record.header, bytes: record.bytes.rawSpan, comments: record.comments) }
            try writer.finish(statistics: [InterfaceStatistics(interface: 0, received: counts.received, dropped: counts.dropped)])
        } catch {
            throw CommandFailure("\(error)")
        }
    }
}
