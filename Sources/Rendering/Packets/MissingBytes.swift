import Packets
import Text

/// What the outermost IP packet says that it has, and the record has not: because the capture kept less, or because the
/// frame on the wire was too short for it. A header that is cut is told by the dissection's stop; this is for the
/// payload.
struct MissingBytes {
    private let count: Int
    /// The length field says more than there was on the wire.
    private let isOnWire: Bool

    /// - Returns: nil where nothing is missing, or where the dissection's stop tells of it already.
    @inline(__always)
    init?(_ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts) {
        switch dissection.stop {
        case .truncatedBySnaplen, .truncatedOnWire, .malformed: return nil
        case .complete, .unsupported, .fragment, .tooDeep: break
        }
        let captured = dissection.frameLength(in: record)
        for index in 0..<dissection.layers.count {
            let layer = dissection.layers[index]
            let start = Int(layer.start)
            let claimed: Int
            switch layer.kind {
            case .ipv4:
                guard start &+ 20 <= captured else { return nil }
                claimed = Int(record.uint16(at: start &+ 2))
            case .ipv6:
                guard start &+ 40 <= captured else { return nil }
                // A jumbogram's length stands elsewhere (RFC 2675).
                let payload = Int(record.uint16(at: start &+ 4))
                claimed = payload == 0 ? 0 : payload &+ 40
            default: continue
            }
            let end = start &+ claimed
            guard end > captured else { return nil }
            isOnWire = end > facts.wireLength
            count = isOnWire ? end &- facts.wireLength : end &- captured
            return
        }
        return nil
    }

    func write(before: StaticString, after: StaticString, to out: inout OutputBuffer) {
        out.append(before)
        out.append(style: .red)
        out.append(isOnWire ? "[cut short on the wire: " : "[truncated by the capture: ")
        out.append(decimal: UInt64(clamping: count))
        out.append(count == 1 ? " byte missing]" : " bytes missing]")
        out.append(style: .plain)
        out.append(after)
    }
}
