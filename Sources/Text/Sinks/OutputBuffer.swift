/// Where all text goes: a block of bytes that is handed on when it is full.
///
/// The hot path of `show`: one comparison and one store a byte, no String. This is one of the few files where `unsafe`
/// stands (`Tests/ArchitectureTests/Rules/Words.swift` lists them): the block is owned by this value alone, and every
/// store is behind the comparison with `capacity`.
@safe
public struct OutputBuffer: ~Copyable, TextSink {
    /// Takes a full block; returns false when nobody reads any more (a closed pipe).
    public typealias Drain = (RawSpan) -> Bool

    @usableFromInline let base: UnsafeMutablePointer<UInt8>
    @usableFromInline let capacity: Int
    @usableFromInline var used = 0
    @usableFromInline let drain: Drain
    /// False once the reader has gone: what is appended from then on is dropped.
    public internal(set) var isOpen = true
    /// Whether styles are written: true for terminals that want colour.
    public let colours: Bool

    /// - Parameters:
    ///   - capacity: bytes in the block.
    ///   - colours: whether `append(style:)` writes escape sequences.
    ///   - drain: is given each full block, and what is left on `flush`.
    public init(capacity: Int = 1 << 18, colours: Bool = false, drain: @escaping Drain) {
        self.capacity = max(64, capacity)
        unsafe base = .allocate(capacity: self.capacity)
        self.drain = drain
        self.colours = colours
    }

    deinit { unsafe base.deallocate() }

    /// Appends one byte.
    @inlinable @inline(__always)
    public mutating func append(ascii byte: UInt8) {
        if used == capacity { flush() }
        unsafe base[used] = byte
        used &+= 1
    }

    /// Appends the lowest `count` bytes of a number, at most 8, the lowest first.
    @inlinable @inline(__always)
    public mutating func append(packed bytes: UInt64, count: Int) {
        if capacity &- used < 8 { flush() }
        // Eight bytes are stored whatever the count is: what is too much is overwritten by what comes next.
        unsafe UnsafeMutableRawPointer(base).storeBytes(of: bytes.littleEndian, toByteOffset: used, as: UInt64.self)
        used &+= max(0, min(count, 8))
    }

    /// Appends a literal. Its length is known where this is compiled in, so that only the loads and stores for it are
    /// left.
    @inlinable @inline(__always)
    public mutating func append(_ text: StaticString) {
        let count = text.utf8CodeUnitCount
        guard count <= 32, text.hasPointerRepresentation else { return append(long: text) }
        if capacity &- used < count { flush() }
        let source = unsafe UnsafeRawPointer(text.utf8Start)
        unsafe copy(source, count)
    }

    /// Stores up to 64 bytes, for which there is room.
    @inlinable @inline(__always)
    mutating func copy(_ source: UnsafeRawPointer, _ count: Int) {
        let target = unsafe UnsafeMutableRawPointer(base.advanced(by: used))
        // Two or four loads and stores that may overlap, instead of a call of memmove.
        if count > 32 {
            let first = unsafe source.loadUnaligned(as: UInt128.self)
            let second = unsafe source.loadUnaligned(fromByteOffset: 16, as: UInt128.self)
            let third = unsafe source.loadUnaligned(fromByteOffset: count &- 32, as: UInt128.self)
            let last = unsafe source.loadUnaligned(fromByteOffset: count &- 16, as: UInt128.self)
            unsafe target.storeBytes(of: first, as: UInt128.self)
            unsafe target.storeBytes(of: second, toByteOffset: 16, as: UInt128.self)
            unsafe target.storeBytes(of: third, toByteOffset: count &- 32, as: UInt128.self)
            unsafe target.storeBytes(of: last, toByteOffset: count &- 16, as: UInt128.self)
        } else if count > 16 {
            let first = unsafe source.loadUnaligned(as: UInt128.self)
            let last = unsafe source.loadUnaligned(fromByteOffset: count &- 16, as: UInt128.self)
            unsafe target.storeBytes(of: first, as: UInt128.self)
            unsafe target.storeBytes(of: last, toByteOffset: count &- 16, as: UInt128.self)
        } else if count >= 8 {
            let first = unsafe source.loadUnaligned(as: UInt64.self)
            let last = unsafe source.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
            unsafe target.storeBytes(of: first, as: UInt64.self)
            unsafe target.storeBytes(of: last, toByteOffset: count &- 8, as: UInt64.self)
        } else if count >= 4 {
            let first = unsafe source.loadUnaligned(as: UInt32.self)
            let last = unsafe source.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self)
            unsafe target.storeBytes(of: first, as: UInt32.self)
            unsafe target.storeBytes(of: last, toByteOffset: count &- 4, as: UInt32.self)
        } else if count >= 2 {
            let first = unsafe source.loadUnaligned(as: UInt16.self)
            let last = unsafe source.loadUnaligned(fromByteOffset: count &- 2, as: UInt16.self)
            unsafe target.storeBytes(of: first, as: UInt16.self)
            unsafe target.storeBytes(of: last, toByteOffset: count &- 2, as: UInt16.self)
        } else if count == 1 {
            unsafe target.storeBytes(of: source.load(as: UInt8.self), as: UInt8.self)
        }
        used &+= count
    }

    @inline(never)
    @usableFromInline
    mutating func append(long text: StaticString) { append(text: "\(text)") }

    /// Appends text of our own making; what others wrote goes through `append(escaping:)`.
    @inlinable
    public mutating func append(text: String) {
        var text = text
        text.withUTF8 { bytes in
            guard let start = bytes.baseAddress else { return }
            if capacity &- used < bytes.count { flush() }
            if bytes.count <= capacity {
                unsafe UnsafeMutableRawPointer(base.advanced(by: used)).copyMemory(from: start, byteCount: bytes.count)
                used &+= bytes.count
            } else {
                for index in 0..<bytes.count { append(ascii: unsafe bytes[index]) }
            }
        }
    }

    /// Appends bytes as they are: for the formats that carry a packet's own bytes.
    @inlinable
    public mutating func append(raw bytes: RawSpan) {
        guard bytes.byteCount <= 64, capacity &- used >= bytes.byteCount else { return append(long: bytes) }
        unsafe bytes.withUnsafeBytes { source in
            if let first = source.baseAddress { unsafe copy(first, source.count) }
        }
    }

    @inline(never)
    @usableFromInline
    mutating func append(long bytes: RawSpan) {
        var start = 0
        while start < bytes.byteCount {
            if used == capacity { flush() }
            let count = min(capacity &- used, bytes.byteCount &- start)
            unsafe bytes.withUnsafeBytes { source in
                guard let first = source.baseAddress else { return }
                unsafe UnsafeMutableRawPointer(base.advanced(by: used)).copyMemory(
                    from: first.advanced(by: start), byteCount: count)
                used &+= count
            }
            start &+= count
        }
    }

    /// Appends `count` spaces; none where it is negative.
    @inlinable
    public mutating func append(spaces count: Int) {
        var left = count
        while left > 0 {
            append(packed: 0x2020_2020_2020_2020, count: left)
            left &-= 8
        }
    }

    /// Hands on what is there. After a refusal everything is dropped.
    public mutating func flush() {
        guard used > 0 else { return }
        if isOpen { isOpen = drain(unsafe RawSpan(_unsafeStart: base, byteCount: used)) }
        used = 0
    }
}
