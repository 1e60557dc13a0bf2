import Addressing
import Packets

/// STUN's Binding: "from which address and port do you see me?" (RFC 8489 section 2). The question is a header without
/// attributes; the answer has XOR-MAPPED-ADDRESS, of old servers only MAPPED-ADDRESS.
public struct STUNBinding: Hashable, Sendable {
    /// 96 random bits that tie the answer to the question.
    public let transaction: [UInt8]

    /// - Parameter transaction: 12 bytes.
    public init(transaction: [UInt8]) {
        self.transaction = Array((transaction + [UInt8](repeating: 0, count: 12)).prefix(12))
    }

    /// What an answer says.
    public enum Answer: Hashable, Sendable {
        case mapped(Endpoint)
        /// An error response (section 14.8): code and reason.
        case refused(code: Int, reason: String)
        /// A success without an address, or nonsense.
        case useless(String)
    }

    /// The question: type 0x0001, length 0, magic cookie, transaction.
    public var request: [UInt8] {
        [0x00, 0x01, 0x00, 0x00]
            + (0..<4).map { UInt8(truncatingIfNeeded: STUNMessage.magicCookie >> UInt32(24 - 8 * $0)) } + transaction
    }

    /// Judges a datagram: nil when it does not answer this question (section 6.3.1) and is to be passed over.
    public func judge(_ datagram: RawSpan) -> Answer? {
        guard let message = try? STUNMessage(datagram), datagram.uint32(at: 4) == STUNMessage.magicCookie,
            message.method == 1
        else { return nil }
        for index in 0..<12 where datagram.uint8(at: 8 &+ index) != transaction[index] { return nil }
        guard Int(message.length) == datagram.byteCount - STUNMessage.headerLength else {
            return .useless("the length of the answer is wrong")
        }
        switch message.messageClass {
        case .success: return mapped(message, datagram)
        case .error: return refusal(message, datagram)
        case .request, .indication: return nil
        }
    }

    private func mapped(_ message: STUNMessage, _ datagram: RawSpan) -> Answer {
        var plain: Endpoint?
        var attributes = message.attributes
        while let attribute = attributes.next() {
            let start = attribute.value.lowerBound + STUNMessage.headerLength
            switch attribute.type {
            // Translators on the way rewrite addresses that they find in payloads; XOR hides this one from them.
            case 0x0020:
                if let endpoint = Self.endpoint(datagram, start, attribute.value.count, masked: true) {
                    return .mapped(endpoint)
                }
            case 0x0001: plain = plain ?? Self.endpoint(datagram, start, attribute.value.count, masked: false)
            default: break
            }
        }
        if let plain { return .mapped(plain) }
        return .useless("the answer has no address")
    }

    private func refusal(_ message: STUNMessage, _ datagram: RawSpan) -> Answer {
        var attributes = message.attributes
        while let attribute = attributes.next() {
            guard attribute.type == 0x0009, attribute.value.count >= 4 else { continue }
            let start = attribute.value.lowerBound + STUNMessage.headerLength
            let code = Int(datagram.uint8(at: start + 2) & 7) * 100 + Int(datagram.uint8(at: start + 3))
            let reason = (start + 4..<start + attribute.value.count).map { datagram.uint8(at: $0) }
            return .refused(code: code, reason: String(decoding: reason, as: UTF8.self))
        }
        return .refused(code: 0, reason: "")
    }

    /// `0`, family (1: IPv4, 2: IPv6), port, address (sections 14.1 and 14.2).
    private static func endpoint(_ datagram: RawSpan, _ start: Int, _ count: Int, masked: Bool) -> Endpoint? {
        guard count >= 8 else { return nil }
        let mask = masked ? STUNMessage.magicCookie : 0
        let port = Port(datagram.uint16(at: start + 2) ^ UInt16(truncatingIfNeeded: mask >> 16))
        switch datagram.uint8(at: start + 1) {
        case 1 where count == 8:
            return Endpoint(.v4(IPv4Address(rawValue: datagram.uint32(at: start + 4) ^ mask)), port)
        case 2 where count == 20:
            var (high, low) = (datagram.uint64(at: start + 4), datagram.uint64(at: start + 12))
            if masked {
                // The cookie and the transaction stand in a row in the header.
                high ^= datagram.uint64(at: 4)
                low ^= datagram.uint64(at: 12)
            }
            return Endpoint(.v6(IPv6Address(high: high, low: low)), port)
        default: return nil
        }
    }

    /// When the question is sent, in nanoseconds after the start: RTO 500 ms, doubled each time, Rc = 7 times in all
    /// (section 6.2.1). After the last one 16 RTO pass before it is given up: 39.5 s in all.
    public static let sendTimes: [Int64] = (0..<7).map { ((1 << $0) - 1) * 500_000_000 }
    /// When it is given up, in nanoseconds after the start.
    public static let giveUpTime: Int64 = sendTimes[6] + 16 * 500_000_000
}
