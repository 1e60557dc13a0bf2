import CPcap

/// A device that libpcap can capture on.
public struct CaptureDevice: Hashable, Sendable {
    /// What it is opened by: `eth0`.
    public var name: String
    public var description: String?
    /// PCAP_IF_LOOPBACK: its packets never leave the machine.
    public var isLoopback: Bool
    /// PCAP_IF_UP: it is switched on.
    public var isUp: Bool
    /// PCAP_IF_RUNNING: it is connected.
    public var isRunning: Bool
    /// PCAP_IF_WIRELESS: its packets are shared with whoever listens.
    public var isWireless: Bool

    /// A device as libpcap describes it.
    public init(
        name: String, description: String? = nil, isLoopback: Bool = false, isUp: Bool = false, isRunning: Bool = false,
        isWireless: Bool = false
    ) {
        self.name = name
        self.description = description
        self.isLoopback = isLoopback
        self.isUp = isUp
        self.isRunning = isRunning
        self.isWireless = isWireless
    }
}

/// The devices of this machine, pcap_findalldevs(3).
public enum CaptureDevices {
    /// All devices, in libpcap's order: those that are up first, loopback later (pcap_findalldevs). Whether one may be
    /// captured on shows only on opening.
    public static func all() throws(CaptureDeviceError) -> [CaptureDevice] {
        var list: UnsafeMutablePointer<pcap_if_t>?
        var message = ErrorBuffer()
        let status = unsafe message.withPointer { unsafe pcap_findalldevs(&list, $0) }
        if status != 0 {
            throw CaptureDeviceError(kind: .other, subject: "devices", message: "cannot be listed: \(message.text)")
        }
        defer { if let list = unsafe list { unsafe pcap_freealldevs(list) } }
        var devices: [CaptureDevice] = []
        var next = unsafe list
        while let device = unsafe next {
            let flags = unsafe device.pointee.flags
            if let name = unsafe device.pointee.name {
                devices.append(
                    CaptureDevice(
                        name: unsafe String(cString: name),
                        description: unsafe device.pointee.description.map { unsafe String(cString: $0) },
                        isLoopback: flags & UInt32(PCAP_IF_LOOPBACK) != 0,
                        isUp: flags & UInt32(PCAP_IF_UP) != 0,
                        isRunning: flags & UInt32(PCAP_IF_RUNNING) != 0,
                        isWireless: flags & UInt32(PCAP_IF_WIRELESS) != 0))
            }
            unsafe next = device.pointee.next
        }
        return devices
    }
}

/// The 256 bytes (PCAP_ERRBUF_SIZE) that some libpcap calls write their message to.
struct ErrorBuffer {
    private var bytes = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE) + 1)

    mutating func withPointer<Result>(_ body: (UnsafeMutablePointer<CChar>?) -> Result) -> Result {
        unsafe bytes.withUnsafeMutableBufferPointer { unsafe body($0.baseAddress) }
    }

    var text: String { String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) }
}
