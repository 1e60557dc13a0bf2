import Foundation

/// Writes small capture files for tests, a packet a millisecond.
public enum TestCapture {
    /// Classic pcap (little-endian, Ethernet).
    /// - Parameter nanoseconds: whether times are kept in nanoseconds, else in microseconds.
    public static func pcap(
        _ packets: [[UInt8]], nanoseconds: Bool = false, in folder: TemporaryFolder, name: String = "stream.pcap"
    ) throws -> String {
        var bytes =
            word(nanoseconds ? 0xa1b2_3c4d : 0xa1b2_c3d4) + [2, 0, 4, 0] + word(0) + word(0) + word(65535) + word(1)
        for (index, packet) in packets.enumerated() {
            // In nanoseconds each is a little later than the whole millisecond.
            let fraction = nanoseconds ? index * 1_000_000 + index : index * 1000
            bytes += word(1_700_000_000) + word(fraction) + word(packet.count) + word(packet.count) + packet
        }
        return try write(bytes, folder.path(name))
    }

    /// pcapng (little-endian, Ethernet) with interfaces of these descriptions.
    /// - Parameter timed: whether the packets have times; where not, they are Simple Packet Blocks, all of the first
    ///   interface.
    public static func pcapng(
        _ descriptions: [String], _ packets: [(interface: Int, bytes: [UInt8])], timed: (Int) -> Bool = { _ in true },
        in folder: TemporaryFolder
    ) throws -> String {
        var bytes = block(0x0a0d_0d0a, word(0x1a2b_3c4d) + [1, 0, 0, 0] + [UInt8](repeating: 0xff, count: 8))
        for text in descriptions {
            let value = Array(text.utf8)
            // if_description is option 3.
            bytes += block(1, [1, 0, 0, 0] + word(65535) + [3, 0, UInt8(value.count), 0] + padded(value) + word(0))
        }
        for (index, packet) in packets.enumerated() {
            guard timed(index) else {
                bytes += block(3, word(packet.bytes.count) + padded(packet.bytes))
                continue
            }
            let time = 1_700_000_000_000_000 + index * 1000
            bytes += block(
                6,
                word(packet.interface) + word(time >> 32) + word(time) + word(packet.bytes.count)
                    + word(packet.bytes.count) + padded(packet.bytes))
        }
        return try write(bytes, folder.path("stream.pcapng"))
    }

    private static func write(_ bytes: [UInt8], _ path: String) throws -> String {
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return path
    }

    private static func block(_ type: Int, _ body: [UInt8]) -> [UInt8] {
        word(type) + word(body.count + 12) + body + word(body.count + 12)
    }

    private static func padded(_ bytes: [UInt8]) -> [UInt8] {
        bytes + [UInt8](repeating: 0, count: (4 - bytes.count % 4) % 4)
    }

    private static func word(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
}
