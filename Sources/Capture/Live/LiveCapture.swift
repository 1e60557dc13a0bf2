import Addressing
import CPcap
import Packets
import Platform
import SystemPackage

/// A live capture on one device, through libpcap. Never blocks: wait for `selectableDescriptor` (poll, epoll, kqueue),
/// then take what is there with `next` or `dispatch`.
///
/// To end without losing the last packets: stop the traffic, then take packets until none has come for longer than
/// the timeout of the options (`wait` says whether any did), then `statistics`.
///
/// Unsafe: libpcap hands out pointers to its ring buffer; a packet's bytes stay valid until the next one is asked for,
/// which the borrow of `bytes` makes sure of.
@safe public struct LiveCapture: ~Copyable {
    private let handle: OpaquePointer
    private var header: UnsafeMutablePointer<pcap_pkthdr>?
    private var data: UnsafePointer<UInt8>?
    private var count = 0
    private let hasNanoseconds: Bool

    /// The name of the device.
    public let device: String
    /// What was asked for.
    public let options: LiveCaptureOptions
    /// What was not possible as asked.
    public let warnings: [CaptureWarning]
    /// The header that every packet begins with.
    public let linkType: LinkType
    /// The filter that is set, for the capture file's description of the interface.
    public private(set) var filter: String?

    /// Opens and activates the device (pcap_create, pcap_set_…, pcap_activate), non-blocking (pcap_setnonblock).
    /// - Throws: `CaptureDeviceError`: no such device, no permission (with what to do), interface down …
    public init(device: String, options: LiveCaptureOptions = LiveCaptureOptions()) throws(CaptureDeviceError) {
        var message = ErrorBuffer()
        guard let handle = unsafe message.withPointer({ unsafe pcap_create(device, $0) }) else {
            throw CaptureDeviceError(kind: .other, subject: device, message: "cannot be opened: \(message.text)")
        }
        do {
            let (warnings, nanoseconds) = try unsafe Self.activate(handle, device: device, options: options)
            unsafe self.handle = handle
            self.device = device
            self.options = options
            self.warnings = warnings
            hasNanoseconds = nanoseconds
            linkType = unsafe LinkType(dlt: pcap_datalink(handle))
        } catch {
            unsafe pcap_close(handle)
            throw error
        }
    }

    deinit { unsafe pcap_close(handle) }

    private static func activate(
        _ handle: OpaquePointer, device: String, options: LiveCaptureOptions
    ) throws(CaptureDeviceError) -> (warnings: [CaptureWarning], nanoseconds: Bool) {
        unsafe pcap_set_snaplen(handle, Int32(clamping: options.snaplen))
        unsafe pcap_set_promisc(handle, options.promiscuous ? 1 : 0)
        unsafe pcap_set_immediate_mode(handle, options.immediate ? 1 : 0)
        unsafe pcap_set_timeout(handle, Int32(clamping: options.timeoutMilliseconds))
        if let size = options.bufferSize { unsafe pcap_set_buffer_size(handle, Int32(clamping: size)) }
        if options.nanoseconds { unsafe pcap_set_tstamp_precision(handle, PCAP_TSTAMP_PRECISION_NANO) }

        let status = unsafe pcap_activate(handle)
        let detail = unsafe errorText(handle)
        if status < 0 { throw activationError(status, device: device, detail: detail) }
        var warnings: [CaptureWarning] = []
        if status > 0 { warnings.append(activationWarning(status, device: device, detail: detail)) }

        if options.inboundOnly, unsafe pcap_setdirection(handle, PCAP_D_IN) != 0 {
            throw CaptureDeviceError(
                kind: .other, subject: device, message: unsafe "cannot tell directions: \(errorText(handle))")
        }
        var message = ErrorBuffer()
        if unsafe message.withPointer({ unsafe pcap_setnonblock(handle, 1, $0) }) != 0 {
            throw CaptureDeviceError(
                kind: .other, subject: device, message: "cannot be read without blocking: \(message.text)")
        }
        return (warnings, unsafe pcap_get_tstamp_precision(handle) == PCAP_TSTAMP_PRECISION_NANO)
    }

    // MARK: Packets

    /// The next packet that has arrived, or `nil` when there is none right now (pcap_next_ex). Its bytes are `bytes`.
    /// - Throws: `CaptureDeviceError` when the device went down or vanished.
    public mutating func next() throws(CaptureDeviceError) -> RecordHeader? {
        let status = unsafe pcap_next_ex(handle, &header, &data)
        guard status == 1, let found = unsafe header?.pointee else {
            unsafe data = nil
            // 0: nothing now; PCAP_ERROR_BREAK: `breakLoop` was called.
            if status == 0 || status == PCAP_ERROR_BREAK || status == 1 { return nil }
            throw CaptureDeviceError(
                kind: .disappeared, subject: device, message: unsafe "capture ended: \(errorText(handle))")
        }
        count += 1
        let part = UInt32(truncatingIfNeeded: found.ts.tv_usec)
        return RecordHeader(
            number: count,
            timestamp: Timestamp(seconds: Int64(found.ts.tv_sec), nanoseconds: hasNanoseconds ? part : part &* 1000),
            capturedLength: Int(found.caplen), wireLength: Int(found.len), linkType: linkType)
    }

