import Addressing
import Foundation
import Synchronization
import Testing

@testable import Platform
@testable import Sockets

private let interruptions = Atomic(0)

/// Lets SIGUSR1 through to this thread: threads that tests are run on block signals, and theirs inherit that.
private func admitSignals() {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    unsafe sigaddset(&set, SIGUSR1)
    unsafe pthread_sigmask(SIG_UNBLOCK, &set, nil)
}

/// SIGUSR1 is caught and interrupts system calls, as a program's own handler would.
private let interruptible: Void = {
    var action = sigaction()
    let handler: @convention(c) (Int32) -> Void = { _ in interruptions.add(1, ordering: .relaxed) }
    #if canImport(Darwin)
        action.__sigaction_u.__sa_handler = handler
    #else
        unsafe action.__sigaction_handler.sa_handler = handler
    #endif
    // Without SA_RESTART: calls return EINTR.
    unsafe sigaction(SIGUSR1, &action, nil)
}()

/// Interrupts a thread again and again, for so long that it must have been hit inside its call.
private func interrupt(_ thread: SystemThread<some Sendable>) throws {
    let before = interruptions.load(ordering: .relaxed)
    for _ in 0..<50 {
        thread.send(signal: SIGUSR1)
        #expect(try waitReadable([], timeout: .milliseconds(1)).isEmpty)
    }
    #expect(interruptions.load(ordering: .relaxed) > before + 10)
}

@Suite(.timeLimit(.minutes(1)), .serialized) struct InterruptionTests {
    @Test func receivingGoesOn() throws {
        interruptible
        let server = try Socket(.ipv4, .datagram)
        try server.bind(to: loopbacks[0])
        let address = try server.localEndpoint()
        let descriptor = server.release()
        let thread = try SystemThread.start { () -> [UInt8]? in
            admitSignals()
            return try? Socket(owning: descriptor).recvfrom(10).bytes
        }
        try interrupt(thread)
        try Socket(.ipv4, .datagram).sendto([4, 2].span, address)
        #expect(thread.join() == [4, 2])
    }

    /// The queue of a listener is full, so the SYN is dropped and connect blocks until the system repeats it (after 1
    /// s).
    @Test func connectingGoesOnInTheBackground() throws {
        interruptible
        let server = try listener(backlog: 0)
        let address = try server.localEndpoint()
        let first = try Socket(.ipv4, .stream)
        try first.connect(to: address)
        let thread = try SystemThread.start { () -> Result<Connecting, SocketError> in
            admitSignals()
            do throws(SocketError) {
                let second = try Socket(.ipv4, .stream)
                return .success(try second.connect(to: address))
            } catch {
                return .failure(error)
            }
        }
        try interrupt(thread)
        #expect(try server.accept().peer == first.localEndpoint())
        #expect(try thread.join().get() == .connected)
    }

    @Test func waitingEndsWhenItsTimeIsOver() throws {
        interruptible
        let thread = try SystemThread.start {
            admitSignals()
            let clock = ContinuousClock()
            let start = ContinuousClock.now
            let ready = try? waitReadable([], timeout: .milliseconds(200))
            return (ready, start.duration(to: clock.now))
        }
        try interrupt(thread)
        let (ready, time) = thread.join()
        #expect(ready == [] && time >= .milliseconds(200))
    }
}

