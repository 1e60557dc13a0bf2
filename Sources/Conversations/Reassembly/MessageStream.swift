import Packets

/// One direction of a connection whose messages are told apart: what is in order goes from message to message, however
/// it was cut into segments.
struct MessageStream: Sendable {
    /// The segments in order.
    var segments = StreamReassembler(limit: MessageReassembler.waitingLimit, comparesRepetitions: false)
    /// The message that is not complete.
    private(set) var message = PartialMessage()
    /// So many bytes belong to a message that is not put together: it is too long, or bytes of it are missing.
    private var skipped = 0
    /// Where the next message begins is not known: bytes are missing.
    private(set) var isLost = false

    /// Up to where the other end has acknowledged, while bytes wait for a gap to close: the gap before it never will.
    private var acknowledged: UInt32?
    /// It has sent its FIN.
    var hasEnded = false

    /// Bytes that are kept.
    var size: Int { message.count + segments.waitingBytes }

    /// Whether bytes wait for a gap to close.
    var hasGap: Bool { segments.waitingBytes > 0 }

    /// The segments before are not all that there is of a message.
    var isInMessage: Bool { !message.isEmpty || skipped > 0 }

    /// Whether the next byte in order begins a message.
    var isAtStart: Bool { message.isEmpty && skipped == 0 && !isLost }

    /// Notes an acknowledgment of the other end.
    mutating func acknowledge(_ number: UInt32) {
        if hasGap { acknowledged = number }
    }

    /// What waits behind gaps that will not close any more. It is asked for with the direction's next segment, whose
    /// packet the messages in it are told with: those of their own are gone by.
    mutating func behindLostGaps() -> [StreamReassembler.Piece] {
        guard hasGap, let acknowledged else { return [] }
        self.acknowledged = nil
        return segments.acknowledge(acknowledged, packet: 0)
    }

    /// Takes bytes in order.
    /// - Parameters:
    ///   - range: where they lie in `bytes`.
    ///   - isOwn: `bytes` are those of the packet that is read now, so that a message need not be copied.
    ///   - reader: gets the messages that are complete now.
    mutating func take(
        _ bytes: RawSpan, _ range: Range<Int>, packet: UInt32, isOwn: Bool, _ reader: inout MessageReader
    ) {
        var position = range.lowerBound
        let end = range.upperBound
        while position < end {
            if skipped > 0 {
                let count = min(skipped, end - position)
                skipped -= count
                position += count
            } else if isLost {
                guard reader.carried.begins(bytes.extracting(position..<end)) else { return }
                isLost = false
            } else if message.isEmpty {
                guard begin(bytes, &position, end, packet, isOwn, &reader) else { return }
            } else {
                guard goOn(bytes, &position, end, packet, &reader) else { return }
            }
        }
    }

    /// Reads a message from its first byte.
    /// - Returns: false where what follows is not this protocol's any more, or not known.
    private mutating func begin(
        _ bytes: RawSpan, _ position: inout Int, _ end: Int, _ packet: UInt32, _ isOwn: Bool,
        _ reader: inout MessageReader
    ) -> Bool {
        let rest = bytes.extracting(position..<end)
        var scan = MessageScan()
        let length = reader.carried.length(of: rest, &scan)
        switch length {
        case .isNone:
            isLost = true
            return false
        case .known(let count) where count <= rest.byteCount && isOwn:
            let place = position..<position + max(1, count)
            position = place.upperBound
            return reader.take(.inSegment(place), bytes.extracting(place))
        case .known(let count) where count > MessageReassembler.messageLimit && isOwn:
            // Shown as far as it is here.
            let place = position..<end
            skipped = count - rest.byteCount
            position = end
            return reader.take(.inSegment(place), rest)
        case .known, .needs, .untilEnd:
            message.scan = scan
            message.length = length
            message.append(rest, packet: packet)
            return finish(&position, end, &reader)
        }
    }

    /// Adds to a message that has begun.
    private mutating func goOn(
        _ bytes: RawSpan, _ position: inout Int, _ end: Int, _ packet: UInt32, _ reader: inout MessageReader
    ) -> Bool {
        let isAsked = message.mayShow(with: end - position)
        let wanted = message.missing.map { min($0, end - position) } ?? end - position
        message.append(bytes.extracting(position..<position + wanted), packet: packet)
        let taken = position + wanted
        if isAsked {
            var scan = message.scan
            message.length = reader.carried.length(of: message.bytes.rawSpan, &scan)
            message.scan = scan
            if message.length == .isNone {
                message = PartialMessage()
                isLost = true
                return false
            }
        }
        return finish(&position, taken, &reader)
    }

    /// Hands out the message where it is complete, or longer than messages are kept.
    /// - Parameter taken: where the bytes end that it has.
    private mutating func finish(_ position: inout Int, _ taken: Int, _ reader: inout MessageReader) -> Bool {
        position = taken
        if case .known(let count) = message.length, count <= message.count {
            position -= message.count - count
            message.cut(to: count)
            return complete(&reader)
        }
        let isTooLong: Bool
        switch message.length {
        case .known(let count): isTooLong = count > MessageReassembler.messageLimit
        case .needs, .untilEnd, .isNone: isTooLong = message.count >= MessageReassembler.messageLimit
        }
        guard isTooLong else { return true }
        if let missing = message.missing { skipped = missing } else { isLost = true }
        return complete(&reader)
    }

    private mutating func complete(_ reader: inout MessageReader) -> Bool {
        let whole = message
        message = PartialMessage()
        return reader.take(.joined(whole), whole.bytes.rawSpan)
    }

    /// Hands out a message that ends with the stream.
    mutating func end(_ reader: inout MessageReader) {
        if message.length == .untilEnd, !message.isEmpty { _ = complete(&reader) }
    }

    /// So many bytes will never be here. Where the message says how long it is, the next one is found behind it.
    mutating func miss(_ count: Int) {
        if skipped >= count, skipped > 0 {
            skipped -= count
        } else if let missing = message.missing, missing >= count, !message.isEmpty {
            skipped = missing - count
        } else if count > 0 {
            skipped = 0
            isLost = true
        }
        message = PartialMessage()
    }

    /// The capture kept a part of a segment that begins a message: that is shown as far as it is here.
    /// - Parameter length: the payload's length on the wire.
    mutating func pass(_ kept: RawSpan, length: Int, _ reader: inout MessageReader) {
        var position = 0
        while position < kept.byteCount {
            let rest = kept.extracting(position..<kept.byteCount)
            var scan = MessageScan()
            guard case .known(let count) = reader.carried.length(of: rest, &scan), count > 0 else {
                isLost = true
                return
            }
            reader.note(rest.extracting(0..<min(count, rest.byteCount)))
            position += count
        }
        if position >= length { skipped = position - length } else { isLost = true }
    }

    /// Drops what is kept: there is too much of it in all.
    mutating func giveUp() {
        let hadGap = hasGap
        if hadGap { _ = segments.finish() }
        if let missing = message.missing, !message.isEmpty, !hadGap {
            skipped = missing
        } else if !message.isEmpty || hadGap {
            isLost = true
        }
        message = PartialMessage()
    }
}
