/// What a wire between two hosts did with the packets of one direction, the forwarder's own housekeeping not counted.
public struct WireTally: Hashable, Sendable {
    /// Those that left their host.
    public var packets: Int
    /// Those of which no copy arrived.
    public var lost: Int
    /// Those that arrived twice.
    public var doubled: Int
    /// Those that arrived with other bytes.
    public var damaged: Int
    /// Those that waited longer than the others.
    public var heldBack: Int

    /// A tally by its numbers.
    public init(packets: Int, lost: Int, doubled: Int, damaged: Int, heldBack: Int) {
        self.packets = packets
        self.lost = lost
        self.doubled = doubled
        self.damaged = damaged
        self.heldBack = heldBack
    }

    /// `12 packets, 1 lost, 2 held back`: what did not happen is left out, but for losses.
    public var text: String {
        var words = ["\(packets) \(packets == 1 ? "packet" : "packets")", "\(lost) lost"]
        if doubled > 0 { words.append("\(doubled) doubled") }
        if damaged > 0 { words.append("\(damaged) damaged") }
        if heldBack > 0 { words.append("\(heldBack) held back") }
        return words.joined(separator: ", ")
    }
}
