import Platform

/// Unpacks zstd (RFC 8878), which Wireshark can write, with the system's libzstd where it is installed: Debian's own
/// package tools need it.
///
/// Unsafe: libzstd keeps its state behind a pointer and takes pointers to input and output, each with a size and a
/// place (`ZSTD_inBuffer`, `ZSTD_outBuffer`: three words).
@safe final class ZstdDecoder: FrameDecoder {
    private typealias Create = @convention(c) () -> OpaquePointer?
    private typealias Free = @convention(c) (OpaquePointer?) -> Int
    private typealias SetParameter = @convention(c) (OpaquePointer?, Int32, Int32) -> Int
    private typealias Decompress =
        @convention(c) (OpaquePointer?, UnsafeMutableRawPointer, UnsafeMutableRawPointer) -> Int

    /// `ZSTD_d_windowLogMax`, and the window that every decoder should have (RFC 8878 section 3.1.1.1.2): 8 MB. A frame
    /// that asks for more is refused, so that memory does not follow what a file says.
    private static let windowLogMax: Int32 = 100
    private static let windowLog: Int32 = 23

    let format: StaticString = "zstd"
    let errors: LibraryErrors
    private let stream: OpaquePointer
    private let free: Free
    private let decompress: Decompress

    /// nil where the library is missing.
    init?() {
        guard let library = SharedLibrary.compression("zstd"), let errors = LibraryErrors(library, prefix: "ZSTD_"),
            let create = unsafe library.function("ZSTD_createDStream", as: Create.self),
            let free = unsafe library.function("ZSTD_freeDStream", as: Free.self),
            let set = unsafe library.function("ZSTD_DCtx_setParameter", as: SetParameter.self),
            let decompress = unsafe library.function("ZSTD_decompressStream", as: Decompress.self),
            let stream = unsafe create()
        else { return nil }
        _ = unsafe set(stream, Self.windowLogMax, Self.windowLog)
        self.errors = errors
        unsafe self.stream = stream
        unsafe self.free = free
        unsafe self.decompress = decompress
    }

    deinit {
        _ = unsafe free(stream)
    }

    func decode(_ input: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer) -> DecodingStep {
        var from: (UnsafeRawPointer?, Int, Int) = (input.baseAddress, input.count, 0)
        var into: (UnsafeMutableRawPointer?, Int, Int) = (room.baseAddress, room.count, 0)
        let result = unsafe withUnsafeMutablePointer(to: &from) { from in
            unsafe withUnsafeMutablePointer(to: &into) { into in unsafe decompress(stream, into, from) }
        }
        return unsafe DecodingStep(result: result, taken: from.2, produced: into.2)
    }
}
