import Addressing
import Platform

/// The memory of a traced thread while it is stopped.
///
/// A program may hand the kernel any number as an address and any number as a length, so that each reading is bounded,
/// and gives less, or nothing, where there is less. Numbers are little-endian: so are both processors' Linux.
struct ProgramMemory {
    let thread: Int32

    /// How many buffers of a vector, and messages of sendmmsg and recvmmsg, are looked at: UIO_MAXIOV.
    static let mostEntries = 1024

    func bytes(_ address: UInt64, _ count: Int) -> [UInt8] {
        ProgramTracing.memory(of: thread, at: address, count: min(count, 1 << 20))
    }

    /// All of these bytes, or nil.
    func exactly(_ address: UInt64, _ count: Int) -> [UInt8]? {
        let found = bytes(address, count)
        return found.count == count ? found : nil
    }

    func int32(_ address: UInt64) -> Int32? {
        exactly(address, 4).map { Int32(truncatingIfNeeded: $0.word(at: 0, size: 4)) }
    }

    func uint64(_ address: UInt64) -> UInt64? { exactly(address, 8)?.word(at: 0, size: 8) }

    // MARK: Buffers

    /// The address and length of each buffer of a `struct iovec` array, readv(2).
    func buffers(_ address: UInt64, count: UInt64) -> [Buffer] {
        let entries = bytes(address, 16 * Int(min(count, UInt64(Self.mostEntries))))
        return (0..<entries.count / 16).map {
            Buffer(address: entries.word(at: 16 * $0, size: 8), length: entries.word(at: 16 * $0 + 8, size: 8))
        }
    }

    /// The first bytes of what stands in buffers, not more than `limit`.
    func content(of buffers: [Buffer], limit: Int) -> [UInt8] {
        var found: [UInt8] = []
        for buffer in buffers where found.count < limit {
            let wanted = Int(min(buffer.length, UInt64(limit - found.count)))
            let got = bytes(buffer.address, wanted)
            found += got
            if got.count < wanted { break }
        }
        return found
    }

    /// `struct msghdr`, sendmsg(2); nil where there is none.
    func message(_ address: UInt64) -> MessageHeader? {
        exactly(address, MessageHeader.size).map { MessageHeader($0, buffers: buffers) }
    }

    // MARK: Addresses and times

    /// A socket address of a length that the program says.
    func socketAddress(_ address: UInt64, length: UInt64) -> ProgramAddress? {
        let count = Int(min(length, 128))
        guard count >= 2 else { return nil }
        return ProgramAddress(bytes(address, count))
    }

    /// A `struct timespec` in milliseconds, rounded up as the kernel's waits are; nil where there is none.
    func milliseconds(timespec address: UInt64) -> Int? { milliseconds(address, fractionsOfMillisecond: 1_000_000) }

    /// A `struct timeval` in milliseconds.
    func milliseconds(timeval address: UInt64) -> Int? { milliseconds(address, fractionsOfMillisecond: 1000) }

    private func milliseconds(_ address: UInt64, fractionsOfMillisecond unit: Int64) -> Int? {
        guard let form = exactly(address, 16) else { return nil }
        let seconds = Int64(bitPattern: form.word(at: 0, size: 8))
        let fraction = Int64(bitPattern: form.word(at: 8, size: 8))
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        guard !overflow, fraction >= 0, fraction < 1000 * unit else { return nil }
        return Int(whole.addingReportingOverflow((fraction + unit - 1) / unit).partialValue)
    }
}

/// A part of a program's memory.
struct Buffer: Hashable {
    let address: UInt64
    let length: UInt64
}

extension [Buffer] {
    /// All lengths together; nil where they are more than can be.
    var size: Int? {
        var sum = 0
        for buffer in self {
            guard let length = Int(exactly: buffer.length) else { return nil }
            let (total, overflow) = sum.addingReportingOverflow(length)
            if overflow { return nil }
            sum = total
        }
        return sum
    }
}

extension [UInt8] {
    /// A little-endian number; 0 where there are too few bytes.
    func word(at start: Int, size: Int) -> UInt64 {
        guard start >= 0, start + size <= count else { return 0 }
        return (0..<size).reduce(0) { $0 | UInt64(self[start + $1]) << (8 * UInt64($1)) }
    }
}
