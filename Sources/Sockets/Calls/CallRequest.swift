import Addressing
import Platform

/// What a call was asked, as the wrapper of the C function knows it: the name and the arguments after the descriptor.
///
/// It is made for every call, recorded or not, and so holds up to two arguments without an array.
public struct CallRequest: Sendable {
    enum Arguments: Sendable {
        case none
        case one(CallArgument)
        case two(CallArgument, CallArgument)
        case list([CallArgument])

        /// In the man page's order.
        var values: [CallArgument] {
            switch self {
            case .none: []
            case .one(let only): [only]
            case .two(let first, let second): [first, second]
            case .list(let values): values
            }
        }
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

    /// setsockopt(2), getsockopt(2): level and name of the option, and the value where one is given.
    static func option(_ name: SocketCall.Name, _ level: String, _ option: String, _ value: CallArgument? = nil)
        -> CallRequest
    {
        CallRequest(name, .list([.symbol(level), .symbol(option)] + (value.map { [$0] } ?? [])))
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
