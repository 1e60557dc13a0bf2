import Analysis
import Capture
import Conversations
import Packets
import Sockets

/// `flows -i`: counts live packets until Ctrl-C.
enum LiveFlows {
    private struct Destination: ~Copyable, CaptureDestination {
        var counter: FlowCounter

        mutating func take(_ header: RecordHeader, _ bytes: RawSpan) -> Bool {
            counter.take(header, bytes)
            return true
        }

        mutating func pause() -> Bool { true }

        mutating func finish(_ statistics: LiveCaptureStatistics) {}
    }

    static func run(_ interface: String, filter: String, duration: Double?, into counter: inout FlowCounter) throws {
        var capture = try open(interface, filter)
        do throws(SocketError) { try ProcessPrivileges.drop(to: SudoUser.current) } catch {
            throw CommandFailure("cannot drop privileges: \(error)")
        }
        var destination = Destination(counter: counter)
        try CaptureSession(limit: nil, duration: duration).run(&capture, into: &destination)
        counter = destination.counter
    }

    private static func open(_ interface: String, _ filter: String) throws(CommandFailure) -> LiveCapture {
        var options = LiveCaptureOptions()
        // Headers are enough.
        options.snaplen = 256
        options.promiscuous = false
        options.immediate = false
        options.timeoutMilliseconds = CaptureSession.blockMilliseconds
        options.bufferSize = 16 << 20
        do throws(CaptureDeviceError) {
            var capture = try LiveCapture(device: interface, options: options)
            if !filter.isEmpty { try capture.setFilter(filter) }
            return capture
        } catch {
            throw CommandFailure(error)
        }
    }
}
