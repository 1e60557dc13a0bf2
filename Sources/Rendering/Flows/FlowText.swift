import Addressing
import Conversations

/// Flows as lines of text under a heading, with a total.
public struct FlowText {
    /// The capture's first moment: starts are counted from there. Nanoseconds since 1970.
    private let origin: Int64
    private var originatorWidth = 10
    private var responderWidth = 9

    /// - Parameter flows: the numbers of those that will be written, in `tracker`.
    public init(_ tracker: borrowing FlowTracker, _ flows: [Int], origin: Int64) {
        self.origin = origin
        for number in flows {
            let (key, record) = tracker[number]
            let view = FlowView(key, record)
            var counter = WidthCounter()
            view.writeOriginator(to: &counter)
            originatorWidth = max(originatorWidth, counter.width)
            counter.width = 0
            view.writeResponder(to: &counter)
            responderWidth = max(responderWidth, counter.width)
        }
    }

    public func writeHeading(to out: inout OutputBuffer) {
        out.append(style: .bold)
        out.append("      start      duration  proto    stream  ")
        pad("originator", originatorWidth, &out)
        out.append("    ")
        pad("responder", responderWidth, &out)
        out.append("   packets → ←           bytes → ←                  handshake  state                  conn    history       service       community id\n")
        out.append(style: .plain)
    }

    public func write(_ key: FlowKey, _ record: FlowRecord, to out: inout OutputBuffer) {
        let view = FlowView(key, record)
        write(seconds: record.firstTime &- origin, width: 11, &out)
        out.append("  ")
        write(seconds: record.duration, width: 12, &out)
        out.append("  ")
        pad(view.flowProtocol.name, 6, &out)
        right(UInt64(record.stream), 9, &out)
        out.append("  ")
        column(originatorWidth, &out) { view.writeOriginator(to: &$0) } width: { view.writeOriginator(to: &$0) }
        out.append("  → ")
        column(responderWidth, &out) { view.writeResponder(to: &$0) } width: { view.writeResponder(to: &$0) }
        right(UInt64(record.originator.packets), 9, &out)
        right(UInt64(record.responder.packets), 9, &out)
        right(record.originator.bytes, 13, &out)
        right(record.responder.bytes, 13, &out)
        out.append("  ")
        if let handshake = record.handshake {
            right(DurationText.text(nanoseconds: handshake), 10, &out)
        } else {
            pad("         -", 10, &out)
        }
        out.append("  ")
        style(view, &out)
        pad(view.outcome, 21, &out)
        out.append(style: .plain)
        out.append("  ")
        pad(view.state.name, 6, &out)
        out.append("  ")
        let letters = record.history.letters
        for letter in letters { out.append(ascii: letter) }
        out.append(spaces: max(0, 12 - letters.count))
        out.append("  ")
        pad(view.service ?? "-", 12, &out)
        out.append("  ")
        out.append(text: view.communityID)
        out.append(ascii: 10)
    }

    /// How many there were, and what they carried.
    /// - Parameter shown: how many flows were written.
    public static func writeTotal(_ tracker: borrowing FlowTracker, all: Int, shown: Int, to out: inout OutputBuffer) {
        out.append(text: "total: \(all) flow\(all == 1 ? "" : "s")")
        if shown < all { out.append(text: ", \(shown) shown") }
        out.append(text: "; \(tracker.packets) packet\(tracker.packets == 1 ? "" : "s"), \(tracker.bytes) bytes")
        if tracker.packetsWithoutFlow > 0 { out.append(text: "; \(tracker.packetsWithoutFlow) packets belong to no flow") }
        out.append(ascii: 10)
    }

    private func style(_ view: FlowView, _ out: inout OutputBuffer) {
        switch view.state {
        case .sf, .s1: out.append(style: .green)
        case .rej, .rsto, .rstr, .rstos0, .rstrh: out.append(style: .red)
        case .s0: out.append(style: .yellow)
        default: break
        }
    }

    private func write(seconds nanoseconds: Int64, width: Int, _ out: inout OutputBuffer) {
        let size = nanoseconds.magnitude
        var counter = WidthCounter()
        counter.append(decimal: size / 1_000_000_000)
        out.append(spaces: max(0, width - counter.width - 7 - (nanoseconds < 0 ? 1 : 0)))
        if nanoseconds < 0 { out.append(ascii: 45) }
        out.append(decimal: size / 1_000_000_000)
        out.append(ascii: 46)
        out.append(decimal: size % 1_000_000_000 / 1000, width: 6)
    }

    private func right(_ number: UInt64, _ width: Int, _ out: inout OutputBuffer) {
        var counter = WidthCounter()
        counter.append(decimal: number)
        out.append(spaces: max(0, width - counter.width))
        out.append(decimal: number)
    }

    private func right(_ text: String, _ width: Int, _ out: inout OutputBuffer) {
        out.append(spaces: max(0, width - text.count))
        out.append(text: text)
    }

    private func pad(_ text: StaticString, _ width: Int, _ out: inout OutputBuffer) {
        out.append(text)
        out.append(spaces: max(0, width - text.utf8CodeUnitCount))
    }

    private func column(
        _ width: Int, _ out: inout OutputBuffer, write: (inout OutputBuffer) -> Void, width measure: (inout WidthCounter) -> Void
    ) {
        var counter = WidthCounter()
        measure(&counter)
        write(&out)
        out.append(spaces: max(0, width - counter.width))
    }
}
