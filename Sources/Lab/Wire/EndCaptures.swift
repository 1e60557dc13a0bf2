import Addressing
import Capture
import Packets
import Sockets

/// The captures of both ends of a wire: interface 0 is the client's, interface 1 the server's.
public struct EndCaptures: ~Copyable {
    private var client: LiveCapture
    private var server: LiveCapture
    private var clientRecords: [CapturedRecord] = []
    private var serverRecords: [CapturedRecord] = []

    /// Multicast listener reports (RFC 3810) are the kernels' own housekeeping; no program of a course sends them.
    private static let filter = "not (ip6 and ip6[6] == 0)"

    public init(_ wire: TwoHostWire) throws(WireError) {
        let first = try Self.open(on: wire.client)
        let second = try Self.open(on: wire.server)
        client = first
        server = second
    }

    private static func open(on host: TwoHostWire.Host) throws(WireError) -> LiveCapture {
        var options = LiveCaptureOptions()
        options.timeoutMilliseconds = 1
        options.bufferSize = 64 << 20
        // Nothing on this wire is larger.
        options.snaplen = 2048
        let home: NetworkNamespace
        do throws(SocketError) {
            home = try NetworkNamespace.current()
            try host.enter()
        } catch {
            throw .socket(error)
        }
        // The capture stays where it was opened.
        defer { try? home.enter() }
        do throws(CaptureDeviceError) {
            var capture = try LiveCapture(device: TwoHostWire.interface, options: options)
            try capture.setFilter(filter)
            return capture
        } catch {
            throw .capture(error)
        }
    }

    /// Takes what has been captured, after waiting for something; says how many packets.
    public mutating func take(waiting time: Duration) throws(WireError) -> Int {
        let descriptors = [client.selectableDescriptor, server.selectableDescriptor].compactMap(\.self)
        do throws(SocketError) { _ = try waitReadable(descriptors, timeout: time) } catch { throw .socket(error) }
        let before = clientRecords.count + serverRecords.count
        do throws(CaptureDeviceError) {
            try Self.take(&client, 0, &clientRecords)
            try Self.take(&server, 1, &serverRecords)
        } catch {
            throw .capture(error)
        }
        return clientRecords.count + serverRecords.count - before
    }

    private static func take(_ capture: inout LiveCapture, _ interface: Int, _ records: inout [CapturedRecord]) throws(CaptureDeviceError) {
        while var header = try capture.next() {
            header.interface = interface
            records.append(CapturedRecord(header: header, bytes: capture.bytes.copied))
        }
    }

    /// How many packets were taken so far.
    public var count: Int { clientRecords.count + serverRecords.count }

    /// Both ends' packets in the order of their times, numbered from 1.
    public var records: [CapturedRecord] {
        var all = clientRecords + serverRecords
        // Stable by construction: of one time, the client's stand first.
        all.sort { ($0.header.timestamp ?? .epoch) < ($1.header.timestamp ?? .epoch) }
        for index in all.indices { all[index].header.number = index + 1 }
        return all
    }

    /// How a capture file describes the two.
    public func interfaces(_ wire: TwoHostWire) -> [CaptureInterface] {
        [(client.interface, wire.client), (server.interface, wire.server)].map { interface, host in
            var described = interface
            described.name = "\(host.name) \(TwoHostWire.interface)"
            described.description = "\(host.name) end: \(host.ipv4), \(host.ipv6)"
            return described
        }
    }

    /// The counts of both.
    public var statistics: [LiveCaptureStatistics] {
        [(try? client.statistics()) ?? LiveCaptureStatistics(), (try? server.statistics()) ?? LiveCaptureStatistics()]
    }
}
