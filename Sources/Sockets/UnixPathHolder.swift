import Platform
import SystemPackage

/// What is at the path of an AF_UNIX socket when bind(2) finds it taken.
public enum UnixPathHolder: Hashable, Sendable {
    /// A socket that a program has open.
    case program
    /// A socket's file that nobody has open: its program was killed before it could remove it.
    case nobody
    /// A file, a folder, a link: no socket.
    case otherFile
    /// It is gone, or may not be looked at.
    case unknown
}

extension UnixPath {
    /// Asked by connect(2), which is refused where nobody has the socket open; one of another kind answers EPROTOTYPE.
    public var holder: UnixPathHolder {
        if !text.hasPrefix("@") {
            guard let isSocket = FileNames.isSocket(text) else { return .unknown }
            guard isSocket else { return .otherFile }
        }
        do throws(SocketError) {
            let socket = try Socket(.unix, .stream)
            // Where its queue is full connect() would wait.
            EventCalls.setNonblocking(socket.descriptor)
            try socket.connect(to: self)
            return .program
        } catch {
            return switch error.code {
            case .connectionRefused: .nobody
            case .protocolWrongTypeForSocket, .resourceTemporarilyUnavailable: .program
            default: .unknown
            }
        }
    }
}
