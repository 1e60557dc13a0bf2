/// Unpacks LZ4 frames (the LZ4 Frame Format Description, version 1.6), which Wireshark can write, with the system's liblz4
/// where it is installed. A block has at most 4 MB, so memory is bounded.
///
/// Unsafe: liblz4 keeps its state behind a pointer and takes pointers to input and output with their sizes.
@safe final class LZ4Unpacker: StreamUnpacker {
    private typealias Create = @convention(c) (UnsafeMutablePointer<OpaquePointer?>, UInt32) -> Int
    private typealias Free = @convention(c) (OpaquePointer?) -> Int
    private typealias Decompress = @convention(c) (
        OpaquePointer?, UnsafeMutableRawPointer?, UnsafeMutablePointer<Int>, UnsafeRawPointer?, UnsafeMutablePointer<Int>, UnsafeRawPointer?
    ) -> Int
    private typealias IsError = @convention(c) (Int) -> UInt32
    private typealias ErrorName = @convention(c) (Int) -> UnsafePointer<CChar>?

    /// `LZ4F_VERSION`: of the interface, not of the library.
    private static let version: UInt32 = 100

    let format: StaticString = "lz4"
    private(set) var isBetweenMembers = true
    private let context: OpaquePointer
    private let free: Free
    private let decompress: Decompress
    private let isError: IsError
    private let errorName: ErrorName
    let input = PackedInput(size: 128 * 1024)

    /// nil where the library is missing.
    init?() {
        guard let library = SharedLibrary(["liblz4.so.1", "liblz4.1.dylib", "/opt/homebrew/lib/liblz4.1.dylib"]),
            let create = unsafe library.function("LZ4F_createDecompressionContext", as: Create.self),
            let free = unsafe library.function("LZ4F_freeDecompressionContext", as: Free.self),
            let decompress = unsafe library.function("LZ4F_decompress", as: Decompress.self),
            let isError = library.function("LZ4F_isError", as: IsError.self),
            let errorName = unsafe library.function("LZ4F_getErrorName", as: ErrorName.self)
        else { return nil }
        var made: OpaquePointer?
        guard unsafe isError(create(&made, Self.version)) == 0, let context = unsafe made else { return nil }
        unsafe self.context = context
        unsafe self.free = free
        unsafe self.decompress = decompress
        self.isError = isError
        unsafe self.errorName = errorName
    }

    deinit {
        _ = unsafe free(context)
    }

    func unpack(into room: UnsafeMutableRawBufferPointer) -> UnpackingStep {
        while true {
            // Output that did not fit last time may still be inside: even without input it has to be asked.
            if input.isEmpty, isBetweenMembers { return .needsInput }
            var taken = unsafe input.waiting.count
            var produced = room.count
            let left = unsafe decompress(context, room.baseAddress, &produced, input.waiting.baseAddress, &taken, nil)
            if isError(left) != 0 { return unsafe .damaged(errorName(left).map { unsafe String(cString: $0) } ?? "lz4 error") }
            input.use(taken)
            // 0: the frame is complete and all of it handed out.
            isBetweenMembers = left == 0
            if produced > 0 { return .produced(produced) }
            if input.isEmpty, !isBetweenMembers { return .needsInput }
        }
    }
}
