import Platform

/// Unpacks a stream of frames with a decoder from a library that was found at run time. This is the loop that zstd and
/// LZ4 share.
///
/// Unsafe: decoders take pointers to input and output with their sizes.
@safe final class LibraryUnpacker<Decoder: FrameDecoder>: StreamUnpacker {
    let format: StaticString
    private(set) var isBetweenMembers = true
    let input = PackedInput(size: 128 * 1024)
    private let decoder: Decoder

    init(_ decoder: Decoder) {
        self.decoder = decoder
        format = decoder.format
    }

    func unpack(into room: UnsafeMutableRawBufferPointer) -> UnpackingStep {
        while true {
            // Output that did not fit last time may still be inside: even without input it has to be asked.
            if input.isEmpty, isBetweenMembers { return .needsInput }
            let step = unsafe decoder.decode(input.waiting, into: room)
            if let message = decoder.errors.message(step.result) { return .damaged(message) }
            input.use(step.taken)
            isBetweenMembers = step.result == 0
            if step.produced > 0 { return .produced(step.produced) }
            if input.isEmpty, !isBetweenMembers { return .needsInput }
        }
    }
}

/// What a library does with the frames of its format.
protocol FrameDecoder: AnyObject {
    /// What the format is called in messages.
    var format: StaticString { get }
    var errors: LibraryErrors { get }
    /// Takes as much of the input as it can use, and writes as much as there is room for.
    func decode(_ input: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer) -> DecodingStep
}

/// How far one call of a decoder got.
struct DecodingStep {
    /// 0: the frame is complete and all of it handed out. Else a hint or an error, which `LibraryErrors` tells apart.
    var result: Int
    var taken: Int
    var produced: Int
}

/// How zstd and LZ4 tell errors: among the results, under functions of the same form.
@safe struct LibraryErrors {
    private typealias IsError = @convention(c) (Int) -> UInt32
    private typealias ErrorName = @convention(c) (Int) -> UnsafePointer<CChar>?

    private let isError: IsError
    private let errorName: ErrorName

    /// - Parameter prefix: what the functions' names begin with.
    /// - Returns: nil where the library does not have them.
    init?(_ library: SharedLibrary, prefix: String) {
        guard let isError = library.function(prefix + "isError", as: IsError.self),
            let errorName = unsafe library.function(prefix + "getErrorName", as: ErrorName.self)
        else { return nil }
        self.isError = isError
        unsafe self.errorName = errorName
    }

    /// What a result says is wrong; nil where nothing is.
    func message(_ result: Int) -> String? {
        if isError(result) == 0 { return nil }
        return unsafe errorName(result).map { unsafe String(cString: $0) } ?? "error \(result)"
    }
}

extension SharedLibrary {
    /// A compression library by the names that Linux and macOS have for it.
    static func compression(_ name: String) -> SharedLibrary? {
        SharedLibrary(["lib\(name).so.1", "lib\(name).1.dylib", "/opt/homebrew/lib/lib\(name).1.dylib"])
    }
}
