import CPcap
import Packets

/// A filter in libpcap's language (pcap-filter(7)), compiled to BPF for one link type, without a device.
///
/// What a device would have to tell (`inbound`, `outbound`, `ifname`) cannot be compiled so: libpcap says which.
/// A file of several link types needs one filter for each.
@safe public final class CaptureFilter {
    /// The filter as it was given.
    public let text: String
    /// The link type that it was compiled for.
    public let linkType: LinkType
    private var program = unsafe bpf_program()

    /// Compiles (pcap_open_dead, pcap_compile, optimized).
    /// - Parameters:
    ///   - netmask: what `ip broadcast` compares with; `nil` when unknown, and that then does not compile.
    /// - Throws: `CaptureDeviceError` of kind `filter` with libpcap's message.
    public init(_ text: String, linkType: LinkType, snaplen: Int = 262_144, netmask: UInt32? = nil)
        throws(CaptureDeviceError)
    {
        self.text = text
        self.linkType = linkType
        guard let handle = unsafe pcap_open_dead(linkType.dlt, Int32(clamping: snaplen)) else {
            throw CaptureDeviceError(kind: .other, subject: text, message: "libpcap has no memory")
        }
        defer { unsafe pcap_close(handle) }
        if unsafe pcap_compile(handle, &program, text, 1, netmask ?? UInt32.max) != 0 {
            throw CaptureDeviceError(
                kind: .filter, subject: text, message: unsafe "filter does not compile: \(errorText(handle))")
        }
        if asksTheKernel {
            // The class is whole by now, so `deinit` frees the program.
            throw CaptureDeviceError(
                kind: .filter, subject: text,
                message:
                    "this filter asks the interface (inbound, outbound, ifindex …) and works only on a live capture")
        }
    }

    /// Linux answers some questions (direction, interface) through loads from negative offsets (SKF_AD_OFF in
    /// linux/filter.h), which mean nothing away from the kernel: there they would quietly never match.
    private var asksTheKernel: Bool {
        for index in 0..<Int(unsafe program.bf_len) {
            guard let instruction = unsafe program.bf_insns?[index] else { return false }
            let isAbsoluteLoad = instruction.code & 0x07 == 0x00 && instruction.code & 0xe0 == 0x20
            if isAbsoluteLoad && Int32(bitPattern: instruction.k) < 0 { return true }
        }
        return false
    }

    deinit { unsafe pcap_freecode(&program) }

    /// Whether the packet passes (pcap_offline_filter). The bytes are the captured ones, from the link header on.
    public func matches(bytes: RawSpan, wireLength: Int) -> Bool {
        var header = pcap_pkthdr()
        header.caplen = UInt32(clamping: bytes.byteCount)
        header.len = UInt32(clamping: wireLength)
        return unsafe bytes.withUnsafeBytes { buffer in
            // An empty span may have no address; BPF looks at nothing then.
            guard let base = buffer.baseAddress else {
                var none: UInt8 = 0
                return unsafe pcap_offline_filter(&program, &header, &none) != 0
            }
            return unsafe pcap_offline_filter(&program, &header, base.assumingMemoryBound(to: UInt8.self)) != 0
        }
    }
}

/// libpcap's message of the last failure on a handle (pcap_geterr).
func errorText(_ handle: OpaquePointer) -> String {
    guard let text = unsafe pcap_geterr(handle) else { return "unknown error" }
    return unsafe String(cString: text)
}
