import Addressing
import Sockets
import Synchronization
import SystemPackage
import Text

/// One of the two programs of a demo, while it runs: its sockets, and what it needs besides socket calls.
public struct Role: Sendable {
    /// Whose calls they are: the lane in the ladder.
    public let end: SocketCall.End
    /// What the demo is to do.
    public let settings: DemoSettings
    private let recorder: CallRecorder
    private let stage: Stage

    private var patience: Duration { stage.patience }

    init(_ end: SocketCall.End, _ settings: DemoSettings, _ recorder: CallRecorder, _ stage: Stage) {
        self.end = end
        self.settings = settings
        self.recorder = recorder
        self.stage = stage
    }

    /// Where the server is.
    public var server: Endpoint { settings.server }
    /// What the client sends.
    public var message: [UInt8] { settings.message }
    /// Ends the blocking calls of a server.
    public var stop: SocketStop { stage.stop }

    // MARK: Sockets

    /// socket(2), recorded, in the server's address family.
    public func socket(_ kind: SocketKind) throws(SocketError) -> RecordedSocket {
        try sockets(AddressFamily(of: server.address), kind)
    }

    /// socket(2) with SOCK_RAW, recorded.
    public func rawSocket(_ family: AddressFamily, _ kind: RawProtocol) throws(SocketError) -> RecordedSocket {
        try recorder.rawSocket(end, family, kind)
    }

    /// Makes recorded sockets of any family.
    public var sockets: SocketMaker<RecordedSocket> { recorder.sockets(end) }

    /// Makes a call that is expected to fail, and goes on: what came of it is in the recording.
    @discardableResult
    public func trying(_ body: () throws(SocketError) -> Void) -> SocketError? {
        do throws(SocketError) {
            try body()
            return nil
        } catch {
            return error
        }
    }

    /// A stop for a server that waits for what may be lost on the way: a while after the other program has told
    /// something, or when the demo is broken off.
    public func stop(after what: String, _ time: Duration = .zero) throws(SocketError) -> SocketStop {
        let stop = SocketStop()
        let (announcements, whole) = (stage.announcements, stage.stop)
        _ = try SystemThread<Void>.start { [self] in
            while !announcements.wait(for: what, atMost: .milliseconds(100)), !whole.isStopped {}
            if time > .zero { self.sleep(time) }
            stop.stop()
        }
        return stop
    }

    // MARK: The other program

    /// Says that something has happened.
    public func tell(_ what: String) { stage.announcements.announce(what) }

    /// Waits until the other program has told it. On a slow wire the news takes as long as a packet
    /// that was sent before, with the ARP before that.
    public func wait(for what: String) throws(SocketError) {
        if !stage.announcements.wait(for: what, atMost: patience) {
            throw SocketError("waiting", Errno.timedOut.rawValue, subject: what)
        }
        if stage.oneWay > .zero { pause(stage.oneWay * 3) }
    }

    /// Waits until the other program is in a call, as `accept`, as a program that was started earlier would be:
    /// otherwise threads of one process race for who is first.
    public func wait(until other: SocketCall.End, isIn name: SocketCall.Name) throws(SocketError) {
        let deadline = ContinuousClock.now + patience
        while !recorder.isWaiting(other, in: name) {
            if ContinuousClock.now > deadline {
                throw SocketError("waiting", Errno.timedOut.rawValue, subject: "\(other.rawValue) in \(name)")
            }
            SystemThread<Void>.sleep(nanoseconds: 50_000)
        }
    }

    /// sleep(3), and on a slow wire as much longer as answers take there, and timers that follow them.
    public func sleep(_ time: Duration) {
        pause(stage.oneWay == .zero ? time : time + stage.oneWay * 8 + .milliseconds(100))
    }

    private func pause(_ time: Duration) {
        SystemThread<Void>.sleep(nanoseconds: time.clampedNanoseconds)
    }

    /// Keeps what the client got, for the verdict.
    public func keep(_ answers: [[UInt8]]) { stage.keep(answers) }
}