@Suite(.timeLimit(.minutes(1))) struct SystemTests {
    @Test func threadsGiveTheirResult() throws {
        let threads = try (0..<20).map { number in try SystemThread.start { number * number } }
        #expect(threads.map { $0.join() } == (0..<20).map { $0 * $0 })
        #expect(threads[3].join() == 9, "again the same")
        _ = try SystemThread.start {}
    }

    @Test func pollSaysWhichIsReady() throws {
        let quiet = try Socket(.ipv4, .datagram)
        let busy = try Socket(.ipv4, .datagram)
        try quiet.bind(to: loopbacks[0])
        try busy.bind(to: loopbacks[0])
        let both = [quiet.descriptor, busy.descriptor]
        #expect(try waitReadable(both, timeout: .zero).isEmpty)
        try quiet.sendto([1].span, busy.localEndpoint())
        #expect(try waitReadable(both) == [busy.descriptor])
        #expect(try waitReady(busy.descriptor, for: [.readable, .writable]) == [.readable, .writable])
        #expect(try waitReady(quiet.descriptor, for: [.readable, .writable]) == .writable)
        #expect(try waitReady(quiet.descriptor, for: .readable, timeout: .milliseconds(5)).isEmpty)
        #expect(
            try #require(throws: SocketError.self) { _ = try waitReadable([99_999], timeout: .zero) }.codeName
                == "EBADF")
    }

    @Test func signalsBecomeReadable() throws {
        let waiter = try SignalWaiter([SIGUSR2])
        #expect(try waitReadable([waiter.descriptor], timeout: .zero).isEmpty && waiter.next() == nil)
        // To its own thread: the other threads of a test run do not block the signal.
        waiter.taker.send(signal: SIGUSR2)
        #expect(try waitReadable([waiter.descriptor], timeout: .seconds(10)) == [waiter.descriptor])
        #expect(waiter.next() == SIGUSR2 && waiter.next() == nil)
    }

    @Test func clockIsTheWallClock() {
        let before = Int64(Date().timeIntervalSince1970)
        let now = SystemClock.now()
        #expect(abs(now.seconds - before) <= 1)
        #expect(now <= SystemClock.now())
    }

    @Test func errnoNames() {
        #expect(symbolicName(ofErrno: EAGAIN) == "EAGAIN" && symbolicName(ofErrno: ECONNREFUSED) == "ECONNREFUSED")
        #expect(symbolicName(ofErrno: 9999) == "ERRNO_9999")
    }

    @Test func loopbackInterface() throws {
        let name = try #require(try InterfaceAddresses.all().first { $0.flags.contains(.loopback) })
        #expect(try InterfaceControl.flags(of: name.name).contains([.up, .loopback]))
        #expect(try InterfaceControl.mtu(of: name.name) >= 1280)
        #expect(name.index > 0)
        #expect(name.addresses.contains { $0.address == .v4(.loopback) && $0.prefixLength == 8 })
        if loopbacks.count == 2 {
            #expect(name.addresses.contains { $0.address == .v6(.loopback) && $0.prefixLength == 128 })
        }
    }

    @Test(arguments: ["nosuch9", "", "a-name-much-longer-than-any-interface", "x\u{1b}[31m"])
    func noSuchInterface(name: String) throws {
        let error = try #require(throws: SocketError.self) { _ = try InterfaceControl.mtu(of: name) }
        #expect(error.codeName == "ENODEV" && error.description.hasPrefix("ioctl SIOCGIFMTU("))
        #expect(
            error.description.hasSuffix("ENODEV, there is no such interface; `netprobe ifaces` lists those there are"))
        #expect(!error.description.utf8.contains(0x1b))
    }

    /// `make test` runs this once more under `unshare -rn` with NETPROBE_IN_NAMESPACE=1: a new namespace, its lo down.
    @Test(
        .enabled(
            if: environmentVariable("NETPROBE_IN_NAMESPACE") != nil, "make test runs it inside a new namespace"))
    func loopbackOfANewNamespaceComesUp() throws {
        #expect(try !InterfaceControl.flags(of: "lo").contains(.up))
        try InterfaceControl.bringUp("lo")
        #expect(try InterfaceControl.flags(of: "lo").contains(.up))
        try InterfaceControl.setMTU(of: "lo", to: 1500)
        #expect(try InterfaceControl.mtu(of: "lo") == 1500)
        let server = try listener()
        try Socket(.ipv4, .stream).connect(to: server.localEndpoint())
        // Capabilities count by thread: this one may lose them.
        let after = try SystemThread.start { () -> Result<Capabilities, SocketError> in
            do throws(SocketError) {
                try ProcessPrivileges.drop(to: nil)
                return .success(try ProcessPrivileges.effectiveCapabilities())
            } catch {
                return .failure(error)
            }
        }.join()
        #expect(try ProcessPrivileges.effectiveCapabilities().contains([.rawNetwork, .networkAdministration]))
        #expect(try after.get().isEmpty)
    }

    @Test func sudoUserIsReadStrictly() {
        #expect(SudoUser(userID: "1000", groupID: "100").map { [$0.userID, $0.groupID] } == [1000, 100])
        for (user, group) in [("0", "0"), ("", "1"), ("-1", "1"), ("1", "x"), ("99999999999", "1")] {
            #expect(SudoUser(userID: user, groupID: group) == nil)
        }
        #expect(SudoUser(userID: nil, groupID: "1") == nil)
    }
}