    /// The captured bytes of the packet that `next` gave last; empty when it gave none.
    public var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            let length = unsafe data == nil ? 0 : Int(header?.pointee.caplen ?? 0)
            // Any address does for no bytes.
            let start = unsafe UnsafeRawPointer(data) ?? UnsafeRawPointer(handle)
            let span = unsafe RawSpan(_unsafeStart: start, byteCount: length)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// Hands over what has arrived, at most `maximum` packets, and says how many those were.
    public mutating func dispatch(
        _ maximum: Int = .max, _ body: (RecordHeader, RawSpan) -> Void
    ) throws(CaptureDeviceError) -> Int {
        var done = 0
        while done < maximum, let header = try next() {
            body(header, bytes)
            done += 1
        }
        return done
    }

    /// Waits until packets have come, at most `milliseconds` (poll(2)); `false` when none did.
    public func wait(milliseconds: Int) -> Bool {
        guard let descriptor = selectableDescriptor else { return false }
        let ready = try? waitReadable([descriptor], timeout: .milliseconds(milliseconds))
        return ready?.isEmpty == false
    }

    /// Makes a running or the next `next` give `nil` (pcap_breakloop).
    public func breakLoop() { unsafe pcap_breakloop(handle) }

    // MARK: Sending

    /// What became of a frame that was to be sent.
    public enum Injection: Hashable, Sendable {
        case sent
        /// The system has no room for it right now; later it may.
        case full
        case failed(Errno)
    }

    /// Sends a frame, link header included, out of the device (pcap_inject).
    public func inject(_ frame: RawSpan) -> Injection {
        let outcome = unsafe frame.withUnsafeBytes { bytes in
            let sent = unsafe pcap_inject(handle, bytes.baseAddress, bytes.count)
            return sent < 0 ? systemErrno : 0
        }
        if outcome == 0 { return .sent }
        let code = Errno(rawValue: outcome)
        let isFull = [.wouldBlock, .resourceTemporarilyUnavailable, .noBufferSpace].contains(code)
        return isFull ? .full : .failed(code)
    }

    // MARK: The device

    /// Lets through only packets that match (pcap_compile, pcap_setfilter). Packets already in the buffer are not
    /// affected.
    public mutating func setFilter(_ text: String) throws(CaptureDeviceError) {
        var program = unsafe bpf_program()
        if unsafe pcap_compile(handle, &program, text, 1, UInt32.max) != 0 {
            throw CaptureDeviceError(
                kind: .filter, subject: text, message: unsafe "filter does not compile: \(errorText(handle))")
        }
        defer { unsafe pcap_freecode(&program) }
        if unsafe pcap_setfilter(handle, &program) != 0 {
            throw CaptureDeviceError(
                kind: .filter, subject: text, message: unsafe "filter cannot be set on \(device): \(errorText(handle))")
        }
        filter = text
    }

    /// What to wait for packets on, where the system has it (pcap_get_selectable_fd).
    public var selectableDescriptor: Int32? {
        let descriptor = unsafe pcap_get_selectable_fd(handle)
        return descriptor < 0 ? nil : descriptor
    }

    /// How long to wait at most before looking although the descriptor is silent, in microseconds, where that is needed
    /// (pcap_get_required_select_timeout).
    public var requiredTimeoutMicroseconds: Int? {
        guard let timeout = unsafe pcap_get_required_select_timeout(handle) else { return nil }
        return unsafe Int(timeout.pointee.tv_sec) * 1_000_000 + Int(timeout.pointee.tv_usec)
    }

    /// How many packets were received and dropped so far (pcap_stats).
    public func statistics() throws(CaptureDeviceError) -> LiveCaptureStatistics {
        var counts = pcap_stat()
        if unsafe pcap_stats(handle, &counts) != 0 {
            throw CaptureDeviceError(
                kind: .other, subject: device, message: unsafe "cannot tell its counts: \(errorText(handle))")
        }
        return LiveCaptureStatistics(
            received: UInt64(counts.ps_recv), dropped: UInt64(counts.ps_drop),
            droppedByInterface: UInt64(counts.ps_ifdrop))
    }

    /// Nanoseconds where the device's time stamps have them, else microseconds.
    public var resolution: TimestampResolution { hasNanoseconds ? .nanoseconds : .microseconds }

    /// The interface as a capture file describes it.
    public var interface: CaptureInterface {
        CaptureInterface(
            linkType: linkType, snaplen: UInt32(clamping: options.snaplen), name: device, filter: filter,
            resolution: resolution)
    }
}
