/// Compressed bytes of a file that an unpacker has not used up yet.
///
/// Unsafe: the unpackers are C libraries, which take a pointer and a size. Both come from here, so that they belong
/// together.
@safe final class PackedInput {
    private var buffer: UnsafeMutableRawBufferPointer
    private var used = 0
    private var filled = 0

    /// - Parameter size: bytes that there is room for.
    init(size: Int) { unsafe buffer = .allocate(byteCount: size, alignment: 16) }

    deinit { unsafe buffer.deallocate() }

    /// The bytes that wait.
    var waiting: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(rebasing: buffer[used..<filled]) }
    var isEmpty: Bool { used == filled }

    /// So many of those that waited are used up.
    func use(_ count: Int) { used += min(max(0, count), filled - used) }

    /// Where the next bytes go; asked for only when all of the last ones are used up.
    var room: UnsafeMutableRawBufferPointer { unsafe buffer }

    /// So many bytes were put there.
    func received(_ count: Int) { unsafe (used, filled) = (0, min(count, buffer.count)) }

    /// Starts with bytes that were read before anyone knew what they are.
    func take(_ bytes: UnsafeRawBufferPointer) {
        if unsafe bytes.count > buffer.count {
            unsafe buffer.deallocate()
            unsafe buffer = .allocate(byteCount: bytes.count, alignment: 16)
        }
        unsafe buffer.copyMemory(from: bytes)
        received(bytes.count)
    }
}
