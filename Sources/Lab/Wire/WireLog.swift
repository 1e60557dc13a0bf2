import Addressing
import Packets

/// What the forwarder did, frame by frame, in the order in which it did it.
public struct WireLog: Hashable, Sendable {
    /// What was done to one frame.
    public struct Entry: Hashable, Sendable {
        /// What became of it.
        public let fate: FrameFate
        /// What the link knew of it.
        public let frame: WireFrame
        /// Tells the frame from others: `FrameFingerprint`.
        public let fingerprint: UInt64
        /// When the frame went in, by the clock that stamps packets.
        public var arrival: Timestamp { Timestamp.epoch.advanced(byNanoseconds: fate.arrival) }
    }

    /// Frame by frame.
    public internal(set) var entries: [Entry] = []
    /// Frames that the forwarder did not get, because it was not given the processor for too long.
    public internal(set) var missed = 0
    /// Frames that it could not hand on.
    public internal(set) var unsendable = 0
    /// How much later than it should have the forwarder handed a frame on, at worst, in nanoseconds.
    public internal(set) var worstLateness: Int64 = 0

    /// Nothing has been done yet.
    public init() {}

    /// Whether what happened is what the entries say.
    public var isFaithful: Bool { missed == 0 && unsendable == 0 }
}

/// A number that tells frames apart by all their bytes: FNV-1a over words of eight bytes.
public enum FrameFingerprint {
    /// The fingerprint of a whole frame.
    public static func of(_ bytes: RawSpan) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        func take(_ word: UInt64) {
            hash = (hash ^ word) &* 0x0000_0100_0000_01b3
            hash ^= hash >> 29
        }
        var offset = 0
        while offset &+ 8 <= bytes.byteCount {
            take(bytes.uint64(at: offset))
            offset &+= 8
        }
        while offset < bytes.byteCount {
            take(UInt64(bytes.uint8(at: offset)) | 0x100)
            offset &+= 1
        }
        take(UInt64(bytes.byteCount))
        return hash
    }
}
