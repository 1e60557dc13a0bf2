import Addressing
import Analysis
import Capture
import Packets

/// Packets that a test made up, read as a command reads those of a file: whatever a test wants to know of several
/// packets, it learns here.
public struct TestTraffic: Sendable {
    public private(set) var records: [CapturedRecord] = []

    public init() {}

    /// Packets of one link type without times.
    public init(_ packets: [[UInt8]], linkType: LinkType = .ethernet) {
        for packet in packets { add(at: nil, packet, linkType: linkType) }
    }

    /// Adds a packet.
    /// - Parameter kept: how many of its bytes were captured.
    public mutating func add(
        at time: Timestamp?, _ bytes: [UInt8], interface: Int = 0, linkType: LinkType = .ethernet, kept: Int = .max
    ) {
        let captured = Array(bytes.prefix(kept))
        let header = RecordHeader(
            number: records.count + 1, timestamp: time, capturedLength: captured.count, wireLength: bytes.count,
            interface: interface, linkType: linkType)
        records.append(CapturedRecord(header: header, bytes: captured))
    }

    /// Puts a packet behind the one with a number, at the same time and with a number of its own: the others keep
    /// theirs.
    public mutating func insert(_ bytes: [UInt8], number: Int, behind other: Int) {
        guard let index = records.firstIndex(where: { $0.header.number == other }) else { return }
        var header = records[index].header
        (header.number, header.capturedLength, header.wireLength) = (number, bytes.count, bytes.count)
        records.insert(CapturedRecord(header: header, bytes: bytes), at: index + 1)
    }

    /// Hands out every packet with its layers and what is known of it.
    /// - Parameters:
    ///   - needs: what is to be found out about each packet besides its layers.
    ///   - joins: whether fragments are put together.
    public func read(
        needs: FieldNeeds = .analysis, joins: Bool = false,
        _ body: (RawSpan, borrowing Dissection, borrowing PacketFacts) -> Void
    ) {
        var analyzer = PacketAnalyzer(needs: needs, joins: joins, seed: 7)
        analyzer.forEach(in: records) { bytes, dissection, facts, _ in body(bytes, dissection, facts) }
    }

    /// The values of fields in each packet.
    /// - Returns: for each packet, the values of each of the fields.
    public func values(of fields: [NamedField], needs: FieldNeeds = .analysis, joins: Bool = false) -> [[[FieldValue]]]
    {
        var found: [[[FieldValue]]] = []
        read(needs: needs, joins: joins) { bytes, dissection, facts in
            var packet: [[FieldValue]] = []
            for field in fields {
                var values: [FieldValue] = []
                field.read(bytes, dissection, facts, into: &values)
                packet.append(values)
            }
            found.append(packet)
        }
        return found
    }
}
