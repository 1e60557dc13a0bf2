import Addressing
import Sockets

/// One call that a traced program made, first hand.
public struct TracedCall: Hashable, Sendable {
    /// The process that made it.
    public var process: Int32
    /// The thread that made it; of a process's first thread its number is the process's.
    public var thread: Int32
    /// The socket that the call is about; nil where the descriptor was none, or the call failed to make one.
    public var socket: SocketDescription?
    /// What was asked, what came back, and when. Calls are numbered in the order of their starts.
    public var call: SocketCall
    /// The first bytes that the call moved, up to the trace's limit: what was handed over, as it stood in memory when
    /// the call began, or what came. Empty for other calls.
    public var data: [UInt8] = []
    /// How many bytes it moved: more than `data` has where the limit cut them, or memory could not be read.
    public var moved = 0

    /// A socket as the trace knows it.
    public struct SocketDescription: Hashable, Sendable {
        /// Counted from 1 over all processes of the trace: two calls with one number are about one socket.
        public let number: Int
        /// `AF_INET6`.
        public let family: String
        /// `SOCK_STREAM`.
        public let kind: String
        /// The kernel's number for it, as in `/proc/PID/fd`; nil where it could not be had.
        public let inode: UInt64?
    }
}
