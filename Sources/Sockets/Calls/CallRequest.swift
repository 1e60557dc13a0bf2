import Addressing

/// What a call was asked, kept as numbers: the text of a `SocketCall` is made when somebody reads it, not between the
/// calls of the program that is observed.
public struct CallRequest: Sendable {
    enum Arguments: Sendable {
        case none
        case number(Int)
        case bytes(Int, MessageFlags)
        case endpoint(Endpoint)
        case datagram(Int, Endpoint)
        case words([String])

        var texts: [String] {
            switch self {
            case .none: []
            case .number(let number): [String(number)]
            case .bytes(let count, let flags): [Self.size(count)] + (flags.text.map { [$0] } ?? [])
            case .endpoint(let endpoint): [endpoint.description]
            case .datagram(let count, let peer): [Self.size(count), peer.description]
            case .words(let words): words
            }
        }

        static func size(_ count: Int) -> String { count == 1 ? "1 byte" : "\(count) bytes" }
    }

    let name: SocketCall.Name
    let arguments: Arguments
    /// The peer that is an argument of the call.
    let peer: Endpoint?

    init(_ name: SocketCall.Name, _ arguments: Arguments, peer: Endpoint? = nil) {
        self.name = name
        self.arguments = arguments
        self.peer = peer
    }

    /// What an outcome of this call means.
    func result(of outcome: CallOutcome) -> SocketCall.Result {
        guard outcome.succeeded else { return .failed(number: outcome.code, name: symbolicName(ofErrno: outcome.code)) }
        switch name {
        case .accept:
            guard let peer = outcome.address else { return .value(outcome.value) }
            return .accepted(Int32(truncatingIfNeeded: outcome.value), peer)
        case .recv, .recvfrom:
            return .received(outcome.value, from: outcome.address)
        default:
            return .value(outcome.value)
        }
    }
}
