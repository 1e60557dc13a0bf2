/// An sFlow datagram, version 5 (sflow.org, "sFlow Version 5"): samples of packets that a switch saw, in XDR.
///
/// Of the samples the flow samples count, and of their records those with a packet's first bytes (format 1).
enum SFlowDatagram {
    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(8) else { return cursor.cut(.sflow, required: 8, &layers) }
        let start = cursor.start
        let base = record.uint32(at: start &+ 4) == 2 ? 40 : 28
        guard record.uint32(at: start) == 5, 1...2 ~= record.uint32(at: start &+ 4), cursor.has(base) else {
            cursor.add(.sflow, header: 8, to: &layers)
            return .data
        }
        let samples = record.uint32(at: start &+ base &- 4)
        cursor.add(.sflow, header: base, to: &layers)
        return next(record, &cursor, samplesLeft: samples, recordsLeft: 0, sampleEnd: start &+ base)
    }

    /// Goes on with the next sampled header, when the packet of the one before is done.
    static func dissectNext(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        let point = cursor.resumption
        return next(
            record, &cursor, samplesLeft: point.outerLeft, recordsLeft: point.innerLeft, sampleEnd: Int(point.outerEnd))
    }

    /// Whether the bytes at sFlow's port are a datagram of a version that exists, from an agent whose address has a
    /// known type.
    static func isLikely(_ record: RawSpan, _ start: Int, _ end: Int) -> Bool {
        guard start &+ 8 <= end, record.uint32(at: start &+ 4) <= 2 else { return false }
        switch record.uint32(at: start) {
        case 2, 4, 5: return true
        default: return false
        }
    }

    private static func next(
        _ record: RawSpan, _ cursor: inout LayerCursor, samplesLeft: UInt32, recordsLeft: UInt32, sampleEnd: Int
    ) -> Handoff {
        var (samples, records, position, sampleEnd) = (samplesLeft, recordsLeft, cursor.start, sampleEnd)
        while true {
            while records > 0, position &+ 8 <= cursor.end {
                let format = record.uint32(at: position)
                let length = Int(record.uint32(at: position &+ 4))
                records &-= 1
                if position &+ 8 &+ length > cursor.claimedEnd {
                    return .stop(cursor.missing(position &+ 8 &+ length &- cursor.start, for: .sflow))
                }
                // Format 1: link protocol, frame length, stripped bytes, header length, header.
                guard format == 1, position &+ 24 <= cursor.end else {
                    position &+= 8 &+ length
                    continue
                }
                let size = Int(record.uint32(at: position &+ 20))
                guard position &+ 24 &+ size <= cursor.end else {
                    return .stop(cursor.missing(position &+ 24 &+ size &- cursor.start, for: .sflow))
                }
                let link = record.uint32(at: position &+ 8)
                cursor.plan(.sflow, at: position &+ 8 &+ length)
                cursor.resumption.outerLeft = samples
                cursor.resumption.innerLeft = records
                cursor.resumption.outerEnd = Int32(clamping: sampleEnd)
                cursor.start = position &+ 24
                cursor.limit(toLength: size)
                cursor.isSample = true
                return handoff(link)
            }
            position = sampleEnd
            guard samples > 0, position &+ 8 <= cursor.end else { return .data }
            let format = record.uint32(at: position)
            sampleEnd = position &+ 8 &+ Int(record.uint32(at: position &+ 4))
            samples &-= 1
            // A flow sample has its records behind 32 bytes, an expanded one behind 44; both end with their number.
            let head = format == 1 ? 32 : format == 3 ? 44 : 0
            position &+= 8 &+ head
            records = head > 0 && position <= cursor.end ? record.uint32(at: position &- 4) : 0
        }
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
