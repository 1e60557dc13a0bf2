import Addressing
import SystemPackage

/// What a system call returned, before anyone judges it: no allocation, so that it can be made inside the measured
/// time.
public struct CallOutcome: Sendable {
    /// The return value; -1 for failure.
    public var value: Int
    /// errno, read before anything else ran; 0 when the call succeeded.
    public var code: Int32
    /// The address that the call gave back besides (accept, recvfrom, getsockname, getpeername).
    public var address: Endpoint?

    /// What a call returned; without an errno it succeeded.
    @inlinable
    public init(value: Int, code: Int32 = 0, address: Endpoint? = nil) {
        self.value = value
        self.code = code
        self.address = address
    }

    /// Whether the call succeeded.
    @inlinable public var succeeded: Bool { code == 0 }

    /// Whether a call that may block would have had to: not an error, come back later. EINPROGRESS is connect's way of
    /// saying it.
    public var wouldBlock: Bool {
        code == Errno.wouldBlock.rawValue || code == Errno.resourceTemporarilyUnavailable.rawValue
            || code == Errno.nowInProgress.rawValue
    }
}
