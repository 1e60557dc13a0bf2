import CPcap
import Platform

/// What pcap_activate's numbers mean, and what to do about them.
extension LiveCapture {
    static func activationError(_ status: Int32, device: String, detail: String) -> CaptureDeviceError {
        let kind: CaptureDeviceError.Kind
        let message: String
        switch status {
        case PCAP_ERROR_NO_SUCH_DEVICE:
            kind = .noSuchDevice
            message = "no such device (netprobe capture --list names those there are)"
        case PCAP_ERROR_PERM_DENIED:
            kind = .permissionDenied
            message = permissionAdvice
        case PCAP_ERROR_PROMISC_PERM_DENIED:
            kind = .promiscuousDenied
            message = "no permission for promiscuous mode; capture without it (-p)"
        case PCAP_ERROR_IFACE_NOT_UP:
            kind = .interfaceNotUp
            message = "the interface is down (ip link set dev \(device) up)"
        default:
            kind = .other
            let name = unsafe String(cString: pcap_statustostr(status))
            message = "cannot be captured on: " + (detail.isEmpty ? name : detail)
        }
        return CaptureDeviceError(kind: kind, subject: device, message: message)
    }

    private static var permissionAdvice: String {
        guard HostSystem.isLinux else {
            return "no permission to capture; run with sudo, or get access to /dev/bpf* (Wireshark's ChmodBPF)"
        }
        return "no permission to capture; run with sudo, or give netprobe the right to: "
            + "sudo setcap cap_net_raw,cap_net_admin+ep \"$(command -v netprobe)\""
    }

    static func activationWarning(_ status: Int32, device: String, detail: String) -> CaptureWarning {
        let kind: CaptureWarning.Kind =
            switch status {
            case PCAP_WARNING_PROMISC_NOTSUP: .promiscuousUnsupported
            case PCAP_WARNING_TSTAMP_TYPE_NOTSUP: .timestampTypeUnsupported
            default: .other
            }
        let name = unsafe String(cString: pcap_statustostr(status))
        return CaptureWarning(kind: kind, device: device, message: detail.isEmpty ? name : "\(name): \(detail)")
    }
}
