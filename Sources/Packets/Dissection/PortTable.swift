import Addressing

/// What a transport carries: the ports, the order in which they are asked, and what the bytes say where no port is
/// known.
///
/// Of the two ports the lower is asked first, then the higher: a service's port is mostly the lower one, and so both
/// directions of a conversation get the same answer. Port 0 names nothing (in UDP it means "no reply wanted", RFC 768).
/// Only where neither port is known is the content looked at. This is Wireshark's order, so the answers agree.
struct PortTable: Sendable {
    /// Who claims a port, or bytes that look like its own.
    private struct Claim {
        /// `.none` where the claimant is a protocol that is not dissected here.
        let entry: EntryID
        let accepts: Attachment.Acceptance?
    }

    /// Where the ports with an upper byte stand in `ports`, in pages of 256: 0 for those of which nobody claims one.
    /// Most pages are like that, and 128 KB take time to clear.
    private var pages = [UInt16](repeating: 0, count: 1 << 8)
    /// 0 for a port that nobody claims, else the number of the claim.
    private var ports = [UInt16](repeating: 0, count: 1 << 8)
    private var claims = [Claim(entry: .none, accepts: nil)]
    /// What is certain from the bytes, and what is guessed, in the order in which it is asked.
    private var certain: [Claim] = []
    /// What a connection may begin with whatever its ports.
    private var openings: [Claim] = []
    private var guesses: [Claim] = []

    /// - Parameter others: ports of protocols that are not dissected here.
    init(ofOthers others: [(port: UInt16, accepts: Attachment.Acceptance?)]) {
        for (port, accepts) in others { add(.none, at: port, accepts) }
    }

    /// The number of a port's claim.
    @inline(__always)
    private func claim(at port: UInt16) -> Int { Int(ports[Int(pages[Int(port >> 8)]) << 8 | Int(port & 0xff)]) }

    mutating func add(_ entry: EntryID, at port: UInt16, _ accepts: Attachment.Acceptance?) {
        let upper = Int(port >> 8)
        if pages[upper] == 0 {
            pages[upper] = UInt16(truncatingIfNeeded: ports.count >> 8)
            ports += [UInt16](repeating: 0, count: 1 << 8)
        }
        ports[Int(pages[upper]) << 8 | Int(port & 0xff)] = UInt16(truncatingIfNeeded: claims.count)
        claims.append(Claim(entry: entry, accepts: accepts))
    }

    mutating func add(_ entry: EntryID, _ certainty: Attachment.Certainty, _ looksLike: Attachment.Acceptance?) {
        let claim = Claim(entry: entry, accepts: looksLike)
        switch certainty {
        case .opening: openings.append(claim)
        case .certain: certain.append(claim)
        case .guess: guesses.append(claim)
        }
    }

    /// Who reads a transport's payload; `.none` for the application's own data.
    /// - Parameter cursor: where the payload lies.
    @inline(__always)
    func entry(_ source: Port, _ destination: Port, _ record: RawSpan, _ cursor: LayerCursor) -> EntryID {
        guard cursor.end > cursor.start else { return .none }
        let low = claim(at: min(source.rawValue, destination.rawValue))
        let high = claim(at: max(source.rawValue, destination.rawValue))
        if low != 0, let entry = accepted(claims[low], record, cursor) { return entry }
        if high != 0, let entry = accepted(claims[high], record, cursor) {
            return isOfOthers(low, record, cursor) ? .none : entry
        }
        return byContent(low, high, record, cursor)
    }

    /// What a TCP segment carries of which it is known who is the server: that port is asked before the others.
    func entry(server: Port, client: Port, _ record: RawSpan, _ cursor: LayerCursor) -> EntryID {
        guard cursor.end > cursor.start else { return .none }
        let known = claim(at: server.rawValue)
        if isOfOthers(known, record, cursor) { return .none }
        if known != 0, let entry = accepted(claims[known], record, cursor, isOpening: true) { return entry }
        return entry(client, server, record, cursor)
    }

    /// Who reads what a connection carries from some bytes on, where it is not known yet.
    /// - Parameter asksPorts: false inside of a tunnel that a connection became: its ports are the tunnel's.
    /// - Returns: whether the ports say so, too; `.none` where nobody is known.
    func carried(
        _ source: Port, _ destination: Port, _ record: RawSpan, _ cursor: LayerCursor, asksPorts: Bool
    ) -> (entry: EntryID, isByPort: Bool) {
        for claim in openings {
            if let entry = accepted(claim, record, cursor) { return (entry, false) }
        }
        let low = asksPorts ? claim(at: min(source.rawValue, destination.rawValue)) : 0
        let high = asksPorts ? claim(at: max(source.rawValue, destination.rawValue)) : 0
        if low != 0, let entry = accepted(claims[low], record, cursor) { return (entry, true) }
        if high != 0, let entry = accepted(claims[high], record, cursor) {
            return (isOfOthers(low, record, cursor) ? .none : entry, true)
        }
        return (byContent(low, high, record, cursor), false)
    }

    /// The claimant that reads the bytes; nil for one that is not dissected here, or whose bytes these are not.
    @inline(__always)
    private func accepted(
        _ claim: Claim, _ record: RawSpan, _ cursor: LayerCursor, isOpening: Bool = false
    ) -> EntryID? {
        if claim.entry == .none { return nil }
        if let accepts = claim.accepts, !accepts(record, cursor, isOpening) { return nil }
        return claim.entry
    }

    /// Whether a port belongs to a protocol that is not dissected here.
    private func isOfOthers(_ number: Int, _ record: RawSpan, _ cursor: LayerCursor) -> Bool {
        if number == 0 || claims[number].entry != .none { return false }
        return claims[number].accepts?(record, cursor, false) ?? true
    }

    private func byContent(_ low: Int, _ high: Int, _ record: RawSpan, _ cursor: LayerCursor) -> EntryID {
        for claim in certain {
            if let entry = accepted(claim, record, cursor) { return entry }
        }
        if isOfOthers(low, record, cursor) || isOfOthers(high, record, cursor) { return .none }
        for claim in guesses {
            if let entry = accepted(claim, record, cursor) { return entry }
        }
        return .none
    }
}
