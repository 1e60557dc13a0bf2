import Addressing
import Conversations
import Sockets
import Timeline

/// What an errno means for a call that no packet had to do with.
enum LocalReasons {
    static func reason(_ errno: String, _ call: SocketCall) -> CallFailure.LocalReason {
        if call.transport == .unix, let reason = pathReason(errno) { return reason }
        return switch errno {
        case "EACCES" where call.name == .bind: .privilegedPort
        case "EACCES", "EPERM": call.name == .socket ? .privilegedSocket : .forbidden
        case "EADDRNOTAVAIL": call.name == .bind ? .notOurAddress : .noFreePort
        case "ENETUNREACH", "ENETDOWN": .noRoute
        case "EHOSTUNREACH", "EHOSTDOWN": .hostUnreachable
        case "EMSGSIZE": .tooLong(bytes: call.arguments.lazy.compactMap(bytes).first)
        case "ENODEV", "ENXIO": .noInterface
        case "ENOTCONN": .notConnected
        case "EISCONN": .alreadyConnected
        case "EDESTADDRREQ": .noDestination
        case "EINTR": .interrupted
        case "EBADF": .badDescriptor
        case "ENOTSOCK": .notASocket
        case "EMFILE", "ENFILE": .tooManyDescriptors
        case "EAFNOSUPPORT", "EPROTONOSUPPORT", "ESOCKTNOSUPPORT", "EOPNOTSUPP", "ENOPROTOOPT", "EPROTOTYPE":
            .unsupported
        case "EINVAL": call.name == .bind ? .boundAlready : .invalid
        default: .other
        }
    }

    /// Of the calls that name a path, unix(7).
    private static func pathReason(_ errno: String) -> CallFailure.LocalReason? {
        switch errno {
        case "EADDRINUSE": .pathTaken
        case "ENOENT": .noPath
        case "ECONNREFUSED": .nobodyAtPath
        case "EACCES", "EPERM", "EROFS": .pathForbidden
        case "EAGAIN": .fullAtPath
        case "EPIPE", "ECONNRESET": .closedAtPath
        default: nil
        }
    }

    private static func bytes(_ argument: CallArgument) -> Int? {
        if case .bytes(let count) = argument { count } else { nil }
    }
}
