import Packets
import Sockets
import Text

/// How a ladder spells a socket call: where it began, where it returned, and both at once.
enum CallText {
    /// `connect(127.0.0.1:65432) …`
    static func began(_ call: SocketCall) -> String { "\(name(call))(\(arguments(call))) …" }

    /// `… connect() → 0 after 61 µs`
    static func returned(_ call: SocketCall) -> String { "… \(name(call))() → \(result(call))\(after(call))" }

    /// `recv(1024) → 12 bytes`
    static func whole(_ call: SocketCall) -> String { "\(name(call))(\(arguments(call))) → \(result(call))" }

    /// `connect(127.0.0.1:65432)`
    static func named(_ call: SocketCall) -> String { "\(name(call))(\(arguments(call)))" }

    private static func name(_ call: SocketCall) -> String { call.name.rawValue.escapedForDisplay }

    /// The arguments without the descriptor, but for `close`, which has nothing else to tell two of them apart.
    private static func arguments(_ call: SocketCall) -> String {
        if call.arguments.isEmpty, call.name == .close, let descriptor = call.descriptor { return String(descriptor) }
        return call.arguments.map(\.description.escapedForDisplay).joined(separator: ", ")
    }

    private static func result(_ call: SocketCall) -> String {
        switch call.result {
        case .pending: "never returned"
        case .value(let value): String(value)
        case .accepted(let descriptor, let peer): "\(descriptor), \(peer)"
        // That says nothing of the peer.
        case .received(0, nil) where call.arguments.first == .number(0): "0 (nothing asked)"
        // A datagram socket has no end: an empty datagram, or shutdown(2) woke the call.
        case .received(0, nil) where call.transport != .udp: "0 (end of stream)"
        case .received(let count, from: nil): "\(count) \(count == 1 ? "byte" : "bytes")"
        case .received(let count, from: let peer?): "\(count) \(count == 1 ? "byte" : "bytes") from \(peer)"
        // The system's own number: the program sees EINTR or nothing at all, as the system starts the call again.
        case .failed(_, let name) where name.hasPrefix("ERESTART"): "interrupted by a signal"
        case .failed(_, let name): "-1 \(name.escapedForDisplay)"
        }
    }

    /// ` after 61 µs`; nothing where it never returned. `after 61 µs*` where the rows lie further apart: see `note`.
    static func after(_ call: SocketCall) -> String {
        guard let finish = call.finish else { return "" }
        return " after " + DurationText.text(nanoseconds: finish.nanoseconds(since: call.start))
            + (isEarly(call) ? "*" : "")
    }

    /// Whether the duration that was measured ends before a packet that passed while the call still ran.
    static func isEarly(_ call: SocketCall) -> Bool { call.finish != call.returned }

    /// What the asterisk means.
    static let note =
        """
        * strace's figure, without its own work before the call: the return stands at the packet \
        that shows the call still running
        """
}
