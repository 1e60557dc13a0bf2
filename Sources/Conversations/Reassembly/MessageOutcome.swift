import Packets

extension MessageReassembler.Outcome {
    /// Messages that lie together, or one that several segments carried.
    public enum Message: Sendable {
        case inSegment(Range<Int>)
        case joined([UInt8], [AssembledPart])
    }

    /// The messages that the segment completes; those that are one layer lie together.
    public var messages: [Message] {
        var messages: [Message] = []
        for place in places {
            switch place {
            case .joined(let message): messages.append(.joined(message.bytes, message.parts))
            case .inSegment(let range):
                if !isLayerEach, case .inSegment(let last)? = messages.last, last.upperBound == range.lowerBound {
                    messages[messages.count - 1] = .inSegment(last.lowerBound..<range.upperBound)
                } else {
                    messages.append(.inSegment(range))
                }
            }
        }
        return messages
    }

    /// The bytes of the segment that belong to messages of several segments.
    public func part(of payload: Range<Int>) -> Range<Int32> {
        var range = payload
        var hasJoined = false
        for place in places {
            switch place {
            case .joined: hasJoined = true
            case .inSegment(let place):
                if isPart {
                    range = place.upperBound..<payload.upperBound
                } else if hasJoined {
                    return Int32(payload.lowerBound)..<Int32(max(payload.lowerBound, place.lowerBound))
                }
            }
        }
        return isPart || hasJoined ? Int32(range.lowerBound)..<Int32(max(range.lowerBound, range.upperBound)) : 0..<0
    }
}
