import Capture
import Lab
import Packets
import Platform
import Sockets
import SystemPackage
import Text

/// Why a private namespace cannot be had on this machine, in words, and the one command that would change it.
enum NamespaceAdvice {
    static let notLinux = "network namespaces are Linux's"

    static func reason(_ refusal: Sandbox.Refusal) -> String {
        switch refusal {
        case .unsupported: notLinux
        case .noUnshare: "util-linux's unshare is not installed"
        case .refused(let message): message.isEmpty ? "the system refuses a namespace" : message
        }
    }

    /// The first thing that stands in the way, and the command against it. The order is that in which the kernel asks.
    ///
    /// - Parameter forCapture: whether the right to capture would do as well.
    static func remedy(forCapture: Bool) -> String {
        guard HostSystem.isLinux else { return "Run it with sudo" }
        if ProcessLaunch.find("unshare") == nil { return "Install it: sudo apt-get install util-linux" }
        if setting("/proc/sys/user/max_user_namespaces") == "0" {
            return "Allow namespaces: sudo sysctl -w user.max_user_namespaces=15000"
        }
        if setting("/proc/sys/kernel/unprivileged_userns_clone") == "0" {
            return "Allow namespaces: sudo sysctl -w kernel.unprivileged_userns_clone=1"
        }
        if setting("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == "1" {
            return "Ubuntu's AppArmor forbids namespaces to ordinary programs. Allow them: "
                + "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"
        }
        return forCapture ? "Give netprobe the right to capture: \(setcap)" : "Run it where namespaces are allowed"
    }

    /// A capture error in one line, with this executable's own command where a right is missing.
    static func explain(_ error: CaptureDeviceError) -> String {
        guard HostSystem.isLinux, error.kind == .permissionDenied else { return "\(error)" }
        return
            "\(error.subject.escapedForDisplay): no permission to capture; run with sudo, "
            + "or give netprobe the right to: \(setcap)"
    }

    /// The one command that lets this executable capture, on every interface and in promiscuous mode too.
    static var setcap: String {
        """
        sudo setcap cap_net_raw,cap_net_admin+ep \
        \(ProcessLaunch.executablePath.map(quoted) ?? "\"$(command -v netprobe)\"")
        """
    }

    /// A path as a shell takes it.
    private static func quoted(_ path: String) -> String {
        let plain = path.utf8.allSatisfy { byte in
            switch byte {
            case 43, 45...57, 64...90, 95, 97...122: true
            default: false
            }
        }
        return plain
            ? path : "'" + path.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    /// The content of a file under /proc/sys; nil where this kernel has no such setting.
    static func setting(_ path: String) -> String? {
        guard let descriptor = try? FileDescriptor.open(FilePath(path), .readOnly) else { return nil }
        defer { try? descriptor.close() }
        var bytes = [UInt8](repeating: 0, count: 64)
        guard let count = try? StandardStreams.read(descriptor, into: &bytes), count > 0 else { return nil }
        return String(decoding: bytes.prefix(count).prefix { $0 != 10 }, as: UTF8.self)
    }
}
