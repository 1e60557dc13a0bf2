import SystemPackage

/// Collects whole records and writes them in blocks. Every byte of a capture file is written through it.
///
/// It remembers where records end, so that after a failed write (a full disk, a quota, a size limit) the file can be
/// cut back to the last whole record: what was captured before stays readable.
///
/// Unsafe: the buffer is raw memory that packets are copied into without a detour through arrays.
@safe struct BlockWriter: ~Copyable {
    private static let blockSize = 256 * 1024

    private var buffer: UnsafeMutableRawBufferPointer
    private var count = 0
    /// Ends of whole packets within the buffer.
    private var recordEnds: [Int] = []
    /// Where headers and descriptions end, which are whole but are no packets: file header, section, interfaces,
    /// statistics.
    private var wholeEnds: [Int] = []
    /// Packets that were written.
    private var recordsWritten = 0
    private var failure: CaptureWriteError?
    private let descriptor: FileDescriptor
    private var closesDescriptor: Bool
    let name: String

    /// Creates the file, or empties it: `open(2)` with O_CREAT, O_TRUNC and mode 0644.
    init(path: String) throws(CaptureWriteError) {
        do {
            let descriptor = try FileDescriptor.open(
                FilePath(path), .writeOnly, options: [.create, .truncate, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead], retryOnInterrupt: true)
            self.init(descriptor: descriptor, closesDescriptor: true, name: path)
        } catch {
            let number = (error as? Errno) ?? .ioError
            throw CaptureWriteError(
                kind: .cannotCreate(number), file: path, recordsWritten: 0, message: "cannot be written: \(number)")
        }
    }

    init(descriptor: FileDescriptor, closesDescriptor: Bool, name: String) {
        unsafe buffer = .allocate(byteCount: Self.blockSize, alignment: 16)
        self.descriptor = descriptor
        self.closesDescriptor = closesDescriptor
        self.name = name
    }

    deinit {
        unsafe buffer.deallocate()
        if closesDescriptor { try? descriptor.close() }
    }

    // MARK: Filling. Nothing is written before `endRecord` or `flush`; the buffer grows for a long record.

    @inline(__always)
    private mutating func reserve(_ more: Int) {
        if unsafe buffer.count &- count < more { grow(more) }
    }

    @inline(never)
    private mutating func grow(_ more: Int) {
        let larger = unsafe UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(buffer.count * 2, count + more), alignment: 16)
        unsafe larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        unsafe buffer.deallocate()
        unsafe buffer = larger
    }

    @inline(__always)
    mutating func append(_ value: UInt32) {
        reserve(4)
        unsafe buffer.storeBytes(of: value.littleEndian, toByteOffset: count, as: UInt32.self)
        count &+= 4
    }

    mutating func append(_ value: UInt16) {
        reserve(2)
        unsafe buffer.storeBytes(of: value.littleEndian, toByteOffset: count, as: UInt16.self)
        count &+= 2
    }

    mutating func append(_ value: UInt64) {
        append(UInt32(truncatingIfNeeded: value))
        append(UInt32(truncatingIfNeeded: value >> 32))
    }

    mutating func append(_ value: UInt8) {
        reserve(1)
        unsafe buffer[count] = value
        count &+= 1
    }

    /// The bytes, and zeros up to a multiple of `alignment`.
    mutating func append(_ bytes: RawSpan, alignment: Int = 1) {
        let length = bytes.byteCount
        reserve(length &+ alignment)
        unsafe bytes.withUnsafeBytes { source in
            unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[count...]).copyMemory(from: source)
        }
        count &+= length
        var filled = length
        while filled % alignment != 0 {
            append(0 as UInt8)
            filled &+= 1
        }
    }

    // MARK: Writing

    /// Says that what was appended is whole, but no packet: a file header, a description.
    mutating func endFileHeader() throws(CaptureWriteError) {
        if let failure { throw failure }
        wholeEnds.append(count)
    }

    /// Packets that were appended.
    var recordsAppended: Int { recordsWritten + recordEnds.count }

    /// Says that what was appended is a whole record, and writes when there is enough of it.
    mutating func endRecord() throws(CaptureWriteError) {
        if let failure { throw failure }
        recordEnds.append(count)
        if count >= Self.blockSize { try flush() }
    }

    /// Writes all there is with write(2): short writes are continued, calls that a signal interrupts are repeated.
    mutating func flush() throws(CaptureWriteError) {
        if let failure { throw failure }
        var done = 0
        while done < count {
            do {
                done += try unsafe descriptor.write(
                    UnsafeRawBufferPointer(rebasing: buffer[done..<count]), retryOnInterrupt: true)
            } catch {
                throw giveUp((error as? Errno) ?? .ioError, after: done)
            }
        }
        recordsWritten += recordEnds.count
        recordEnds.removeAll(keepingCapacity: true)
        wholeEnds.removeAll(keepingCapacity: true)
        count = 0
    }

    /// Flushes and closes; some file systems tell of a full disk only now.
    mutating func finish() throws(CaptureWriteError) {
        try flush()
        guard closesDescriptor else { return }
        closesDescriptor = false
        do { try descriptor.close() } catch {
            throw fail((error as? Errno) ?? .ioError)
        }
    }

    /// Cuts the file back to the last whole record, where it is a file.
    private mutating func giveUp(_ number: Errno, after done: Int) -> CaptureWriteError {
        let whole = max(recordEnds.last { $0 <= done } ?? 0, wholeEnds.last { $0 <= done } ?? 0)
        recordsWritten += recordEnds.count { $0 <= done }
        if let status = try? descriptor.stat(), status.type == .regular,
            let position = try? descriptor.seek(offset: 0, from: .current)
        {
            let end = position - Int64(done - whole)
            if (try? descriptor.resize(to: end)) != nil { _ = try? descriptor.seek(offset: end, from: .start) }
        }
        return fail(number)
    }

    private mutating func fail(_ number: Errno) -> CaptureWriteError {
        let error = CaptureWriteError(
            kind: number == .brokenPipe ? .closedPipe : .cannotWrite(number), file: name,
            recordsWritten: recordsWritten,
            message: number == .brokenPipe
                ? "nobody reads the pipe any more"
                : "cannot be written any further: \(number); \(recordsWritten) records are in it")
        failure = error
        count = 0
        recordEnds.removeAll()
        wholeEnds.removeAll()
        return error
    }
}
