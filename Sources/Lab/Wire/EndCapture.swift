import Addressing
import Capture
import Packets
import Sockets

/// The capture at one end of a wire.
///
/// A mark is an Ethernet frame of a type for experiments (IEEE 802, 0x88B5) that another handle sends out of the same
/// interface. Where it has been captured, everything before it has been, however late libpcap hands packets over; and
/// when it has crossed the wire, so has everything that was sent before it and kept its place. It is no part of the
/// picture.
struct EndCapture: ~Copyable {
    private var capture: LiveCapture
    private let marker: LiveCapture
    private let host: TwoHostWire.Host
    private(set) var records: [CapturedRecord] = []
    private var markNumber: UInt8 = 0
    private var sawOwn = true
    private var sawOther = true

    static let markType: UInt16 = 0x88b5

    /// Multicast listener reports (RFC 3810) are the kernels' own housekeeping; no program of a course sends them.
    private static let filter = "not (ip6 and ip6[6] == 0)"

    init(on host: TwoHostWire.Host) throws(WireError) {
        self.host = host
        var options = LiveCaptureOptions()
        options.timeoutMilliseconds = 1
        options.bufferSize = 64 << 20
        // Nothing on this wire is larger.
        options.snaplen = 2048
        var sending = LiveCaptureOptions()
        sending.snaplen = 64
        sending.bufferSize = 64 << 10
        let (first, second) = (options, sending)
        let home: NetworkNamespace
        do throws(SocketError) {
            home = try NetworkNamespace.current()
            try host.enter()
        } catch {
            throw .socket(error)
        }
        // Captures stay where they were opened.
        defer { try? home.enter() }
        do throws(CaptureDeviceError) {
            var opened = try LiveCapture(device: TwoHostWire.interface, options: first)
            try opened.setFilter(Self.filter)
            var other = try LiveCapture(device: TwoHostWire.interface, options: second)
            // It only sends.
            try other.setFilter("less 1")
            capture = opened
            marker = other
        } catch {
            throw .capture(error)
        }
    }

    var selectableDescriptor: Int32? { capture.selectableDescriptor }

    /// Takes what has come; says how many packets.
    mutating func take(as interface: Int) throws(CaptureDeviceError) -> Int {
        let before = records.count
        while var header = try capture.next() {
            if capture.bytes.byteCount >= 16, capture.bytes.uint16(at: 12) == Self.markType {
                if capture.bytes.uint8(at: 15) == markNumber {
                    if capture.bytes.uint8(at: 14) == UInt8(truncatingIfNeeded: interface) {
                        sawOwn = true
                    } else {
                        sawOther = true
                    }
                }
                continue
            }
            header.interface = interface
            records.append(CapturedRecord(header: header, bytes: capture.bytes.copied))
        }
        return records.count - before
    }

    /// From now on only marks that are sent from now on count.
    mutating func expectMark() {
        markNumber &+= 1
        (sawOwn, sawOther) = (false, false)
    }

    /// Whether this end's mark and the other end's have come.
    var sawMarks: Bool { sawOwn && sawOther }

    /// Sends a mark.
    func sendMark(as interface: Int) throws(WireError) {
        var frame = [UInt8](repeating: 0, count: 60)
        for byte in 0..<6 {
            frame[byte] = UInt8(truncatingIfNeeded: host.hardwareAddress.rawValue >> (40 - 8 * byte))
            frame[6 + byte] = frame[byte]
        }
        (frame[12], frame[13]) = (UInt8(Self.markType >> 8), UInt8(Self.markType & 0xff))
        (frame[14], frame[15]) = (UInt8(truncatingIfNeeded: interface), markNumber)
        switch marker.inject(frame.rawSpan) {
        case .sent, .full: break
        case .failed(let error): throw .other("the mark of the wire's \(host.name) cannot be sent: \(error)")
        }
    }

    var statistics: LiveCaptureStatistics { (try? capture.statistics()) ?? LiveCaptureStatistics() }

    /// How a capture file describes it.
    var interface: CaptureInterface {
        var described = capture.interface
        described.name = "\(host.name) \(TwoHostWire.interface)"
        described.description = "\(host.name) end: \(host.ipv4), \(host.ipv6)"
        return described
    }
}
