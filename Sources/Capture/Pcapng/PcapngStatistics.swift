import Addressing

/// What stands beside the packets: counts of interfaces and names of addresses.
extension CaptureFileReader {
    /// An Interface Statistics Block; the last one of an interface stays.
    ///
    ///     interface (4) | time, high (4) | time, low (4) | options
    mutating func readStatistics(_ length: Int) throws(CaptureFileError) {
        guard length >= 24 else {
            throw fail(
                malformed(
                    "an Interface Statistics Block claims \(length) bytes in all, fewer than its fixed fields have (24)"
                ))
        }
        let number = Int(blocks.uint32(at: 8, bigEndian: bigEndian))
        let isDescribed = number < clocks.count
        let clock = isDescribed ? clocks[number].clock : InterfaceClock(resolution: .microseconds, offset: 0)
        var found = InterfaceStatistics(
            interface: firstInterface + number, timestamp: clock.timestamp(units: splitUnits(at: 12)))
        var walk = OptionWalk(start: 20, length: length - 24, bigEndian: bigEndian)
        while let option = walk.next(in: blocks) {
            if option.code == OptionCode.comment {
                found.comments.append(text(option))
                continue
            }
            if option.length != 8 { continue }
            let count = blocks.uint64(at: option.start, bigEndian: bigEndian)
            switch option.code {
            case OptionCode.statisticsStart: found.started = clock.timestamp(units: splitUnits(at: option.start))
            case OptionCode.statisticsEnd: found.ended = clock.timestamp(units: splitUnits(at: option.start))
            case OptionCode.statisticsReceived: found.received = count
            case OptionCode.statisticsInterfaceDropped: found.droppedByInterface = count
            case OptionCode.statisticsAccepted: found.accepted = count
            case OptionCode.statisticsSystemDropped: found.dropped = count
            case OptionCode.statisticsDelivered: found.delivered = count
            default: break
            }
        }
        if walk.isDamaged { throw fail(malformed("the options of an Interface Statistics Block do not fit into it")) }
        // Statistics of an interface that was not described are passed over.
        if !isDescribed { return }
        if let old = statistics.firstIndex(where: { $0.interface == found.interface }) {
            statistics[old] = found
        } else {
            statistics.append(found)
        }
    }

    /// A time: two 32-bit halves, the high one first in both byte orders.
    private func splitUnits(at position: Int) -> UInt64 {
        UInt64(blocks.uint32(at: position, bigEndian: bigEndian)) << 32
            | UInt64(blocks.uint32(at: position + 4, bigEndian: bigEndian))
    }

    /// A Name Resolution Block: records of an address and its names, ended by a record of type 0.
    ///
    ///     type (2) | length (2) | address (4 or 16), names each ended by a zero byte, padded to 4
    mutating func readNames(_ length: Int) throws(CaptureFileError) {
        guard length >= 16 else {
            throw fail(
                malformed("a Name Resolution Block claims \(length) bytes in all, fewer than the smallest one has (16)")
            )
        }
        var position = 8
        let end = length - 4
        while position < end {
            guard end - position >= 4 else { throw fail(malformed("a Name Resolution Block ends within a record")) }
            let type = blocks.uint16(at: position, bigEndian: bigEndian)
            let count = Int(blocks.uint16(at: position + 2, bigEndian: bigEndian))
            position += 4
            guard (count + 3) & ~3 <= end - position else {
                throw fail(
                    malformed("a record of a Name Resolution Block claims \(count) bytes, more than the block has left")
                )
            }
            switch type {
            case 0:
                try checkNameOptions(from: position, to: end)
                return
            case 1, 2:
                let addressLength = type == 1 ? 4 : 16
                guard count >= addressLength else {
                    throw fail(
                        malformed("a record of a Name Resolution Block has \(count) bytes, too few for an address"))
                }
                let address: IPAddress =
                    type == 1
                    ? .v4(IPv4Address(rawValue: blocks.uint32(at: position, bigEndian: true)))
                    : .v6(
                        IPv6Address(
                            high: blocks.uint64(at: position, bigEndian: true),
                            low: blocks.uint64(at: position + 8, bigEndian: true)))
                try readNames(of: address, from: position + addressLength, to: position + count)
            default: break
            }
            position += (count + 3) & ~3
        }
    }

    private mutating func checkNameOptions(from start: Int, to end: Int) throws(CaptureFileError) {
        var walk = OptionWalk(start: start, length: end - start, bigEndian: bigEndian)
        while walk.next(in: blocks) != nil {}
        if walk.isDamaged { throw fail(malformed("the options of a Name Resolution Block do not fit into it")) }
    }

    private mutating func readNames(of address: IPAddress, from start: Int, to end: Int) throws(CaptureFileError) {
        var nameStart = start
        for position in start..<end where blocks.uint8(at: position) == 0 {
            names.append(
                NamedAddress(address: address, name: blocks.string(at: nameStart, count: position - nameStart)))
            nameStart = position + 1
        }
        if nameStart != end { throw fail(malformed("a name in a Name Resolution Block has no end")) }
    }
}
