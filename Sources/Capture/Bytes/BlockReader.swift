import SystemPackage

/// A window over a file that is read in blocks. Every byte of a capture file is read through it.
///
/// The file is read with `read(2)` (or unpacked: gzip, zstd, lz4) into one buffer; what is left over at its end is
/// carried to its front before the next read. The buffer grows only when it is full of bytes that really arrived, so no
/// length field can make it grow: a reader asks `fill` for what a record claims, and gets `false` when the file ends
/// before.
///
/// Unsafe: the buffer is raw memory, because reading into an array means clearing it first. Offsets are relative
/// to the window's start and every load is checked against the bytes in it.
@safe struct BlockReader: ~Copyable {
    /// 256 KB to 1 MB were measured to be equally fast.
    static let blockSize = 512 * 1024

    private var base: UnsafeMutableRawPointer
    private(set) var capacity: Int
    private var start = 0
    private var end = 0
    /// Where the window starts in the file, or in the unpacked data.
    private(set) var offset: UInt64 = 0
    private let descriptor: FileDescriptor
    private let closesDescriptor: Bool
    private var unpacker: (any StreamUnpacker)?
    let name: String

    init(descriptor: FileDescriptor, closesDescriptor: Bool, name: String) {
        unsafe base = .allocate(byteCount: Self.blockSize, alignment: 16)
        capacity = Self.blockSize
        self.descriptor = descriptor
        self.closesDescriptor = closesDescriptor
        self.name = name
    }

    deinit {
        unsafe base.deallocate()
        if closesDescriptor { try? descriptor.close() }
    }

    /// Bytes in the window.
    var available: Int { end &- start }

    var isCompressed: Bool { unpacker != nil }

    /// Whether the file can be looked at ahead without waiting for a writer: not a pipe, socket or terminal.
    var isRegularFile: Bool {
        guard let status = try? descriptor.stat() else { return false }
        return status.type == .regular
    }

    /// Makes `count` bytes available, reading as needed; `false` when the file ends before. Nothing is consumed.
    @inline(__always)
    mutating func fill(_ count: Int) throws(CaptureFileError) -> Bool {
        if end &- start >= count { return true }
        return try fillSlowly(count)
    }

