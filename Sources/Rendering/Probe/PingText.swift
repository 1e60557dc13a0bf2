import Addressing
import Packets
import Probe
import Sockets
import Text

/// The lines of an echo ping, in ping's manner.
public struct PingText: Sendable {
    /// The address and port that probes go to.
    public let peer: Endpoint
    /// Bytes of data in a probe, without headers.
    public let size: Int
    /// As it was asked for; others may have chosen it.
    public let host: String

    /// - Parameter size: bytes of data in a probe, without headers.
    public init(host: String, peer: Endpoint, size: Int) {
        self.host = host
        self.peer = peer
        self.size = size
    }

    private var headers: Int { AddressFamily(of: peer.address) == .ipv4 ? 28 : 48 }

    /// Writes the first line.
    /// - Parameter local: the address that probes are sent from; nil leaves it out.
    public func writeHead(from local: Endpoint?, to out: inout OutputBuffer) {
        out.append("UDP ping ")
        out.append(escaping: host)
        out.append(text: " (\(peer.address)) port \(peer.port)")
        if let local { out.append(text: " from \(local)") }
        out.append(text: ": \(size) bytes of data, \(size + headers) with UDP and IP headers\n")
    }

    /// - Parameter time: `-D`, the moment when it was read.
    public func write(_ verdict: PingVerdict, time: Timestamp?, to out: inout OutputBuffer) {
        writeTime(time, &out)
        if case .strange = verdict.kind {
            out.append(text: "\(verdict.count) bytes from \(peer) that answer nothing that was sent\n")
            return
        }
        out.append(decimal: UInt64(verdict.count))
        out.append(" bytes from ")
        peer.write(to: &out)
        out.append(": seq=")
        out.append(decimal: verdict.sequence)
        out.append(" time=")
        writeMilliseconds(verdict.roundTrip, &out)
        out.append(" ms")
        if verdict.isReordered { mark(" (reordered: a later one was answered before)", .yellow, &out) }
        switch verdict.kind {
        case .duplicate: mark(" (DUP!)", .yellow, &out)
        case .corrupted(let offset): mark(" (CORRUPTED: \(damage(verdict.count, offset)))", .red, &out)
        case .reply, .strange: break
        }
        out.append(ascii: 10)
    }

    /// Writes that a probe has no answer so far; it may come yet.
    public func writeUnanswered(_ sequence: UInt64, time: Timestamp?, to out: inout OutputBuffer) {
        writeTime(time, &out)
        out.append(text: "no answer yet for seq=\(sequence)\n")
    }

    /// Writes that a probe could not be sent or was refused on its way.
    public func write(_ failure: PingFailure, sequence: UInt64, time: Timestamp?, to out: inout OutputBuffer) {
        writeTime(time, &out)
        if let reporter = failure.error?.reporter { out.append(text: "From \(reporter): ") }
        out.append(text: "seq=\(sequence) ")
        mark(Self.words(failure), .red, &out)
        out.append(ascii: 10)
    }

    /// What a failure means, in few words.
    public static func words(_ failure: PingFailure) -> String {
        switch failure.code.code {
        case .connectionRefused: "port unreachable"
        case .noRouteToHost:
            failure.error?.isICMP == true
                ? "host unreachable, a router says" : "host unreachable: nobody there answers on the link"
        case .networkUnreachable: "network unreachable"
        case .messageTooLong:
            "too long for a link on the way" + (failure.error?.mtu.map { ": its MTU is \($0)" } ?? "")
        case .permissionDenied: "administratively forbidden"
        case .wouldBlock, .noBufferSpace: "could not be sent: this machine's queue is full"
        default: failure.code.codeName + ", " + failure.code.reason
        }
    }

    /// What to know about a failure, told once a run; nil where the words say it all.
    public func advice(_ failure: PingFailure) -> String? {
        switch failure.code.code {
        case .connectionRefused:
            """
            the machine is there and says with an ICMP message that nobody listens on udp/\(peer.port): \
            start one with `netprobe serve udp-echo
            """
                + (peer.port == 65432 ? "`" : " --port \(peer.port)`")
        default: nil
        }
    }

    /// What silence means: not the same as a refusal.
    public var silenceAdvice: String {
        """
        no answer at all: a datagram was lost, a firewall drops it, the machine is off, or a program has \
        udp/\(peer.port) and does not echo. A machine where nobody has the port would have said so (port unreachable)
        """
    }

    /// Why a request cannot be sent whatever is done.
    public func explainTooLong(interfaceMTU: Int?) -> String {
        let most = AddressFamily(of: peer.address) == .ipv4 ? 65_507 : 65_527
        let why =
            AddressFamily(of: peer.address) == .ipv4
            ? "65535 bytes in an IPv4 packet less 20 of its header and 8 of UDP's"
            : "65535 bytes in an IPv6 packet's payload less 8 of UDP's header"
        if size > most { return "EMSGSIZE: \(size) bytes do not fit into one datagram; the most is \(most) (\(why))" }
        return "EMSGSIZE: \(size) bytes and \(headers) of headers do not fit"
            + (interfaceMTU.map { " through an MTU of \($0)" } ?? "") + " without fragments"
    }

    // MARK: Pieces

    private func damage(_ count: Int, _ offset: Int) -> String {
        if count < size, offset == count { return "cut after \(count) of \(size) bytes, by the server's buffer" }
        if count < size { return "\(count) of \(size) bytes, and byte \(offset) differs" }
        if count > size { return "\(count - size) bytes too many" }
        return "byte \(offset) differs"
    }

    private func mark(_ text: String, _ style: OutputBuffer.Style, _ out: inout OutputBuffer) {
        out.append(style: style)
        out.append(text: text)
        out.append(style: .plain)
    }

    private func writeTime(_ time: Timestamp?, _ out: inout OutputBuffer) {
        guard let time else { return }
        out.append(ascii: 91)
        out.append(decimal: UInt64(max(0, time.seconds)))
        out.append(ascii: 46)
        out.append(decimal: UInt64(time.nanoseconds / 1000), width: 6)
        out.append("] ")
    }

    private func writeMilliseconds(_ nanoseconds: Int64, _ out: inout OutputBuffer) {
        let rounded = UInt64(max(0, nanoseconds) + 500) / 1000
        out.append(decimal: rounded / 1000)
        out.append(ascii: 46)
        out.append(decimal: rounded % 1000, width: 3)
    }
}
