import Capture
import Packets
import SystemPackage
import Testing

/// What fuzzing found in readers and writers, said in words; the inputs themselves are in Tests/Fuzz/Crashers.
@Suite struct CrashersFromFuzzing {
    /// pcapng takes any link type, pcap's reader only those that are known: a copy into pcap could not be read again.
    @Test func pcapIsNotWrittenWithALinkTypeThatNobodyReads() throws {
        let file = try TemporaryFile()
        var writer = try PcapWriter(path: file.path)
        let header = RecordHeader(
            number: 1, timestamp: nil, capturedLength: 4, wireLength: 4, linkType: LinkType(rawValue: 13_517))
        for _ in 0..<2 {
            do {
                try writer.write(header, bytes: [1, 2, 3, 4].rawSpan)
                Issue.record("was written")
            } catch {
                #expect(error.kind == .unsupported)
                #expect(error.message.contains("13517"))
            }
        }
    }
}
