import Addressing

/// Blocks that are no packets and that Wireshark numbers among them.
extension CaptureFileReader {
    /// A Custom Block: an enterprise number (4), then data and options of that enterprise's own.
    mutating func customBlock(_ length: Int) throws(CaptureFileError) -> RecordHeader {
        guard length >= 16 else {
            throw fail(malformed("a Custom Block claims \(length) bytes in all, fewer than its fixed fields have (16)"))
        }
        try whole(length, "a Custom Block")
        return otherRecord(.customBlock, length, start: 12, count: length - 16, time: nil)
    }

    /// The enterprise of the current record where it is a Custom Block that says that it may be copied; else nil.
    var copyableEnterprise: UInt32? {
        guard recordLength >= 16, blocks.uint32(at: 0, bigEndian: bigEndian) == BlockType.customCopied else {
            return nil
        }
        return blocks.uint32(at: 8, bigEndian: bigEndian)
    }

    /// A systemd Journal Export Block: lines of `FIELD=value`, filled up with zero bytes.
    mutating func journalBlock(_ length: Int) throws(CaptureFileError) -> RecordHeader {
        try whole(length, "a systemd Journal Export Block")
        var count = length - 12
        while count > 0, blocks.uint8(at: 8 + count - 1) == 0 { count -= 1 }
        let shortest = "__REALTIME_TIMESTAMP=0\n".utf8.count
        guard count >= shortest else {
            throw fail(
                malformed(
                    "a systemd Journal Export Block has \(count) bytes, fewer than its shortest entry (\(shortest))"))
        }
        return otherRecord(.journalEntry, length, start: 8, count: count, time: journalTime(count))
    }

    /// The entry's time: microseconds behind `__REALTIME_TIMESTAMP=`.
    private func journalTime(_ count: Int) -> Timestamp? {
        let key = Array("__REALTIME_TIMESTAMP=".utf8)
        var position = 8
        search: while position + key.count < 8 + count {
            for index in 0..<key.count where blocks.uint8(at: position + index) != key[index] {
                position += 1
                continue search
            }
            var value: UInt64 = 0
            var digits = 0
            position += key.count
            while position < 8 + count, case let byte = blocks.uint8(at: position), 48...57 ~= byte {
                let (scaled, o1) = value.multipliedReportingOverflow(by: 10)
                let (sum, o2) = scaled.addingReportingOverflow(UInt64(byte - 48))
                if o1 || o2 { return nil }
                value = sum
                digits += 1
                position += 1
            }
            return digits == 0 ? nil : InterfaceClock(resolution: .microseconds, offset: 0).timestamp(units: value)
        }
        return nil
    }

    private mutating func otherRecord(
        _ kind: RecordHeader.Kind, _ length: Int, start: Int, count: Int, time: Timestamp?
    ) -> RecordHeader {
        recordCount += 1
        recordLength = length
        dataStart = start
        dataLength = count
        return RecordHeader(
            number: recordCount, timestamp: time, capturedLength: count, wireLength: count, interface: 0,
            linkType: .notAPacket, fileOffset: blocks.offset, section: sections.count - 1, kind: kind)
    }
}
