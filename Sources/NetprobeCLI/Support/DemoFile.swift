import Capture
import Lab
import Packets
import Sockets
import SystemPackage

/// Keeps a demo in a file. pcapng: packets, calls as comments, the interface's counts. Classic pcap, by name: packets
/// alone.
enum DemoFile {
    /// Under sudo the file shall belong to the user who called: nothing more needs root's rights by now. In a user
    /// namespace that has no such user the file is root's.
    static func becomeCaller() {
        guard let user = SudoUser.current, ProcessPrivileges.isRoot else { return }
        do throws(SocketError) { try ProcessPrivileges.drop(to: user) } catch {
            Diagnostics.write("the file stays root's: \(error)")
        }
    }

    /// - Parameters:
    ///   - counts: of each interface.
    ///   - path: `-` is standard output.
    static func write(
        _ records: [CapturedRecord], calls: [SocketCall], _ interfaces: [CaptureInterface],
        _ counts: [LiveCaptureStatistics], to path: String
    ) throws(CommandFailure) {
        var records = records
        let homeless = CallComments.attach(calls, to: &records)
        let section = CaptureSection(application: "netprobe \(Netprobe.version)", comments: homeless)
        do throws(CaptureWriteError) {
            var writer =
                path == "-"
                ? try CaptureFileWriter(descriptor: .standardOutput, name: "standard output", section: section)
                : try CaptureFileWriter(path: path, section: section)
            for (number, interface) in interfaces.enumerated() { try writer.add(interface, as: number) }
            for record in records {
                try writer.write(record.header, bytes: record.bytes.rawSpan, comments: record.comments, flags: nil)
            }
            try writer.finish(
                statistics: counts.enumerated().map { number, count in
                    InterfaceStatistics(interface: number, received: count.received, dropped: count.dropped)
                })
        } catch {
            if error.kind == .closedPipe { return }
            throw CommandFailure(error)
        }
        if CaptureFileWriter.asksForPcap(path) {
            Diagnostics.write(
                "\(path): classic pcap has no place for socket calls; a name that ends in .pcapng keeps them")
        }
    }
}
