import Addressing
import SystemPackage

/// What a system call returned, before anyone judges it: no allocation, so that it can be made inside the measured
/// time.
public struct CallOutcome: Sendable {
    /// The return value; -1 for failure.
    var value: Int
    /// errno, read before anything else ran; 0 when the call succeeded.
    var code: Int32 = 0
    /// The address that the call gave back besides (accept, recvfrom, getsockname, getpeername).
    var address: Endpoint?

    var succeeded: Bool { code == 0 }

    /// Whether a call that may block would have had to: not an error, come back later. EINPROGRESS is connect's way of
    /// saying it.
    var wouldBlock: Bool {
        code == Errno.wouldBlock.rawValue || code == Errno.resourceTemporarilyUnavailable.rawValue
            || code == Errno.nowInProgress.rawValue
    }
}
