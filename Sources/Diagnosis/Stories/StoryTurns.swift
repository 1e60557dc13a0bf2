import Addressing
import Conversations

/// Who sent, in turns: the first ones one by one, the rest as a sum.
struct StoryTurns: Sendable {
    static let individually = 12

    private(set) var events: [StoryEvent] = []
    private var rest: StoryEvent?
    private var count = 0
    private var side: Finding.Side?
    private var lastData: Timestamp?
    /// Turns of each side that wait for their acknowledgment, the latest last: one past their last byte. Several wait
    /// where one end goes on sending before the other's acknowledgment of an earlier turn came (pipelining).
    private var waiting: [Finding.Side: [(index: Int, end: UInt32, time: Timestamp)]] = [:]

    /// Takes a packet with data.
    /// - Parameters:
    ///   - fresh: how many of its bytes were not seen before.
    ///   - end: the sequence number behind it; nil for datagrams.
    mutating func add(
        fresh: UInt64, by side: Finding.Side, end: UInt32?, packet: Int, time: Timestamp, words: borrowing StoryWords
    ) {
        if side != self.side { begin(by: side, packet, time, words) }
        lastData = time
        if count > Self.individually {
            extendRest(fresh, side, packet, time)
        } else if case .turn(var turn) = events[events.count - 1].kind {
            turn.bytes &+= fresh
            turn.segments += 1
            // A message is told with its last segment.
            if turn.summary.isEmpty { turn.summary = words.text }
            turn.acknowledgment = nil
            let index = events.count - 1
            events[index].kind = .turn(turn)
            events[index].packets.add(packet)
            events[index].duration = time.elapsed(since: events[index].time)
            if let end { wait(for: end, of: side, index, time) }
        }
    }

    /// Takes the FIN of a side. A message that ends with the stream, as an HTTP answer without a length does, is known
    /// from then on (RFC 9112 section 6.3): it is what the side's last turn sent.
    mutating func end(by side: Finding.Side, _ words: borrowing StoryWords) {
        guard rest == nil, let index = events.lastIndex(where: { $0.side == side }),
            case .turn(var turn) = events[index].kind, turn.summary.isEmpty
        else { return }
        turn.summary = words.text
        events[index].kind = .turn(turn)
    }

    /// Takes an acknowledgment that `side`'s peer sent.
    mutating func acknowledge(_ number: UInt32, of side: Finding.Side, packet: Int, time: Timestamp) {
        guard let list = waiting[side] else { return }
        var left: [(index: Int, end: UInt32, time: Timestamp)] = []
        for entry in list {
            guard Int32(bitPattern: number &- entry.end) >= 0 else {
                left.append(entry)
                continue
            }
            guard case .turn(var turn) = events[entry.index].kind else { continue }
            turn.acknowledgment = (packet, time.elapsed(since: entry.time))
            events[entry.index].kind = .turn(turn)
        }
        waiting[side] = left.isEmpty ? nil : left
    }

    /// A late segment that fills a gap does not move the end of its turn back.
    private mutating func wait(for end: UInt32, of side: Finding.Side, _ index: Int, _ time: Timestamp) {
        var list = waiting[side] ?? []
        var last = end
        if let before = list.last, before.index == index {
            if Int32(bitPattern: before.end &- end) > 0 { last = before.end }
            list.removeLast()
        }
        list.append((index, last, time))
        waiting[side] = list
    }

    var all: [StoryEvent] { rest.map { events + [$0] } ?? events }

    private mutating func begin(
        by side: Finding.Side, _ packet: Int, _ time: Timestamp, _ words: borrowing StoryWords
    ) {
        self.side = side
        count += 1
        guard count > Self.individually else {
            var turn = StoryTurn()
            turn.sinceOther = lastData.flatMap { time.elapsed(since: $0) }
            turn.summary = words.text
            events.append(StoryEvent(.turn(turn), by: side, PacketNumbers(), at: time))
            return
        }
        if rest == nil {
            rest = StoryEvent(.moreTurns(count: 0, clientBytes: 0, serverBytes: 0), by: nil, PacketNumbers(), at: time)
        }
    }

    private mutating func extendRest(_ fresh: UInt64, _ side: Finding.Side, _ packet: Int, _ time: Timestamp) {
        guard var event = rest, case .moreTurns(_, let client, let server) = event.kind else { return }
        event.kind = .moreTurns(
            count: count - Self.individually, clientBytes: client &+ (side == .client ? fresh : 0),
            serverBytes: server &+ (side == .server ? fresh : 0))
        event.packets.add(packet)
        event.duration = time.elapsed(since: event.time)
        rest = event
    }
}
