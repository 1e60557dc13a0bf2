import Capture

/// What a capture file says of packets that are not in it because there was no room or time for them: pcapng's counts
/// of interfaces (`isb_ifdrop`, `isb_osdrop`) and of packets (`epb_dropcount`).
enum CaptureGaps {
    /// nil where nothing was dropped, or the file does not say so.
    static func notice(_ reader: borrowing CaptureFileReader) -> ReadingNotice? {
        var (bySystem, byInterface): (UInt64, UInt64) = (0, 0)
        for counts in reader.statistics {
            bySystem &+= counts.dropped ?? 0
            byInterface &+= counts.droppedByInterface ?? 0
        }
        let beforePackets = reader.droppedBeforePackets
        if bySystem == 0, byInterface == 0, beforePackets == 0 { return nil }
        return .dropped(bySystem: bySystem, byInterface: byInterface, beforePackets: beforePackets)
    }
}
