import Capture
import Packets

/// Keeps what the wire did to a packet in a capture, as a comment where the packet left: `wire: lost by chance`.
public enum WireComments {
    private static let prefix = "wire: "

    /// Finds the packet of each of the forwarder's decisions. Equal frames left in the order in which they came to the
    /// forwarder.
    public static func attach(_ log: WireLog, to records: inout [CapturedRecord]) {
        var places: [Key: [Int]] = [:]
        for (place, record) in records.enumerated().reversed() {
            places[
                Key(end: record.header.interface, fingerprint: FrameFingerprint.of(record.bytes.rawSpan)), default: []
            ].append(place)
        }
        for entry in log.entries {
            // A frame of the client's is equal to none that arrives there: its source is the client.
            let key = Key(end: entry.fate.direction == .up ? 0 : 1, fingerprint: entry.fingerprint)
            guard let place = places[key]?.popLast() else { continue }
            if let text = text(entry.fate) { records[place].comments.append(prefix + text) }
        }
    }

    private struct Key: Hashable {
        let end: Int
        let fingerprint: UInt64
    }

    /// What is remarkable about a packet's fate; nil for one that just arrived.
    static func text(_ fate: FrameFate) -> String? {
        var words: [String] = []
        switch fate.ending {
        case .dropped(.loss): words.append("lost by chance")
        case .dropped(.script): words.append("dropped by the script")
        case .dropped(.fullQueue): words.append("dropped, the queue was full")
        case .delivered: break
        }
        if fate.isDuplicated { words.append("doubled") }
        if fate.isCorrupted { words.append("one bit damaged") }
        if fate.heldBack > 0 { words.append("held back") }
        return words.isEmpty ? nil : words.joined(separator: ", ")
    }

    /// The last packet that the wire did not deliver, in words; nil where it delivered all.
    static func lastLoss(in records: [CapturedRecord]) -> String? {
        guard
            let lost = records.last(where: { record in
                notes(in: record.comments).contains { $0.hasPrefix("lost") || $0.hasPrefix("dropped") }
            })
        else { return nil }
        let destination = lost.header.interface == 0 ? "server" : "client"
        return "the last packet that the wire lost is number \(lost.header.number), on its way to the \(destination)"
    }

    /// What the comments of a packet say about the wire.
    public static func notes(in comments: [String]) -> [String] {
        comments.compactMap { $0.hasPrefix(prefix) ? String($0.dropFirst(prefix.count)) : nil }
    }
}
