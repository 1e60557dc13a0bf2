import Platform

/// Unpacks LZ4 frames (the LZ4 Frame Format Description, version 1.6), which Wireshark can write, with the system's
/// liblz4 where it is installed. A block has at most 4 MB, so memory is bounded.
///
/// Unsafe: liblz4 keeps its state behind a pointer and takes pointers to input and output with their sizes.
@safe final class LZ4Decoder: FrameDecoder {
    private typealias Create = @convention(c) (UnsafeMutablePointer<OpaquePointer?>, UInt32) -> Int
    private typealias Free = @convention(c) (OpaquePointer?) -> Int
    private typealias Decompress =
        @convention(c) (
            OpaquePointer?, UnsafeMutableRawPointer?, UnsafeMutablePointer<Int>, UnsafeRawPointer?,
            UnsafeMutablePointer<Int>, UnsafeRawPointer?
        ) -> Int

    /// `LZ4F_VERSION`: of the interface, not of the library.
    private static let version: UInt32 = 100

    let format: StaticString = "lz4"
    let errors: LibraryErrors
    private let context: OpaquePointer
    private let free: Free
    private let decompress: Decompress

    /// nil where the library is missing.
    init?() {
        guard let library = SharedLibrary.compression("lz4"), let errors = LibraryErrors(library, prefix: "LZ4F_"),
            let create = unsafe library.function("LZ4F_createDecompressionContext", as: Create.self),
            let free = unsafe library.function("LZ4F_freeDecompressionContext", as: Free.self),
            let decompress = unsafe library.function("LZ4F_decompress", as: Decompress.self)
        else { return nil }
        var made: OpaquePointer?
        guard unsafe errors.message(create(&made, Self.version)) == nil, let context = unsafe made else { return nil }
        self.errors = errors
        unsafe self.context = context
        unsafe self.free = free
        unsafe self.decompress = decompress
    }

    deinit {
        _ = unsafe free(context)
    }

    func decode(_ input: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer) -> DecodingStep {
        var taken = input.count
        var produced = room.count
        let result = unsafe decompress(context, room.baseAddress, &produced, input.baseAddress, &taken, nil)
        return DecodingStep(result: result, taken: taken, produced: produced)
    }
}
