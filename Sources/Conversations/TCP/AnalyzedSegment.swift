import Packets

/// A segment as TCP analysis wants it: numbers as sent, the time in nanoseconds since 1970.
struct AnalyzedSegment {
    var sequence: UInt32
    var acknowledgment: UInt32
    /// Payload bytes on the wire; 0 where `isWhole` is false.
    var length: UInt32
    var flags: TCPFlags
    /// As sent, not scaled.
    var window: UInt32
    var packet: UInt32
    var time: Int64
    /// By how many bits the windows behind a SYN are shifted, as its option says; see `SegmentAcceptance`.
    var windowScale = SegmentAcceptance.unknownScale
    /// Whether its length is known. Of fragments and of what an ICMP error quotes it is not, and where the header is
    /// said to be longer than the segment.
    var isWhole = true

    /// One past the last number that it takes.
    var end: UInt32 { sequence &+ length &+ (flags.isDisjoint(with: [.syn, .fin]) ? 0 : 1) }
}

extension AnalyzedSegment {
    /// Reads a TCP layer.
    /// - Parameters:
    ///   - bytes: the layer, as captured.
    ///   - time: in nanoseconds since 1970.
    /// - Returns: nil where not even the window is there: up to it everything is needed to find the connection.
    @inline(__always)
    init?(_ bytes: RawSpan, _ layer: LayerRange, packet: UInt32, time: Int64) {
        guard bytes.byteCount >= 16 else { return nil }
        let header = Int(bytes.uint8(at: 12) >> 4) &* 4
        let length = Int(layer.claimedEnd &- layer.start)
        let isWhole = !layer.isPartOfDatagram && !layer.isQuoted && length >= header
        self.init(
            sequence: bytes.uint32(at: 4), acknowledgment: bytes.uint32(at: 8),
            length: isWhole ? UInt32(truncatingIfNeeded: length &- header) : 0,
            flags: TCPFlags(rawValue: bytes.uint16(at: 12) & 0x0fff), window: UInt32(bytes.uint16(at: 14)),
            packet: packet, time: time, isWhole: isWhole)
        if flags.contains(.syn) { readWindowScale(bytes) }
    }

    /// Reads the window scale of a SYN.
    /// - Parameter bytes: the segment, as captured.
    mutating func readWindowScale(_ bytes: RawSpan) {
        guard bytes.byteCount >= TCPSegment.minimumLength else { return }
        let options = SegmentOptions(bytes, end: Int(bytes.uint8(at: 12) >> 4) &* 4, acknowledgment: 0, base: 0)
        if let scale = options.scale {
            windowScale = Int8(min(scale, 14))
        } else if options.isWhole {
            windowScale = SegmentAcceptance.noScale
        }
    }

    /// What is known of a packet that was taken out of its capture.
    /// - Returns: nil for UDP.
    init?(_ packet: ObservedPacket) {
        guard let tcp = packet.tcp else { return nil }
        self.init(
            sequence: tcp.sequence.rawValue, acknowledgment: tcp.acknowledgment.rawValue,
            length: UInt32(truncatingIfNeeded: packet.payloadLength), flags: tcp.flags, window: UInt32(tcp.window),
            packet: UInt32(truncatingIfNeeded: packet.number), time: packet.time.nanoseconds(since: .epoch),
            isWhole: !packet.isMalformed)
        guard flags.contains(.syn), packet.hasWholeHeader else { return }
        windowScale = SegmentAcceptance.noScale
        for case .windowScale(let shift) in tcp.options { windowScale = Int8(min(shift, 14)) }
    }
}

extension UInt32 {
    /// Sequence numbers compared as RFC 9293 section 3.4 wants it.
    @inline(__always) func isAfter(_ other: UInt32) -> Bool { Int32(bitPattern: other &- self) < 0 }
    @inline(__always) func isBefore(_ other: UInt32) -> Bool { Int32(bitPattern: self &- other) < 0 }
    @inline(__always) func isNotAfter(_ other: UInt32) -> Bool { Int32(bitPattern: self &- other) <= 0 }
}
