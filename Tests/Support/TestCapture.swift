import Foundation

/// Writes small capture files for tests, a packet a millisecond.
public enum TestCapture {
    /// Classic pcap (little-endian, Ethernet).
    /// - Parameter nanoseconds: whether times are kept in nanoseconds, else in microseconds.
    public static func pcap(
        _ packets: [[UInt8]], nanoseconds: Bool = false, in folder: TemporaryFolder, name: String = "stream.pcap"
    ) throws -> String {
        var file = FileBytes()
        file.pcapHeader(magic: nanoseconds ? 0xa1b2_3c4d : 0xa1b2_c3d4)
        for (index, packet) in packets.enumerated() {
            // In nanoseconds each is a little later than the whole millisecond.
            let fraction = nanoseconds ? index * 1_000_000 + index : index * 1000
            file.pcapRecord(seconds: 1_700_000_000, part: UInt32(fraction), packet)
        }
        return try write(file.bytes, folder.path(name))
    }

    /// Classic pcap (little-endian, Ethernet) with times of the test's own, in microseconds since a fixed moment.
    public static func pcap(
        at packets: [(microseconds: Int, bytes: [UInt8])], in folder: TemporaryFolder, name: String = "timed.pcap"
    ) throws -> String {
        var file = FileBytes()
        file.pcapHeader()
        for packet in packets {
            let time = 1_700_000_000_000_000 + packet.microseconds
            file.pcapRecord(seconds: UInt32(time / 1_000_000), part: UInt32(time % 1_000_000), packet.bytes)
        }
        return try write(file.bytes, folder.path(name))
    }

    /// pcapng (little-endian, Ethernet) with interfaces of these descriptions.
    /// - Parameter timed: whether the packets have times; where not, they are Simple Packet Blocks, all of the first
    ///   interface.
    public static func pcapng(
        _ descriptions: [String], _ packets: [(interface: Int, bytes: [UInt8])], timed: (Int) -> Bool = { _ in true },
        in folder: TemporaryFolder
    ) throws -> String {
        var file = FileBytes()
        file.section()
        // if_description is option 3.
        for text in descriptions { file.interface(snaplen: 65_535, options: [FileBytes.Option(3, text)]) }
        for (index, packet) in packets.enumerated() {
            if timed(index) {
                let time = UInt64(1_700_000_000_000_000 + index * 1000)
                file.enhancedPacket(interface: UInt32(packet.interface), time: time, packet.bytes)
            } else {
                file.block(3) { block in
                    block.add(UInt32(packet.bytes.count))
                    block.add(packet.bytes)
                }
            }
        }
        return try write(file.bytes, folder.path("stream.pcapng"))
    }

    private static func write(_ bytes: [UInt8], _ path: String) throws -> String {
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return path
    }
}
