/// Unpacks zstd (RFC 8878), which Wireshark can write, with the system's libzstd where it is installed: Debian's own package
/// tools need it.
///
/// Unsafe: libzstd keeps its state behind a pointer and takes pointers to input and output, each with a size and a place
/// (`ZSTD_inBuffer`, `ZSTD_outBuffer`: three words).
@safe final class ZstdUnpacker: StreamUnpacker {
    private typealias Create = @convention(c) () -> OpaquePointer?
    private typealias Free = @convention(c) (OpaquePointer?) -> Int
    private typealias SetParameter = @convention(c) (OpaquePointer?, Int32, Int32) -> Int
    private typealias Decompress = @convention(c) (OpaquePointer?, UnsafeMutableRawPointer, UnsafeMutableRawPointer) -> Int
    private typealias IsError = @convention(c) (Int) -> UInt32
    private typealias ErrorName = @convention(c) (Int) -> UnsafePointer<CChar>?

    /// `ZSTD_d_windowLogMax`, and the window that every decoder should have (RFC 8878 section 3.1.1.1.2): 8 MB. A frame that
    /// asks for more is refused, so that memory does not follow what a file says.
    private static let windowLogMax: Int32 = 100
    private static let windowLog: Int32 = 23

    let format: StaticString = "zstd"
    private(set) var isBetweenMembers = true
    private let stream: OpaquePointer
    private let free: Free
    private let decompress: Decompress
    private let isError: IsError
    private let errorName: ErrorName
    let input = PackedInput(size: 128 * 1024)

    /// nil where the library is missing.
    init?() {
        guard let library = SharedLibrary(["libzstd.so.1", "libzstd.1.dylib", "/opt/homebrew/lib/libzstd.1.dylib"]),
            let create = unsafe library.function("ZSTD_createDStream", as: Create.self),
            let free = unsafe library.function("ZSTD_freeDStream", as: Free.self),
            let set = unsafe library.function("ZSTD_DCtx_setParameter", as: SetParameter.self),
            let decompress = unsafe library.function("ZSTD_decompressStream", as: Decompress.self),
            let isError = library.function("ZSTD_isError", as: IsError.self),
            let errorName = unsafe library.function("ZSTD_getErrorName", as: ErrorName.self),
            let stream = unsafe create()
        else { return nil }
        _ = unsafe set(stream, Self.windowLogMax, Self.windowLog)
        unsafe self.stream = stream
        unsafe self.free = free
        unsafe self.decompress = decompress
        self.isError = isError
        unsafe self.errorName = errorName
    }

    deinit {
        _ = unsafe free(stream)
    }

    func unpack(into room: UnsafeMutableRawBufferPointer) -> UnpackingStep {
        while true {
            // Output that did not fit last time may still be inside: even without input it has to be asked.
            if input.isEmpty, isBetweenMembers { return .needsInput }
            var from: (UnsafeRawPointer?, Int, Int) = unsafe (input.waiting.baseAddress, input.waiting.count, 0)
            var into: (UnsafeMutableRawPointer?, Int, Int) = (room.baseAddress, room.count, 0)
            let left = unsafe withUnsafeMutablePointer(to: &from) { from in
                unsafe withUnsafeMutablePointer(to: &into) { into in unsafe decompress(stream, into, from) }
            }
            if isError(left) != 0 { return unsafe .damaged(errorName(left).map { unsafe String(cString: $0) } ?? "zstd error") }
            unsafe input.use(from.2)
            // 0: the frame is complete and all of it handed out.
            isBetweenMembers = left == 0
            if unsafe into.2 > 0 { return unsafe .produced(into.2) }
            if input.isEmpty, !isBetweenMembers { return .needsInput }
        }
    }
}
