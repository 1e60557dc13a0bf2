import Addressing
import Conversations
import Text

/// Flows as lines of text under a heading, with a total. In a narrow terminal the columns that one misses least are
/// left out.
public struct FlowText {
    /// Columns that can be left out, the most wanted first, and how wide they are.
    private enum Column: Int, CaseIterable {
        case bytes, packets, duration, start, handshake, connection, service, history, communityID

        /// Without those whose width depends on what is in them.
        var width: Int {
            switch self {
            case .packets, .bytes: 0
            case .duration: 14
            case .start: 13
            case .handshake: 12
            case .connection: 8
            case .service, .history: 14
            case .communityID: 32
            }
        }
    }

    /// The first moment of each setting of the clock: starts are counted from there. Nanoseconds since 1970.
    private var origins: [Int64] = []
    private var streamWidth = 6
    private var originatorWidth = 10
    private var responderWidth = 9
    private var outcomeWidth = 5
    /// Of one direction; both together have room for their heading.
    private var packetsWidth = 6
    private var bytesWidth = 6
    /// So many of the columns that can be left out are shown.
    private var shown = Column.allCases.count

    /// - Parameters:
    ///   - flows: the numbers of those that will be written, in `tracker`.
    ///   - columns: the terminal's; nil shows everything.
    public init(_ tracker: borrowing FlowTracker, _ flows: [Int], columns: Int? = nil) {
        for number in 0..<tracker.count {
            let record = tracker[number].record
            guard record.packets > 0, let start = record.firstTime else { continue }
            while origins.count <= Int(record.setting) { origins.append(.max) }
            origins[Int(record.setting)] = min(origins[Int(record.setting)], start)
        }
        for number in flows {
            let (key, record) = tracker[number]
            let view = FlowView(key, record)
            var counter = WidthCounter()
            view.writeOriginator(to: &counter)
            originatorWidth = max(originatorWidth, counter.width)
            counter.width = 0
            view.writeResponder(to: &counter)
            responderWidth = max(responderWidth, counter.width)
            outcomeWidth = max(outcomeWidth, view.outcome.utf8CodeUnitCount)
            streamWidth = max(streamWidth, Self.digits(UInt64(record.stream)))
            packetsWidth = max(
                packetsWidth,
                1 + Self.digits(UInt64(max(record.originator.packets, record.responder.packets))))
            bytesWidth = max(bytesWidth, 1 + Self.digits(max(record.originator.bytes, record.responder.bytes)))
        }
        guard let columns else { return }
        // Always there: protocol, stream, both ends, what became of it.
        var used = 8 + streamWidth + originatorWidth + 4 + responderWidth + 2 + outcomeWidth
        shown = 0
        for column in Column.allCases {
            used += width(of: column)
            if used > columns { break }
            shown += 1
        }
    }

    private func width(of column: Column) -> Int {
        switch column {
        case .packets: 2 * packetsWidth
        case .bytes: 2 * bytesWidth
        default: column.width
        }
    }

    private static func digits(_ number: UInt64) -> Int {
        var counter = WidthCounter()
        counter.append(decimal: number)
        return counter.width
    }

    private func shows(_ column: Column) -> Bool { column.rawValue < shown }

    private func origin(of record: FlowRecord, _ start: Int64) -> Int64 {
        let setting = Int(record.setting)
        return setting < origins.count ? min(origins[setting], start) : start
    }

    /// Writes the names of the columns that the width has room for.
    public func writeHeading(to out: inout OutputBuffer) {
        out.append(style: .bold)
        if shows(.start) { out.append("      start  ") }
        if shows(.duration) { out.append("    duration  ") }
        out.append("proto ")
        right("stream", streamWidth, &out)
        out.append("  ")
        pad("originator", originatorWidth, &out)
        out.append("    ")
        pad("responder", responderWidth, &out)
        if shows(.packets) { right("packets → ←", 2 * packetsWidth, &out) }
        if shows(.bytes) { right("bytes → ←", 2 * bytesWidth, &out) }
        if shows(.handshake) { out.append("   handshake") }
        out.append("  state")
        if shows(.connection) {
            out.append(spaces: outcomeWidth - 5)
            out.append("  conn  ")
        }
        if shows(.service) { out.append("  service     ") }
        if shows(.history) { out.append("  history     ") }
        if shows(.communityID) { out.append("  community id") }
        out.append(style: .plain)
        out.append(ascii: 10)
    }

