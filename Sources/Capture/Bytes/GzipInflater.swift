import CZlib

/// zlib's `inflate` for gzip data (RFC 1952), as a stream and over several members: the files of `cat a.gz b.gz` and of
/// rotating writers are one capture.
///
/// Unsafe: zlib keeps a pointer to its state and takes pointers to input and output. Both live here and are
/// never longer than zlib is told.
@safe final class GzipInflater: StreamUnpacker {
    let format: StaticString = "gzip"
    private let stream: UnsafeMutablePointer<z_stream>
    let input = PackedInput(size: 64 * 1024)
    private(set) var isBetweenMembers = false

    /// `nil` when zlib has no memory for its 32 KB window.
    init?() {
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        // 15 window bits, + 16: gzip only.
        let status = unsafe inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        if status != Z_OK {
            unsafe stream.deallocate()
            return nil
        }
    }

    deinit {
        _ = unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    func unpack(into room: UnsafeMutableRawBufferPointer) -> UnpackingStep {
        while true {
            if input.isEmpty { return .needsInput }
            if isBetweenMembers {
                // What follows a member and is no gzip header is not part of the capture: zlib says "incorrect header".
                if unsafe inflateReset(stream) != Z_OK { return .damaged("zlib could not restart") }
                isBetweenMembers = false
            }
            let waiting = unsafe input.waiting
            // zlib promises not to write there.
            unsafe stream.pointee.next_in = UnsafeMutablePointer(
                mutating: waiting.baseAddress?.assumingMemoryBound(to: UInt8.self))
            let offered = UInt32(clamping: waiting.count)
            unsafe stream.pointee.avail_in = offered
            let limit = UInt32(clamping: room.count)
            unsafe stream.pointee.next_out = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
            unsafe stream.pointee.avail_out = limit
            let status = unsafe CZlib.inflate(stream, Z_NO_FLUSH)
            unsafe input.use(Int(offered - stream.pointee.avail_in))
            let produced = unsafe Int(limit - stream.pointee.avail_out)
            switch status {
            case Z_OK, Z_BUF_ERROR:
                if produced > 0 { return .produced(produced) }
            case Z_STREAM_END:
                isBetweenMembers = true
                if produced > 0 { return .produced(produced) }
            case Z_NEED_DICT:
                return .damaged("it needs a preset dictionary")
            default:
                if produced > 0 { return .produced(produced) }
                return unsafe .damaged(stream.pointee.msg.map { unsafe String(cString: $0) } ?? "zlib error \(status)")
            }
        }
    }
}
