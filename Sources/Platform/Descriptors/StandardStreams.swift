import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The streams that a command was started with, as the system sees them.
public enum StandardStreams {
    /// isatty(3).
    public static func isTerminal(_ descriptor: FileDescriptor) -> Bool { isatty(descriptor.rawValue) == 1 }

    /// How many columns a terminal has: ioctl(2) TIOCGWINSZ. nil where the descriptor is no terminal.
    public static func columns(_ descriptor: FileDescriptor) -> Int? {
        var size = winsize()
        guard unsafe ioctl(descriptor.rawValue, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    /// write(2) until everything is written. Interrupted and short writes go on.
    ///
    /// - Throws: EPIPE when nobody reads any more (SIGPIPE is ignored, see `ignoreClosedPipes`), ENOSPC on a full disk.
    public static func write(_ bytes: RawSpan, to descriptor: FileDescriptor) throws(Errno) {
        var written = 0
        while written < bytes.byteCount {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe platformWrite(
                    descriptor.rawValue, buffer.baseAddress?.advanced(by: written), buffer.count - written)
            }
            if count < 0 {
                let code = errno
                if code == EINTR { continue }
                throw Errno(rawValue: code)
            }
            written += count
        }
    }

    /// The same for bytes that have a type.
    public static func write(_ bytes: Span<UInt8>, to descriptor: FileDescriptor) throws(Errno) {
        try unsafe write(bytes.bytes, to: descriptor)
    }

    /// read(2) once, at most as much as the buffer holds; interrupted reads go on.
    public static func read(_ descriptor: FileDescriptor, into buffer: inout [UInt8]) throws(Errno) -> Int {
        do {
            return try unsafe buffer.withUnsafeMutableBytes {
                unsafe try descriptor.read(into: $0, retryOnInterrupt: true)
            }
        } catch {
            throw (error as? Errno) ?? .ioError
        }
    }

    /// Fills the places of standard streams that were closed when the program began, so that no file or socket gets
    /// their numbers and is written to in their place. As glibc does for programs with more rights than their user:
    /// what stands there can be neither read nor written, so that a result that cannot be given is told (EBADF). To be
    /// called before anything is opened.
    public static func fillGaps() {
        for descriptor: Int32 in 0...2 where fcntl(descriptor, F_GETFD) < 0 {
            // open(2) takes the lowest number that is free: this one.
            _ = try? FileDescriptor.open(FilePath("/dev/null"), descriptor == 0 ? .writeOnly : .readOnly)
        }
    }

    /// signal(2): a write to a closed pipe is an error to handle, not the end of the process.
    public static func ignoreClosedPipes() { _ = signal(SIGPIPE, SIG_IGN) }
}

private let platformWrite = unsafe write as @Sendable (Int32, UnsafeRawPointer?, Int) -> Int
