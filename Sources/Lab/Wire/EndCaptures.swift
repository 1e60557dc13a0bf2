import Addressing
import Capture
import Packets
import Sockets

/// The captures of both ends of a wire: interface 0 is the client's, interface 1 the server's.
public struct EndCaptures: ~Copyable {
    private var client: EndCapture
    private var server: EndCapture

    /// - Throws: why one of the ends cannot be captured.
    public init(_ wire: TwoHostWire) throws(WireError) {
        let first = try EndCapture(on: wire.client)
        let second = try EndCapture(on: wire.server)
        client = first
        server = second
    }

    /// Takes what has been captured, after waiting for something, or for one of other descriptors; says how many
    /// packets.
    public mutating func take(waiting time: Duration, or others: [Int32] = []) throws(WireError) -> Int {
        let descriptors = [client.selectableDescriptor, server.selectableDescriptor].compactMap(\.self) + others
        do throws(SocketError) { _ = try waitReadable(descriptors, timeout: time) } catch { throw .socket(error) }
        do throws(CaptureDeviceError) { return try client.take(as: 0) + server.take(as: 1) } catch {
            throw .capture(error)
        }
    }

    /// From now on only marks that are sent from now on count.
    public mutating func expectMarks() {
        client.expectMark()
        server.expectMark()
    }

    /// Sends a mark at each end.
    public func sendMarks() throws(WireError) {
        try client.sendMark(as: 0)
        try server.sendMark(as: 1)
    }

    /// Whether everything was taken that was sent before the last marks, kept its place, and was not lost.
    public var sawMarks: Bool { client.sawMarks && server.sawMarks }

    /// How many packets were taken so far.
    public var count: Int { client.records.count + server.records.count }

    /// One end's packets, as they came.
    func records(of interface: Int) -> [CapturedRecord] { interface == 0 ? client.records : server.records }

    /// Both ends' packets in the order of their times, numbered from 1.
    public var records: [CapturedRecord] {
        var all = client.records + server.records
        // Of one time, the client's stand first.
        all.sort {
            let (a, b) = ($0.header.timestamp ?? .epoch, $1.header.timestamp ?? .epoch)
            return a != b ? a < b : $0.header.interface < $1.header.interface
        }
        for index in all.indices { all[index].header.number = index + 1 }
        return all
    }

    /// How a capture file describes the two.
    public var interfaces: [CaptureInterface] { [client.interface, server.interface] }

    /// The counts of both.
    public var statistics: [LiveCaptureStatistics] { [client.statistics, server.statistics] }
}
