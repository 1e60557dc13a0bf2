import Addressing
import Packets

/// What an echo request carries, so that every byte of the answer can be checked:
///
///     0                   4                   8                              16
///     +-------------------+-------------------+-------------------------------+---------
///     |  sequence number  |      session      |  send time, ns since 1970     | pattern …
///     +-------------------+-------------------+-------------------------------+---------
///
/// All numbers in network order. The session is a random number of this run, so that answers to an earlier one are not
/// taken for its own. A payload that is too short for a field leaves it out; a shorter one than four bytes has the last
/// bytes of the sequence number.
struct PingPayload {
    static let headerLength = 16

    private(set) var bytes: [UInt8]
    let session: UInt32

    init(size: Int, session: UInt32) {
        self.session = session
        bytes = (0..<max(0, size)).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ 7) }
        if size >= 8 { store(UInt64(session), at: 4, count: 4) }
    }

    var size: Int { bytes.count }
    var hasTime: Bool { size >= Self.headerLength }

    /// Writes what changes from request to request.
    mutating func prepare(sequence: UInt64, time: Int64) {
        store(sequence, at: 0, count: min(4, size))
        if hasTime { store(UInt64(bitPattern: time), at: 8, count: 8) }
    }

    /// The sequence number in an answer: the one nearest to, and not after, the newest. nil in an empty answer to a
    /// request that had one.
    func sequence(in answer: RawSpan, newest: UInt64) -> UInt64? {
        let count = min(4, size)
        guard answer.byteCount >= count else { return nil }
        var low: UInt64 = 0
        for index in 0..<count { low = low << 8 | UInt64(answer.uint8(at: index)) }
        let mask: UInt64 = (1 << UInt64(8 * count)) - 1
        let back = (newest &- low) & mask
        return back <= newest ? newest - back : nil
    }

    /// Whether an answer is, byte for byte, the request with a sequence number and a time.
    func matches(_ answer: RawSpan, sequence: UInt64, time: Int64) -> Bool {
        guard answer.byteCount == size else { return false }
        if size >= Self.headerLength {
            guard answer.uint32(at: 0) == UInt32(truncatingIfNeeded: sequence), answer.uint32(at: 4) == session,
                answer.uint64(at: 8) == UInt64(bitPattern: time)
            else { return false }
            return patternDiffers(answer, from: Self.headerLength) == nil
        }
        return firstDifference(answer, sequence: sequence, time: time) == nil
    }

    /// The first byte of an answer that is not as it was sent; the shorter length where it ends too early or too late.
    func firstDifference(_ answer: RawSpan, sequence: UInt64, time: Int64) -> Int? {
        var request = self
        request.prepare(sequence: sequence, time: time)
        for index in 0..<min(size, answer.byteCount) where request.bytes[index] != answer.uint8(at: index) {
            return index
        }
        return answer.byteCount == size ? nil : min(size, answer.byteCount)
    }

    /// How many bytes of the header differ from those of a request.
    func headerDistance(_ answer: RawSpan, sequence: UInt64, time: Int64) -> Int {
        var request = self
        request.prepare(sequence: sequence, time: time)
        let count = min(Self.headerLength, size)
        var distance = max(0, count - answer.byteCount)
        for index in 0..<min(count, answer.byteCount) where request.bytes[index] != answer.uint8(at: index) {
            distance += 1
        }
        return distance
    }

    /// Eight bytes at a time: a payload of 64 KB is checked in microseconds.
    private func patternDiffers(_ answer: RawSpan, from start: Int) -> Int? {
        let own = bytes.rawSpan
        var index = start
        while index &+ 8 <= size {
            if own.uint64(at: index) != answer.uint64(at: index) { return index }
            index &+= 8
        }
        while index < size {
            if own.uint8(at: index) != answer.uint8(at: index) { return index }
            index &+= 1
        }
        return nil
    }

    private mutating func store(_ number: UInt64, at offset: Int, count: Int) {
        for index in 0..<count {
            bytes[offset &+ index] = UInt8(truncatingIfNeeded: number >> UInt64(8 &* (count &- 1 &- index)))
        }
    }
}