    /// Writes a conversation's line.
    public func write(_ key: FlowKey, _ record: FlowRecord, to out: inout OutputBuffer) {
        let view = FlowView(key, record)
        if shows(.start) {
            write(seconds: record.firstTime.map { $0 &- origin(of: record, $0) }, width: 11, &out)
            out.append("  ")
        }
        if shows(.duration) {
            write(seconds: record.duration, width: 12, &out)
            out.append("  ")
        }
        pad(view.flowProtocol.name, 6, &out)
        right(UInt64(record.stream), streamWidth, &out)
        out.append("  ")
        column(originatorWidth, &out) {
            view.writeOriginator(to: &$0)
        } width: {
            view.writeOriginator(to: &$0)
        }
        out.append("  → ")
        column(responderWidth, &out) {
            view.writeResponder(to: &$0)
        } width: {
            view.writeResponder(to: &$0)
        }
        if shows(.packets) {
            right(UInt64(record.originator.packets), packetsWidth, &out)
            right(UInt64(record.responder.packets), packetsWidth, &out)
        }
        if shows(.bytes) {
            right(record.originator.bytes, bytesWidth, &out)
            right(record.responder.bytes, bytesWidth, &out)
        }
        if shows(.handshake) {
            out.append("  ")
            right(record.handshake.map { DurationText.text(nanoseconds: $0) } ?? "-", 10, &out)
        }
        out.append("  ")
        style(view, &out)
        shows(.connection) ? pad(view.outcome, outcomeWidth, &out) : out.append(view.outcome)
        out.append(style: .plain)
        writeRest(view, record, &out)
        out.append(ascii: 10)
    }

    private func writeRest(_ view: FlowView, _ record: FlowRecord, _ out: inout OutputBuffer) {
        if shows(.connection) {
            out.append("  ")
            pad(view.state.name, 6, &out)
        }
        if shows(.service) {
            out.append("  ")
            let service = view.service ?? "-"
            out.append(text: service)
            out.append(spaces: max(0, 12 - service.utf8.count))
        }
        if shows(.history) {
            out.append("  ")
            let letters = record.history.letters
            for letter in letters { out.append(ascii: letter) }
            out.append(spaces: max(0, 12 - letters.count))
        }
        if shows(.communityID) {
            out.append("  ")
            out.append(text: view.communityID)
        }
    }

    /// How many there were, and what they carried.
    /// - Parameter shown: how many flows were written.
    public static func writeTotal(_ tracker: borrowing FlowTracker, all: Int, shown: Int, to out: inout OutputBuffer) {
        out.append(text: "total: \(all) flow\(all == 1 ? "" : "s")")
        if shown < all { out.append(text: ", \(shown) shown") }
        let (packets, bytes) = (tracker.packets + tracker.copied.packets, tracker.bytes &+ tracker.copied.bytes)
        out.append(text: "; \(packets) packet\(packets == 1 ? "" : "s"), \(bytes) bytes")
        out.append(text: CopiesText.text(tracker.copied))
        let foreign = (0..<tracker.count).reduce(0) { $0 + Int(tracker[$1].record.foreign) }
        if foreign > 0 {
            let what =
                foreign == 1 ? "packet does not belong to the connection" : "packets do not belong to the connections"
            out.append(text: "; \(foreign) \(what) of \(foreign == 1 ? "its" : "their") ports")
        }
        if tracker.packetsWithoutFlow > 0 {
            let belong = tracker.packetsWithoutFlow == 1 ? "packet belongs" : "packets belong"
            out.append(text: "; \(tracker.packetsWithoutFlow) \(belong) to no flow")
        }
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

    private func write(seconds nanoseconds: Int64?, width: Int, _ out: inout OutputBuffer) {
        guard let nanoseconds else { return right("-", width, &out) }
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
        _ width: Int, _ out: inout OutputBuffer, write: (inout OutputBuffer) -> Void,
        width measure: (inout WidthCounter) -> Void
    ) {
        var counter = WidthCounter()
        measure(&counter)
        write(&out)
        out.append(spaces: max(0, width - counter.width))
    }
}
