import Capture
import SystemPackage

/// Copies of a capture in both formats, as `show -w` makes them. What was written without an error must read again.
struct CaptureCopies: ~Copyable {
    private let pcapngFile: ScratchFile
    private let pcapFile: ScratchFile
    private var pcapng: PcapngWriter
    private var pcap: PcapWriter
    /// Records that each copy says it has: packets, and in pcapng also Custom Blocks that may be copied.
    private var pcapngCount = 0
    private var pcapCount = 0
    private var pcapngFailed = false
    private var pcapFailed = false

    init(_ section: CaptureSection) throws {
        // Through locals: a value without copies may not be left half made when one of these throws.
        let ng = try ScratchFile()
        let classic = try ScratchFile()
        let writer = try PcapngWriter(descriptor: ng.descriptor, name: "copy.pcapng", section: section)
        pcap = PcapWriter(descriptor: classic.descriptor, name: "copy.pcap", resolution: .nanoseconds)
        pcapng = writer
        pcapngFile = ng
        pcapFile = classic
    }

    mutating func take(_ header: RecordHeader, _ reader: borrowing CaptureFileReader) {
        do { if try pcapng.copy(header, from: reader) { pcapngCount += 1 } } catch { pcapngFailed = true }
        do { if try pcap.copy(header, from: reader) { pcapCount += 1 } } catch { pcapFailed = true }
    }

    mutating func finish(_ reader: borrowing CaptureFileReader) throws {
        do { try pcapng.finish(copying: reader) } catch { pcapngFailed = true }
        do { try pcap.finish(copying: reader) } catch { pcapFailed = true }
        if !pcapngFailed { try check(pcapngFile, "the copy as pcapng", pcapngCount) }
        // Without a packet there is no link type for a file header.
        if !pcapFailed, pcapCount > 0 { try check(pcapFile, "the copy as pcap", pcapCount) }
    }

    private func check(_ file: borrowing ScratchFile, _ what: String, _ written: Int) throws {
        try file.descriptor.seek(offset: 0, from: .start)
        var found = 0
        do {
            var reader = try CaptureFileReader(descriptor: file.descriptor, name: "copy")
            while try reader.next() != nil { found += 1 }
        } catch {
            throw FuzzFinding("\(what) does not read: \(error)")
        }
        try require(found == written, "\(what) has \(found) records of \(written)")
    }
}
