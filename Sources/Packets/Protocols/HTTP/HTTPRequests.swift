/// The requests of a connection that are not answered yet, in order: answers come in the order of their requests
/// (RFC 9112 section 9.3.2).
struct HTTPRequests: MessageHistory {
    /// Requests whose answers are framed differently.
    enum Kind: UInt8, Sendable {
        case other
        /// Its answer has no body (RFC 9110 section 9.3.2).
        case head
        /// With success the connection becomes a tunnel (RFC 9110 section 9.3.6).
        case connect
    }

    private struct Request {
        let kind: Kind
        let packet: UInt32
        let time: Int64
    }

    /// So many wait for their answers at most; of more the first are forgotten.
    private static let limit = 256

    private var waiting: [Request] = []

    /// What the next final answer belongs to.
    var context: MessageContext { MessageContext(awaited: (waiting.first?.kind ?? .other).rawValue) }

    /// Notes a message.
    mutating func note(_ bytes: RawSpan, packet: UInt32, time: Int64) -> CarriedMessages.Effect {
        var effect = CarriedMessages.Effect()
        switch HTTPMessage(bytes, 0..<bytes.byteCount)?.startLine {
        case .request(let method, _, _):
            if waiting.count >= Self.limit { waiting.removeFirst() }
            waiting.append(Request(kind: Self.kind(bytes, method), packet: packet, time: time))
        case .response(_, let code, _):
            let status = HTTPFields.number(code, bytes) ?? 0
            // An interim answer is followed by the final one (RFC 9110 section 15.2).
            if 100...199 ~= status, status != 101 { break }
            let request = waiting.isEmpty ? nil : waiting.removeFirst()
            if let request { (effect.request, effect.requestTime) = (request.packet, request.time) }
            effect.opensTunnel = status == 101 || request?.kind == .connect && 200...299 ~= status
        case nil: break
        }
        return effect
    }

    private static func kind(_ bytes: RawSpan, _ method: Range<Int>) -> Kind {
        if HTTPHeaders.isNamed(bytes, method, "head") { return .head }
        return HTTPHeaders.isNamed(bytes, method, "connect") ? .connect : .other
    }
}
