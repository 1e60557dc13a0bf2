/// What is known of a TCP connection in which HTTP was found, from its segments before: a few bytes.
struct HTTPConnection: Hashable, Sendable {
    /// A message was seen: from then on every segment, in both directions, is HTTP's.
    private(set) var isFound = false
    private var hasRequest = false
    /// The packet with the last request, and when it came in nanoseconds since 1970; 0 where it is answered.
    private var request: UInt32 = 0
    private var requestTime: Int64 = 0

    /// Reads again what a segment carries. One that begins no message continues one, which means something only behind
    /// a request.
    mutating func settle(_ dissection: inout Dissection, segment index: Int, _ record: RawSpan) {
        switch HTTPMessage(record, dissection.layers[index].payload)?.startLine {
        case .request: (isFound, hasRequest) = (true, true)
        case .response: isFound = true
        case nil:
            dissection.replaceApplication(of: index, with: hasRequest ? .http : nil, headerLength: 0)
            dissection.hidesData = !hasRequest
            return
        }
        dissection.replaceApplication(of: index, with: .http)
    }

    /// Ties an answer to the last request, if that has none yet.
    /// - Parameters:
    ///   - range: the segment's payload.
    ///   - time: in nanoseconds since 1970.
    mutating func noteExchange(
        _ range: Range<Int>, _ record: RawSpan, packet: UInt32, time: Int64, _ facts: inout HTTPFacts
    ) {
        switch HTTPMessage(record, range)?.startLine {
        case .request: (request, requestTime) = (packet, time)
        case .response where request != 0:
            (facts.request, facts.time) = (request, time &- requestTime)
            request = 0
        default: break
        }
    }
}