    @inline(never)
    private mutating func fillSlowly(_ count: Int) throws(CaptureFileError) -> Bool {
        if start > 0 {
            unsafe base.copyMemory(from: base + start, byteCount: end - start)
            end -= start
            start = 0
        }
        while end < count {
            if end == capacity {
                let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity * 2, alignment: 16)
                unsafe larger.copyMemory(from: base, byteCount: end)
                unsafe base.deallocate()
                unsafe base = larger
                capacity *= 2
            }
            let got = try readMore()
            if got == 0 { return false }
            end += got
        }
        return true
    }

    /// Reads once into the free end of the buffer; 0 at the end of the file.
    private mutating func readMore() throws(CaptureFileError) -> Int {
        let room = unsafe UnsafeMutableRawBufferPointer(start: base + end, count: capacity - end)
        guard let unpacker else { return try unsafe read(into: room) }
        while true {
            switch unsafe unpacker.unpack(into: room) {
            case .produced(let count): return count
            case .needsInput:
                let input = unsafe unpacker.input.room
                let got = try unsafe read(into: input)
                if got == 0 {
                    if unpacker.isBetweenMembers { return 0 }
                    throw CaptureFileError(
                        kind: .truncated, file: name, offset: offset &+ UInt64(end),
                        message: "the \(unpacker.format)-compressed data is cut short, after what unpacks")
                }
                unpacker.input.received(got)
            case .damaged(let reason):
                throw CaptureFileError(
                    kind: .malformed, file: name, offset: offset &+ UInt64(end),
                    message: "the \(unpacker.format)-compressed data is damaged (\(reason)), after what unpacks")
            }
        }
    }

    /// read(2), repeated after a signal.
    private func read(into room: UnsafeMutableRawBufferPointer) throws(CaptureFileError) -> Int {
        do {
            return try unsafe descriptor.read(into: room, retryOnInterrupt: true)
        } catch {
            let number = (error as? Errno) ?? .ioError
            throw CaptureFileError(
                kind: .cannotRead(number), file: name, offset: nil,
                message: number == .isDirectory ? "is a directory, not a capture file" : "cannot be read: \(number)")
        }
    }

    /// Moves the window on. The bytes before it are gone.
    @inline(__always)
    mutating func consume(_ count: Int) {
        let step = min(max(count, 0), end &- start)
        start &+= step
        offset &+= UInt64(truncatingIfNeeded: step)
    }

    /// Moves the window on over `count` bytes without keeping them, however many; gives how many are left at the file's
    /// end.
    mutating func skip(_ count: Int) throws(CaptureFileError) -> Int {
        var left = count
        while left > available {
            left -= available
            consume(available)
            if try !fill(1) { return left }
        }
        consume(left)
        return 0
    }

    /// Switches to unpacking: what is in the window is compressed, and the window restarts with the unpacked bytes.
    mutating func unpack(with unpacker: some StreamUnpacker) {
        unsafe unpacker.input.take(UnsafeRawBufferPointer(start: base + start, count: end - start))
        self.unpacker = unpacker
        start = 0
        end = 0
        offset = 0
    }

    // MARK: Loads. Outside the window they give 0, so that a mistake shows nonsense instead of another file's bytes.

    @inline(__always)
    func uint8(at position: Int) -> UInt8 {
        guard position >= 0, position < end &- start else { return 0 }
        return unsafe base.load(fromByteOffset: start &+ position, as: UInt8.self)
    }

    @inline(__always)
    func uint16(at position: Int, bigEndian: Bool) -> UInt16 {
        guard position >= 0, position <= end &- start &- 2 else { return 0 }
        let value = unsafe base.loadUnaligned(fromByteOffset: start &+ position, as: UInt16.self)
        return bigEndian ? UInt16(bigEndian: value) : UInt16(littleEndian: value)
    }

    @inline(__always)
    func uint32(at position: Int, bigEndian: Bool) -> UInt32 {
        guard position >= 0, position <= end &- start &- 4 else { return 0 }
        let value = unsafe base.loadUnaligned(fromByteOffset: start &+ position, as: UInt32.self)
        return bigEndian ? UInt32(bigEndian: value) : UInt32(littleEndian: value)
    }

    @inline(__always)
    func uint64(at position: Int, bigEndian: Bool) -> UInt64 {
        guard position >= 0, position <= end &- start &- 8 else { return 0 }
        let value = unsafe base.loadUnaligned(fromByteOffset: start &+ position, as: UInt64.self)
        return bigEndian ? UInt64(bigEndian: value) : UInt64(littleEndian: value)
    }

    /// A borrowed view of `count` bytes of the window; shorter when the window ends before.
    @_lifetime(borrow self)
    func span(at position: Int, count: Int) -> RawSpan {
        let from = min(max(position, 0), end &- start)
        let length = min(max(count, 0), end &- start &- from)
        let span = unsafe RawSpan(_unsafeStart: base + (start &+ from), byteCount: length)
        return unsafe _overrideLifetime(span, borrowing: self)
    }

    /// Appends `count` bytes of the window to an array; fewer when the window ends before.
    func append(at position: Int, count: Int, to array: inout [UInt8]) {
        let from = min(max(position, 0), available)
        unsafe array.append(
            contentsOf: UnsafeRawBufferPointer(
                start: base + (start + from), count: min(max(count, 0), available - from)))
    }

    /// `count` bytes as UTF-8 up to the first zero byte; what is not UTF-8 becomes U+FFFD.
    func string(at position: Int, count: Int) -> String {
        let from = min(max(position, 0), available)
        let buffer = unsafe UnsafeRawBufferPointer(
            start: base + (start + from), count: min(max(count, 0), available - from))
        return unsafe String(decoding: buffer.prefix { $0 != 0 }, as: UTF8.self)
    }
}

extension CaptureFileReader {
    /// The captured bytes of the current packet, borrowed from the read buffer: gone at the next `next`.
    ///
    /// It stands in this file because the compiler (6.3.1) does not see that what borrows from a stored property
    /// borrows from the whole, and saying so counts as unsafe.
    public var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            let span = blocks.span(at: dataStart, count: dataLength)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// Appends the captured bytes of the current packet to an array.
    func appendBytes(to array: inout [UInt8]) { blocks.append(at: dataStart, count: dataLength, to: &array) }

    /// Whether the file can be read on without waiting for a writer.
    public var isRegularFile: Bool { blocks.isRegularFile }
}
