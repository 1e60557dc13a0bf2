/// An sFlow datagram, version 5 (sflow.org, "sFlow Version 5"): samples of packets that a switch saw, in XDR.
///
/// Only the first sampled header is opened: whoever watches a switch's reports wants to know what kind of thing is in them.
enum SFlowDatagram {
    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(8) else { return cursor.cut(.sflow, required: 8, &layers) }
        let start = cursor.start
        let base = record.uint32(at: start &+ 4) == 2 ? 40 : 28
        guard record.uint32(at: start) == 5, 1...2 ~= record.uint32(at: start &+ 4), cursor.has(base) else {
            cursor.add(.sflow, header: 8, to: &layers)
            return .data
        }
        var position = start &+ base
        var samples = record.uint32(at: position &- 4)
        while samples > 0, position &+ 8 <= cursor.end {
            let format = record.uint32(at: position)
            let length = Int(record.uint32(at: position &+ 4))
            position &+= 8
            // A flow sample has its records behind 32 bytes, an expanded one behind 44; both end with their number.
            let head = format == 1 ? 32 : format == 3 ? 44 : 0
            if head > 0, position &+ head <= cursor.end,
                let found = sampledHeader(record, position &+ head, cursor.end, records: record.uint32(at: position &+ head &- 4)) {
                guard found.offset &+ found.length <= cursor.end else { return cursor.cut(.sflow, required: found.offset &+ found.length &- start, &layers) }
                cursor.add(.sflow, header: found.offset &- start, to: &layers)
                cursor.isSample = true
                cursor.limit(toLength: found.length)
                return handoff(found.link)
            }
            position &+= length
            samples &-= 1
        }
        cursor.add(.sflow, header: base, to: &layers)
        return .data
    }

    /// The first record of format 1: link protocol, frame length, stripped bytes, header length, header.
    private static func sampledHeader(_ record: RawSpan, _ start: Int, _ end: Int, records: UInt32) -> (link: UInt32, offset: Int, length: Int)? {
        var position = start
        var left = records
        while left > 0, position &+ 8 <= end {
            let length = Int(record.uint32(at: position &+ 4))
            if record.uint32(at: position) == 1, position &+ 24 <= end {
                return (record.uint32(at: position &+ 8), position &+ 24, Int(record.uint32(at: position &+ 20)))
            }
            position &+= 8 &+ length
            left &-= 1
        }
        return nil
    }

    private static func handoff(_ link: UInt32) -> Handoff {
        switch link {
        case 1: .linkType(.ethernet)
        case 2, 3: .linkType(.tokenRing)
        case 4: .linkType(.fddi)
        case 5: .linkType(.frameRelay)
        case 7: .linkType(.pppHDLC)
        case 11: .linkType(.ipv4)
        case 12: .linkType(.ipv6)
        case 13: .etherType(.mpls)
        default: .stop(.unsupported(after: .sflow, number: link))
        }
    }
}
