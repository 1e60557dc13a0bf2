/// Bytes of capture files, put together field by field in either byte order.
public struct FileBytes: Sendable {
    public var bytes: [UInt8] = []
    public let bigEndian: Bool

    public init(bigEndian: Bool = false) { self.bigEndian = bigEndian }

    public mutating func add<Number: FixedWidthInteger>(_ value: Number) {
        let size = Number.bitWidth / 8
        for index in 0..<size {
            let shift = 8 * (bigEndian ? size - 1 - index : index)
            bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    public mutating func add(_ more: [UInt8], padTo alignment: Int = 1) {
        bytes += more
        while bytes.count % alignment != 0 { bytes.append(0) }
    }

    // MARK: pcap

    public mutating func pcapHeader(
        magic: UInt32 = 0xa1b2_c3d4, major: UInt16 = 2, minor: UInt16 = 4, snaplen: UInt32 = 65535, network: UInt32 = 1
    ) {
        add(magic)
        add(major)
        add(minor)
        add(0 as UInt64)
        add(snaplen)
        add(network)
    }

    public mutating func pcapRecord(
        seconds: UInt32, part: UInt32, captured: UInt32? = nil, wire: UInt32? = nil, extra: [UInt8] = [],
        _ data: [UInt8]
    ) {
        add(seconds)
        add(part)
        add(captured ?? UInt32(data.count))
        add(wire ?? UInt32(data.count))
        add(extra)
        add(data)
    }

    // MARK: pcapng

    public struct Option: Sendable {
        let code: UInt16
        let value: [UInt8]
        public init(_ code: UInt16, _ value: [UInt8]) { (self.code, self.value) = (code, value) }
        public init(_ code: UInt16, _ text: String) { self.init(code, Array(text.utf8)) }
    }

    /// A value in this file's byte order.
    public func encoded<Number: FixedWidthInteger>(_ value: Number) -> [UInt8] {
        var other = FileBytes(bigEndian: bigEndian)
        other.add(value)
        return other.bytes
    }

    public mutating func block(
        _ type: UInt32, options: [Option] = [], totalLength: UInt32? = nil, _ body: (inout FileBytes) -> Void
    ) {
        var inner = FileBytes(bigEndian: bigEndian)
        body(&inner)
        inner.add([], padTo: 4)
        for option in options {
            inner.add(option.code)
            inner.add(UInt16(option.value.count))
            inner.add(option.value, padTo: 4)
        }
        if !options.isEmpty { inner.add(0 as UInt32) }
        let length = totalLength ?? UInt32(inner.bytes.count + 12)
        add(type)
        add(length)
        add(inner.bytes)
        add(length)
    }

    public mutating func section(options: [Option] = [], minor: UInt16 = 0) {
        block(0x0a0d_0d0a, options: options) {
            $0.add(0x1a2b_3c4d as UInt32)
            $0.add(1 as UInt16)
            $0.add(minor)
            $0.add(UInt64.max)
        }
    }

    public mutating func interface(linkType: UInt16 = 1, snaplen: UInt32 = 0, options: [Option] = []) {
        block(1, options: options) {
            $0.add(linkType)
            $0.add(0 as UInt16)
            $0.add(snaplen)
        }
    }

    public mutating func enhancedPacket(
        interface: UInt32 = 0, time: UInt64, captured: UInt32? = nil, wire: UInt32? = nil, options: [Option] = [],
        _ data: [UInt8]
    ) {
        block(6, options: options) {
            $0.add(interface)
            $0.add(UInt32(truncatingIfNeeded: time >> 32))
            $0.add(UInt32(truncatingIfNeeded: time))
            $0.add(captured ?? UInt32(data.count))
            $0.add(wire ?? UInt32(data.count))
            $0.add(data)
        }
    }

    // MARK: zstd, lz4

    /// A zstd frame (RFC 8878 section 3.1.1) of raw blocks.
    /// - Parameter windowLog: what the frame says that a decoder has to keep; 10 at least.
    public static func zstdFrame(_ data: [UInt8], windowLog: UInt8 = 17) -> [UInt8] {
        var bytes: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd, 0, (windowLog - 10) << 3]
        var rest = data[...]
        repeat {
            let block = rest.prefix(100_000)
            rest = rest.dropFirst(block.count)
            let header = UInt32(block.count) << 3 | (rest.isEmpty ? 1 : 0)
            bytes +=
                [
                    UInt8(truncatingIfNeeded: header), UInt8(truncatingIfNeeded: header >> 8),
                    UInt8(truncatingIfNeeded: header >> 16),
                ] + block
        } while !rest.isEmpty
        return bytes
    }

    /// An LZ4 frame of blocks of at most 64 KB that are not compressed.
    public static func lz4Frame(_ data: [UInt8]) -> [UInt8] {
        // Version 1, independent blocks; the third byte is the header's checksum.
        var bytes: [UInt8] = [0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82]
        var rest = data[...]
        while !rest.isEmpty {
            let block = rest.prefix(65_536)
            rest = rest.dropFirst(block.count)
            let header = UInt32(block.count) | 0x8000_0000
            bytes += (0..<4).map { UInt8(truncatingIfNeeded: header >> ($0 * 8)) } + block
        }
        return bytes + [0, 0, 0, 0]
    }

    // MARK: gzip

    /// One gzip member (RFC 1952) of stored blocks (RFC 1951 section 3.2.4).
    public static func gzipMember(_ data: [UInt8]) -> [UInt8] {
        var out = FileBytes()
        out.add([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255])
        var rest = data[...]
        repeat {
            let part = rest.prefix(65535)
            rest = rest.dropFirst(65535)
            out.add([rest.isEmpty ? 1 : 0])
            out.add(UInt16(part.count))
            out.add(~UInt16(part.count))
            out.add(Array(part))
        } while !rest.isEmpty
        var crc = UInt32.max
        for byte in data {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xedb8_8320 : crc >> 1 }
        }
        out.add(~crc)
        out.add(UInt32(truncatingIfNeeded: data.count))
        return out.bytes
    }
}
