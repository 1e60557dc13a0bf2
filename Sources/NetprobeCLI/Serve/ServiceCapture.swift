import Addressing
import Capture
import Lab
import Packets
import Services
import Sockets
import SystemPackage

/// `serve --capture FILE`: the server's own traffic with its socket calls, as `demo --write` keeps it.
struct ServiceCapture: Sendable {
    private let recording: LiveRecording
    private let recorder: CallRecorder
    private let path: String

    /// How many socket calls are kept: as many as packets.
    static let callLimit = LiveRecording.limit

    /// Opens the capture, or says what would allow it; then gives up the rights to it. To be made while there is one
    /// thread alone: Linux counts rights by thread.
    init(to path: String, endpoints: [Endpoint], recorder: CallRecorder) throws(CommandFailure) {
        guard let port = endpoints.first?.port, port != .any else {
            throw CommandFailure(
                "--capture needs a port that is known beforehand: not 0, and not AF_UNIX, which has no packets")
        }
        let isLocal = endpoints.allSatisfy { AddressKind(of: $0.address).category == .loopback }
        let interface = isLocal ? DemoGround.hostLoopback : "any"
        do throws(RunError) {
            recording = try LiveRecording(interface: interface, filter: "(tcp or udp) and port \(port)")
        } catch {
            if case .capture(let error) = error, error.kind == .permissionDenied {
                throw CommandFailure("cannot capture on \(interface): no permission. \(Self.remedy)")
            }
            throw CommandFailure("cannot capture: \(Self.reason(error))")
        }
        self.recorder = recorder
        self.path = path
        try attempt { () throws(SocketError) in try ProcessPrivileges.drop(to: SudoUser.current) }
        try Self.checkPlace(path)
    }

    /// Now, and not when hours of packets are to be written: the file can be made, and none is lost that is no capture.
    private static func checkPlace(_ path: String) throws(CommandFailure) {
        let size: Int64
        do {
            let file = try FileDescriptor.open(
                FilePath(path), .writeOnly, options: [.create, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
            defer { try? file.close() }
            // A pipe or a device has no place to seek to, and nothing to lose.
            size = (try? file.seek(offset: 0, from: .end)) ?? 0
        } catch {
            throw CommandFailure("\(path): cannot be written: \((error as? Errno) ?? .ioError)")
        }
        if size == 0 { return }
        do throws(CaptureFileError) { _ = try CaptureFileReader(path: path) } catch {
            guard error.kind == .notACapture else { return }
            throw CommandFailure(
                "\(path): there is a file that is no capture; it is not overwritten: choose another name, or remove it")
        }
    }

    /// Starts to take the packets, on a thread of its own.
    func start() throws(CommandFailure) { try attempt { () throws(SocketError) in try recording.start() } }

    /// Ends the capture and writes the file; says how much is in it.
    func finish(_ log: ServiceLog) throws(CommandFailure) {
        let result: LiveRecording.Result
        do throws(RunError) { result = try recording.finish() } catch {
            throw CommandFailure("the capture failed: \(Self.reason(error))")
        }
        let calls = recorder.calls
        try DemoFile.write(result.records, calls: calls, [result.interface], [result.statistics], to: path)
        Diagnostics.write(
            "\(path): \(result.records.count) packets, \(calls.count) socket calls; netprobe ladder \(path)")
        if result.isCutShort { log.warn("only the first \(LiveRecording.limit) packets are kept") }
        if recorder.isCutShort { log.warn("only the first \(Self.callLimit) socket calls are kept") }
        if result.statistics.dropped > 0 {
            log.warn("the capture may lack packets: \(result.statistics.dropped) dropped by the kernel")
        }
    }

    private static func reason(_ error: RunError) -> String {
        switch error {
        case .capture(let error): "\(error)"
        case .socket(let error): "\(error)"
        case .wire(let error): "\(error)"
        }
    }

    private static var remedy: String {
        "Allow it: \(NamespaceAdvice.setcap); or serve in a network of your own: "
            + "unshare -Urn sh -c 'ip link set lo up; netprobe serve …'"
    }
}
