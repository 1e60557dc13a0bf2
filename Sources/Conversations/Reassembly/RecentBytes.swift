import Packets

/// The latest bytes of one direction of a TCP connection, by their sequence numbers: enough to see whether what is sent
/// again is the same. What came first stands (RFC 9293 section 3.10.7.4: a segment is trimmed to what is new).
package struct RecentBytes: Sendable {
    /// Bytes that came again as others.
    package struct Conflict: Hashable, Sendable {
        /// The sequence number of the first byte that differs.
        package let sequence: UInt32
        /// From there to the last byte that differs.
        package let length: Int
        /// The bytes that came first, at most `shown`.
        package let earlier: [UInt8]
        /// The bytes that came later, as many.
        package let later: [UInt8]
        /// The packet that had carried the earlier ones.
        package let packet: Int
    }

    /// So many bytes of a conflict are kept to be shown.
    package static let shown = 16

    private struct Run: Sendable {
        let sequence: UInt32
        let bytes: [UInt8]
        let packet: Int
    }

    private let mostRuns: Int
    private let mostBytes: Int
    private var runs: [Run] = []
    /// The place of the oldest run, once there are as many as are kept.
    private var oldest = 0

    /// - Parameters:
    ///   - runs: of how many segments bytes are kept.
    ///   - bytes: how many bytes of each are kept. Few, because the story of each open connection keeps such bytes.
    package init(runs: Int = 8, bytes: Int = 64) {
        (mostRuns, mostBytes) = (max(1, runs), max(1, bytes))
    }

    /// Compares a payload with what came before, and takes it in.
    package mutating func take(sequence: UInt32, _ payload: RawSpan, packet: Int) -> Conflict? {
        let found = conflict(sequence: sequence, payload)
        note(sequence: sequence, payload, packet: packet)
        return found
    }

    /// Takes in the payload of a segment.
    package mutating func note(sequence: UInt32, _ payload: RawSpan, packet: Int) {
        let count = min(mostBytes, payload.byteCount)
        guard count > 0 else { return }
        let run = Run(sequence: sequence, bytes: (0..<count).map { payload.uint8(at: $0) }, packet: packet)
        if runs.count < mostRuns {
            runs.append(run)
        } else {
            runs[oldest] = run
            oldest = (oldest + 1) % mostRuns
        }
    }

    /// Whether a payload has other bytes than those that came first under the same numbers; nil also where those are
    /// not kept any more.
    package func conflict(sequence: UInt32, _ payload: RawSpan) -> Conflict? {
        for index in runs.indices {
            let run = runs[(oldest + index) % runs.count]
            let ahead = Int(Int32(bitPattern: run.sequence &- sequence))
            let (start, end) = (max(0, ahead), min(payload.byteCount, ahead + run.bytes.count))
            guard start < end else { continue }
            let differing = (start..<end).filter { payload.uint8(at: $0) != run.bytes[$0 - ahead] }
            guard let first = differing.first, let last = differing.last else { continue }
            let shown = first..<min(last + 1, first + Self.shown)
            return Conflict(
                sequence: sequence &+ UInt32(first), length: last + 1 - first,
                earlier: shown.map { run.bytes[$0 - ahead] }, later: shown.map { payload.uint8(at: $0) },
                packet: run.packet)
        }
        return nil
    }
}
