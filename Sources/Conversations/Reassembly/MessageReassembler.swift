import Addressing
import Packets

/// Puts the messages together that TCP connections carry: DNS messages, TLS records, HTTP's requests and answers. Fed
/// segment by segment in file order.
///
/// A message is complete at the segment that brings its last byte in order, whatever the segments' order, overlap and
/// repetition. Where bytes are missing (a gap, a capture that begins late, cut packets) the next message is found where
/// the protocol lets one: behind the length that the broken message has said, or where a segment begins as messages do.
/// Nothing is told of the messages in between.
///
/// Bounds: a message of more than `messageLimit` bytes is shown as far as it came until then; of all that waits at most
/// `totalLimit` bytes are kept: where more come, open messages are given up, of the connections that began first, which
/// `givenUp` counts; of more than `maximumConnections` connections the one that began first is forgotten.
public struct MessageReassembler: Sendable {
    /// How long a message may be that is put together.
    public static let messageLimit = 1 << 20
    /// How many bytes of a direction wait for a gap to close.
    public static let waitingLimit = 1 << 18
    /// How many bytes are kept in all.
    public static let totalLimit = 16 << 20
    /// How many connections are followed.
    public static let maximumConnections = 1 << 14

    /// A segment, as far as its messages are concerned.
    public struct Segment: Sendable {
        /// The TCP layer.
        public let layer: LayerRange
        /// The connection's number.
        public let stream: UInt32
        /// The sequence number of the first byte that this direction sends; nil where that is not known.
        public let first: UInt32?
        /// The packet's number.
        public let packet: UInt32
        /// Its time, in nanoseconds since 1970.
        public let time: Int64

        /// A segment from what is known of it.
        public init(layer: LayerRange, stream: UInt32, first: UInt32?, packet: UInt32, time: Int64) {
            self.layer = layer
            self.stream = stream
            self.first = first
            self.packet = packet
            self.time = time
        }
    }

    /// What a segment brought.
    public struct Outcome: Sendable {
        /// The protocol of the messages.
        public var kind: LayerKind
        /// Each message is a layer of its own.
        public var isLayerEach = false
        /// The messages that it completes.
        var places: [MessagePlace] = []
        /// The segment carries these messages and nothing else: what it looks like by itself means nothing.
        public var isKnown = true
        /// What it carries beside messages is data: in a tunnel, or a keep-alive.
        public var showsData = false
        /// It has bytes of a message that it does not complete.
        public var isPart = false
        /// The packet with the request that its answer belongs to; 0 for none.
        public var request: UInt32 = 0
        /// How long that answer took, in nanoseconds.
        public var requestTime: Int64 = 0
    }

    fileprivate struct Connection: Sendable {
        var carried: CarriedMessages?
        /// Another protocol begins in it, which its ports say nothing of.
        var isTunnel = false
        var lower = MessageStream()
        var upper = MessageStream()
    }

    private var connections: [UInt32: Connection] = [:]
    /// In the order in which they began; a ring.
    private var order: [UInt32] = []
    private var oldest = 0
    /// The place in it of the last connection that something was given up of.
    private var victim = -1
    /// Connections that were forgotten because there are too many.
    public private(set) var forgotten = 0
    /// Messages that were given up because too much waited.
    public private(set) var givenUp = 0
    /// Bytes that are kept.
    public private(set) var size = 0
    /// Directions in which bytes wait for a gap to close.
    private var gaps = 0
    private let dissector = Dissector()

    /// No connections yet.
    public init() {}

    /// How many connections are followed.
    public var count: Int { connections.count }

    /// Takes a segment.
    /// - Parameter packet: the bytes of the packet that it lies in.
    /// - Returns: nil where no messages of its connection are known.
    public mutating func take(_ segment: Segment, in packet: RawSpan) -> Outcome? {
        let layer = segment.layer
        guard !layer.isPartOfDatagram, layer.header.count >= TCPSegment.minimumLength,
            layer.range.upperBound <= packet.byteCount
        else { return nil }
        let flags = TCPFlags(rawValue: packet.uint16(at: Int(layer.start) + 12) & 0x0fff)
        let isEmpty = layer.claimedPayloadLength == 0
        // Most acknowledgments mean nothing here.
        if isEmpty, gaps == 0, flags.isDisjoint(with: [.fin, .rst]) { return nil }
        if connections[segment.stream] == nil {
            guard !isEmpty, !flags.contains(.rst), begin(segment, packet) else { return nil }
        }
        guard let index = connections.index(forKey: segment.stream) else { return nil }
        if flags.contains(.rst) {
            // Nothing is awaited any more; but the receiver may not accept it, and the connection go on.
            giveUp(at: index)
            return nil
        }
        var connection = Self.taken(&connections.values[index])
        let before = connection.size
        let outcome = take(segment, flags, in: packet, &connection)
        size += connection.size - before
        // What it has now is put back: the connection, and whether it is over.
        let isOver = connection.lower.hasEnded && connection.upper.hasEnded
        connections.values[index] = connection
        if isOver { forget(segment.stream) }
        if size > Self.totalLimit { makeRoom() }
        return outcome
    }

