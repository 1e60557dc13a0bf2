import Packets

/// A segment that waits for its acknowledgment.
struct UnacknowledgedSegment {
    var packet: UInt32
    /// The first number not yet acknowledged.
    var sequence: UInt32
    var end: UInt32
    var time: Int64
}

/// What TCP analysis remembers of one direction of a connection: a fixed number of values and a bounded list.
///
/// A sequence number 0 means "not known yet", as in Wireshark: a stream in which it is a real number loses one check
/// there, and for the marks to be the same, here too.
struct TCPDirectionState {
    /// Segments kept while nobody acknowledges them. More are not remembered (Wireshark's limit).
    static let maximumUnacknowledged = 10_000

    /// False after a loss in the capture, until the other end acknowledges something: nobody knows what is in flight.
    var isFlightKnown = true
    /// Whether the window of the ACK that ends the handshake is still to come: it counts unscaled.
    var awaitsFirstACK = false
    var lastHadPush = false
    /// Window scale: -1 not known, -2 not used.
    var scale: Int8 = -1
    var sackCount: UInt8 = 0
    var lastMarks: TCPMarks = []
    /// The last window, as sent. The start value is no possible window.
    var window: UInt32 = .max
    /// One past the highest number sent, and where and when.
    var next: UInt32 = 0
    var nextPacket: UInt32 = 0
    var nextTime: Int64 = 0
    /// One past the highest number sent without a gap before it: what the other end can acknowledge.
    var contiguousEnd: UInt32 = 0
    /// The same, but it also goes on with a segment that begins before that number and ends behind it: a larger one
    /// that was sent again.
    var seenEnd: UInt32 = 0
    var lastACK: UInt32 = 0
    var lastACKTime: Int64 = 0
    /// The packet in which `lastACK` came first.
    var lastNewACK: UInt32 = 0
    /// How often it was repeated; .max: the other end acknowledged something unseen just now.
    var duplicates: UInt32 = 0
    var pushedBytes: UInt32 = 0
    /// The SACK blocks of the last segment (RFC 2018), summed up: bytes that the other end need not send again.
    var sackedBytes: UInt32 = 0
    var unacknowledged: [UnacknowledgedSegment] = []
    /// How far the list was searched with which acknowledgment: searching that part again with the same finds nothing.
    var searched = 0
    var searchedWith: UInt32 = 0
    /// The extent of the list, relative to the initial number, while nothing was taken out of it.
    var flightStart: UInt32 = 0
    var flightEnd: UInt32 = 0
    var isFlightCurrent = false

    /// Remembers a segment until it is acknowledged.
    /// - Parameter initial: the end's initial number.
    mutating func remember(_ segment: AnalyzedSegment, initial: UInt32) {
        let entry = UnacknowledgedSegment(
            packet: segment.packet, sequence: segment.sequence, end: segment.end, time: segment.time)
        unacknowledged.append(entry)
        if isFlightCurrent { extend(with: entry, initial) }
    }

    private mutating func extend(with entry: UnacknowledgedSegment, _ initial: UInt32) {
        flightStart = min(flightStart, entry.sequence &- initial)
        flightEnd = max(flightEnd, entry.end &- initial)
    }

    /// From the first to the last remembered number.
    mutating func bytesInFlight(initial: UInt32) -> UInt32 {
        if !isFlightCurrent, let newest = unacknowledged.last {
            flightStart = newest.sequence &- initial
            flightEnd = newest.end &- initial
            for entry in unacknowledged { extend(with: entry, initial) }
            isFlightCurrent = true
        }
        return flightEnd &- flightStart
    }

    /// Takes out what an acknowledgment covers.
    /// - Returns: the oldest segment that ended exactly there.
    mutating func acknowledge(_ acknowledgment: UInt32) -> UnacknowledgedSegment? {
        var matched: UnacknowledgedSegment?
        let start = acknowledgment == searchedWith ? searched : 0
        var kept = start
        for index in start..<unacknowledged.count {
            var entry = unacknowledged[index]
            if entry.end == acknowledgment {
                if matched == nil { matched = entry }
                continue
            }
            guard entry.end.isAfter(acknowledgment) else { continue }
            if acknowledgment.isAfter(entry.sequence) {
                entry.sequence = acknowledgment
                isFlightCurrent = false
            }
            unacknowledged[kept] = entry
            kept &+= 1
        }
        if kept < unacknowledged.count {
            unacknowledged.removeLast(unacknowledged.count &- kept)
            isFlightCurrent = false
        }
        searched = kept
        searchedWith = acknowledgment
        return matched
    }
}
