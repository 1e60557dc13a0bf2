import Addressing
import Capture
import Lab
import Packets
import Rendering
import Text

/// What a report says of the wire between two hosts.
enum WireReport {
    /// A line a packet, as it left its host; what arrived is in the ladder.
    static func writePackets(
        _ records: [CapturedRecord], _ wire: WireRecording, showingData: Bool, to out: inout OutputBuffer
    ) {
        RecordedTraffic.writeHeading("Packets as they left their hosts", to: &out)
        var lines = RecordPrinter(numbered: true, showingData: showingData)
        var quiet = OutputBuffer { _ in true }
        var isEmpty = true
        for record in records {
            // Relative numbers count from the first packet, so all go through.
            if wire.left(record) {
                isEmpty = false
                lines.write(record.header, record.bytes.rawSpan, to: &out)
            } else {
                lines.write(record.header, record.bytes.rawSpan, to: &quiet)
            }
        }
        if isEmpty { out.append("none\n") }
    }

    /// What the wire was asked to do, and what it did.
    static func write(_ wire: WireRecording, to out: inout OutputBuffer) {
        for (direction, name) in [(WireDirection.up, "client → server"), (.down, "server → client")] {
            out.append(text: name + "     " + settings(wire.impairments, direction))
            if let tally = tally(wire, direction) { out.append(text: ": " + tally.text) }
            out.append(ascii: 10)
        }
    }

    private static func settings(_ impairments: Impairments, _ direction: WireDirection) -> String {
        let link = impairments[direction]
        var words: [String] = []
        if link.delay > .zero || link.jitter > .zero {
            words.append("delay \(time(link.delay))" + (link.jitter > .zero ? " ± \(time(link.jitter))" : ""))
        }
        if let rate = link.rate { words.append(bits(rate)) }
        for (name, share) in [
            ("loss", link.loss), ("duplicate", link.duplicate), ("reorder", link.reorder), ("corrupt", link.corrupt),
        ] where share > 0 {
            words.append("\(name) \(percent(share))")
        }
        if impairments.script.contains(where: { $0.direction == direction }) { words.append("events by script") }
        return words.isEmpty ? "as it is" : words.joined(separator: ", ")
    }

    /// What the forwarder counted in one direction; nil where nothing was logged.
    private static func tally(_ wire: WireRecording, _ direction: WireDirection) -> WireTally? {
        guard let log = wire.log else { return nil }
        let entries = log.entries.filter { $0.fate.direction == direction && $0.frame.kind != .housekeeping }
        return WireTally(
            packets: entries.count, lost: entries.count { $0.fate.isLost },
            doubled: entries.count { $0.fate.isDuplicated }, damaged: entries.count { $0.fate.isCorrupted },
            heldBack: entries.count { $0.fate.heldBack > 0 })
    }

    /// One JSON object for each direction: what the forwarder counted.
    static func writeNDJSON(_ wire: WireRecording, to out: inout OutputBuffer) {
        for direction in WireDirection.allCases {
            guard let tally = tally(wire, direction) else { continue }
            CrossingJSON.write(tally, from: direction == .up ? "client" : "server", to: &out)
        }
    }

    private static func time(_ time: Duration) -> String { DurationText.text(time) }

    private static func bits(_ rate: Int) -> String {
        for (size, name) in [(1_000_000_000, "Gbit/s"), (1_000_000, "Mbit/s"), (1000, "kbit/s")]
        where rate >= size && rate % size == 0 {
            return "\(rate / size) \(name)"
        }
        return "\(rate) bit/s"
    }

    private static func percent(_ share: Double) -> String {
        let hundredths = Int((share * 10_000).rounded())
        if hundredths % 100 == 0 { return "\(hundredths / 100) %" }
        return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100) %"
    }
}