    /// Gives up open messages until what is kept is within its limit, one connection after the other in the order in
    /// which they began: the oldest are most likely over.
    private mutating func makeRoom() {
        for _ in 0..<order.count where size > Self.totalLimit {
            victim = victim + 1 < order.count ? victim + 1 : 0
            guard let index = connections.index(forKey: order[victim]), connections.values[index].size > 0 else {
                continue
            }
            giveUp(at: index)
            givenUp += 1
        }
    }

    /// Drops what a connection has of messages that are not complete.
    private mutating func giveUp(at index: Dictionary<UInt32, Connection>.Index) {
        var connection = Self.taken(&connections.values[index])
        let (sizeBefore, gapsBefore) = (connection.size, connection.gaps)
        connection.lower.giveUp()
        connection.upper.giveUp()
        size += connection.size - sizeBefore
        gaps += connection.gaps - gapsBefore
        connections.values[index] = connection
    }

    /// Takes a value out of its place, so that it has no second owner while it changes.
    private static func taken(_ place: inout Connection) -> Connection {
        var connection = Connection()
        swap(&connection, &place)
        return connection
    }

    /// Begins to follow a connection, where its first bytes are a protocol's with messages.
    private mutating func begin(_ segment: Segment, _ packet: RawSpan) -> Bool {
        guard let found = carried(by: segment, packet) else { return false }
        if order.count < Self.maximumConnections {
            order.append(segment.stream)
        } else {
            if connections[order[oldest]] != nil { forgotten += 1 }
            forget(order[oldest])
            order[oldest] = segment.stream
            oldest = (oldest + 1) % Self.maximumConnections
        }
        var connection = Connection(carried: CarriedMessages(found.kind))
        // Where the ports say what it is, no bytes of it went by unnoticed: it begins with its first byte.
        if found.isByPort, forgotten == 0, let first = segment.first {
            connection[Self.isLower(segment.layer, packet)].segments.open(at: first)
        }
        connections[segment.stream] = connection
        return true
    }

    /// What the ports say a connection carries, unless its first bytes are another protocol's.
    private func carried(by segment: Segment, _ packet: RawSpan) -> (kind: LayerKind, isByPort: Bool)? {
        guard let found = dissector.carried(by: segment.layer, in: packet, asksPorts: true) else { return nil }
        var scan = MessageScan()
        let bytes = packet.extracting(segment.layer.payload)
        if found.isByPort, CarriedMessages(found.kind)?.length(of: bytes, &scan) == .isNone,
            let other = dissector.carried(by: segment.layer, in: packet, asksPorts: false), other.kind != found.kind
        {
            return other
        }
        return found
    }

    private mutating func forget(_ stream: UInt32) {
        guard let connection = connections.removeValue(forKey: stream) else { return }
        size -= connection.size
        gaps -= connection.gaps
    }

    /// One end of a connection and the other, whichever: by ports, and by addresses where those are the same.
    private static func isLower(_ layer: LayerRange, _ packet: RawSpan) -> Bool {
        let start = Int(layer.start)
        let (source, destination) = (packet.uint16(at: start), packet.uint16(at: start + 2))
        if source != destination { return source < destination }
        let carrier = Int(layer.carrier)
        let (first, length) = layer.isOverIPv4 ? (carrier + 12, 4) : (carrier + 8, 16)
        guard carrier >= 0, first + 2 * length <= packet.byteCount else { return true }
        for offset in first..<first + length {
            let (one, other) = (packet.uint8(at: offset), packet.uint8(at: offset + length))
            if one != other { return one < other }
        }
        return true
    }

