import Addressing
import Platform
import Sockets

/// A call between its beginning and its return.
struct RunningCall {
    let system: TracedSystemCall
    let registers: CallRegisters
    /// What will be told of it.
    var traced: TracedCall
    var socket: TracedSocket?
    /// Whether others hear of it. Those that are not told only change the descriptors.
    var isTold = true
    /// Whether its descriptor was no socket: it is told if it failed for that.
    var isOnNothing = false
    /// How many octets there are for an address that the call gives back.
    var addressRoom: UInt64 = 0
    /// Where data comes to, or comes from.
    var buffers: [Buffer] = []
    /// The descriptors that a poll or select waits for.
    var waited: [WaitedDescriptor] = []
    /// clone(2)'s flags.
    var birthFlags: UInt64 = 0
    /// Whether its child is known; vfork(2) returns much later.
    var hasGivenBirth = false

    /// An argument of the system call.
    func argument(_ index: Int) -> UInt64 { index < registers.arguments.count ? registers.arguments[index] : 0 }
    /// An argument of type `int`, of which the register's upper half means nothing.
    func int(_ index: Int) -> Int32 { Int32(truncatingIfNeeded: argument(index)) }
    /// A length; nil where it is more than can be.
    func size(_ index: Int) -> Int? { Int(exactly: argument(index)) }
}

/// A descriptor that a call waits for.
struct WaitedDescriptor: Hashable {
    let number: Int32
    /// Whether only room to send is waited for.
    let writes: Bool
}

/// A process of a trace.
final class TracedProcess {
    let id: Int32
    private var observed: ObservedProcess?
    private var isObserved = false

    init(_ id: Int32) { self.id = id }

    /// What the kernel says about the socket behind a descriptor; nil where it is none.
    func facts(_ descriptor: Int32) -> SocketFacts? {
        if !isObserved {
            isObserved = true
            observed = ObservedProcess(id)
        }
        return observed?.socket(behind: descriptor)
    }
}

/// A thread of a trace.
final class TracedThread {
    let id: Int32
    let process: TracedProcess
    var table: DescriptorTable
    /// The call that it is in.
    var running: RunningCall?
    /// A call that a signal or a stop interrupted, and which may go on as if nothing had been.
    var interrupted: (call: RunningCall, at: Timestamp)?

    init(_ id: Int32, of process: TracedProcess, _ table: DescriptorTable) {
        self.id = id
        self.process = process
        self.table = table
    }

    var memory: ProgramMemory { ProgramMemory(thread: id) }

    /// The socket behind a descriptor. One whose making was not seen is asked for once.
    func socket(_ descriptor: Int32, _ registry: SocketRegistry) -> TracedSocket? {
        switch table[descriptor] {
        case .socket(let socket)?: return socket
        case .other?: return nil
        case nil:
            guard descriptor >= 0 else { return nil }
            guard let facts = process.facts(descriptor) else {
                // A closed number may be a socket's next time.
                let isOpen = !ObservedProcess.open(CollectionOfOne(descriptor), in: process.id).isEmpty
                if isOpen { table[descriptor] = .other }
                return nil
            }
            let socket = registry.socket(facts)
            table[descriptor] = .socket(socket)
            return socket
        }
    }
}
