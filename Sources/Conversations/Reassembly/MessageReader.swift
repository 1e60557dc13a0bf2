import Packets

/// Where the bytes of a message are.
enum MessagePlace: Sendable {
    /// In the segment that completes it: a range of the packet's bytes.
    case inSegment(Range<Int>)
    /// In several segments.
    case joined(PartialMessage)
}

/// Collects the messages that one segment completes, and what they say of each other.
struct MessageReader: Sendable {
    /// What the connection carries.
    private(set) var carried: CarriedMessages
    /// The messages, in order.
    private(set) var places: [MessagePlace] = []
    /// The request that the first answer belongs to.
    private(set) var request: UInt32 = 0
    private(set) var requestTime: Int64 = 0
    /// What follows is another protocol's.
    private(set) var opensTunnel = false
    private let packet: UInt32
    private let time: Int64

    init(_ carried: CarriedMessages, packet: UInt32, time: Int64) {
        self.carried = carried
        self.packet = packet
        self.time = time
    }

    /// Takes a message.
    /// - Returns: whether the same protocol goes on behind it.
    mutating func take(_ place: MessagePlace, _ bytes: RawSpan) -> Bool {
        places.append(place)
        note(bytes)
        return !opensTunnel
    }

    /// Notes what a message says of others.
    mutating func note(_ bytes: RawSpan) {
        let effect = carried.note(bytes, packet: packet, time: time)
        if request == 0, effect.request > 0 { (request, requestTime) = (effect.request, time - effect.requestTime) }
        if effect.opensTunnel { opensTunnel = true }
    }
}