    private mutating func take(
        _ segment: Segment, _ flags: TCPFlags, in packet: RawSpan, _ connection: inout Connection
    ) -> Outcome? {
        let gapsBefore = connection.gaps
        defer { gaps += connection.gaps - gapsBefore }
        let isLower = Self.isLower(segment.layer, packet)
        let start = Int(segment.layer.start)
        let sequence = packet.uint32(at: start + 4) &+ (flags.contains(.syn) ? 1 : 0)
        let length = segment.layer.claimedPayloadLength
        if flags.contains(.ack) { connection[!isLower].acknowledge(packet.uint32(at: start + 8)) }
        if length == 0, !flags.contains(.fin) { return nil }
        if connection.carried == nil, length > 0,
            let found = dissector.carried(by: segment.layer, in: packet, asksPorts: !connection.isTunnel)
        {
            connection.carried = CarriedMessages(found.kind)
        }
        guard let carried = connection.carried else {
            connection[isLower].segments.pass(over: sequence, length: length)
            if flags.contains(.fin) { connection[isLower].hasEnded = true }
            var outcome = Outcome(kind: .data)
            outcome.showsData = true
            return outcome
        }
        var outcome = Outcome(kind: carried.kind, isLayerEach: carried.isLayerEach)
        var reader = MessageReader(carried, packet: segment.packet, time: segment.time)
        let isKeepAlive =
            length == 1 && connection[isLower].segments.isNext(sequence &+ 1)
            && !connection[isLower].segments.isNext(sequence)
        for piece in connection[isLower].behindLostGaps() {
            Self.take(piece, segment, nil, in: packet, &connection[isLower], &reader)
        }
        if length > 0 {
            outcome.isKnown = Self.takePayload(segment, sequence, length, in: packet, &connection[isLower], &reader)
            outcome.showsData = isKeepAlive
        }
        if flags.contains(.fin), connection[isLower].segments.isNext(sequence &+ UInt32(truncatingIfNeeded: length)) {
            connection[isLower].hasEnded = true
            connection[isLower].end(&reader)
        }
        outcome.places = reader.places
        (outcome.request, outcome.requestTime) = (reader.request, reader.requestTime)
        connection.carried = reader.opensTunnel ? nil : reader.carried
        connection.isTunnel = connection.isTunnel || reader.opensTunnel
        if length == 0, outcome.places.isEmpty { return nil }
        if outcome.places.isEmpty, connection[isLower].isLost { outcome.isKnown = !carried.showsContinuations }
        outcome.isPart = length > 0 && connection[isLower].isInMessage
        return outcome
    }

    /// - Returns: false where the segment stands as it looks by itself: the capture kept a part of it.
    private static func takePayload(
        _ segment: Segment, _ sequence: UInt32, _ length: Int, in packet: RawSpan, _ stream: inout MessageStream,
        _ reader: inout MessageReader
    ) -> Bool {
        let payload = segment.layer.payload
        guard stream.segments.isNext(sequence) else {
            let place = stream.segments.place(of: sequence)
            let pieces = stream.segments.add(
                sequence: sequence, packet.extracting(payload), length: length, packet: Int(segment.packet))
            for piece in pieces { take(piece, segment, place, in: packet, &stream, &reader) }
            return true
        }
        stream.segments.pass(sequence, length: length)
        if payload.count == length {
            stream.take(packet, payload, packet: segment.packet, isOwn: true, &reader)
        } else if stream.isAtStart {
            stream.pass(packet.extracting(payload), length: length, &reader)
            return false
        } else {
            stream.miss(length)
        }
        return true
    }

    /// A piece of the stream that is in order now.
    /// - Parameter place: where the current segment's payload begins in the stream.
    private static func take(
        _ piece: StreamReassembler.Piece, _ segment: Segment, _ place: Int64?, in packet: RawSpan,
        _ stream: inout MessageStream, _ reader: inout MessageReader
    ) {
        switch piece.content {
        case .gap(let count): stream.miss(Int(clamping: count))
        case .bytes(let bytes):
            // A piece of this packet lies in its payload.
            if piece.packet == Int(segment.packet), let place {
                let first = segment.layer.payload.lowerBound + Int(clamping: Int64(clamping: piece.position) - place)
                if first >= segment.layer.payload.lowerBound, first + bytes.count <= packet.byteCount {
                    let range = first..<first + bytes.count
                    return stream.take(packet, range, packet: segment.packet, isOwn: true, &reader)
                }
            }
            stream.take(
                bytes.rawSpan, 0..<bytes.count, packet: UInt32(truncatingIfNeeded: piece.packet), isOwn: false, &reader)
        }
    }
}

extension MessageReassembler.Connection {
    fileprivate subscript(isLower: Bool) -> MessageStream {
        get { isLower ? lower : upper }
        _modify { if isLower { yield &lower } else { yield &upper } }
    }

    fileprivate var size: Int { lower.size + upper.size }

    fileprivate var gaps: Int { (lower.hasGap ? 1 : 0) + (upper.hasGap ? 1 : 0) }
}
