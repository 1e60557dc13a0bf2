/// One option of a pcapng block: where its value stands in the window.
///
///     code (2) | length (2) | value, padded to 4
struct OptionPlace {
    let code: UInt16
    let start: Int
    let length: Int
}

/// Walks through the options of a block. What does not fit ends the walk and is told in `isDamaged`.
struct OptionWalk {
    private var position: Int
    private let end: Int
    private let bigEndian: Bool
    private(set) var isDamaged = false

    init(start: Int, length: Int, bigEndian: Bool) {
        position = start
        end = start + length
        self.bigEndian = bigEndian
    }

    mutating func next(in blocks: borrowing BlockReader) -> OptionPlace? {
        if position == end { return nil }
        guard end - position >= 4 else {
            isDamaged = true
            position = end
            return nil
        }
        let code = blocks.uint16(at: position, bigEndian: bigEndian)
        let length = Int(blocks.uint16(at: position + 2, bigEndian: bigEndian))
        let padded = (length + 3) & ~3
        guard end - position - 4 >= padded else {
            isDamaged = true
            position = end
            return nil
        }
        let place = OptionPlace(code: code, start: position + 4, length: length)
        if code == OptionCode.end {
            // Some writers leave rubbish behind the end of the options.
            position = end
            return nil
        }
        position += 4 + padded
        return place
    }
}

extension CaptureFileReader {
    /// The comments of the current packet, in file order. Looked up on every call.
    public func comments() -> [String] {
        if optionsLength == 0 { return [] }
        var found: [String] = []
        var walk = OptionWalk(start: optionsStart, length: optionsLength, bigEndian: bigEndian)
        while let option = walk.next(in: blocks) {
            if option.code != OptionCode.comment { continue }
            found.append(blocks.string(at: option.start, count: option.length))
        }
        return found
    }

    /// Which way the current packet went, where the file says (`epb_flags`).
    public func flags() -> PacketFlags? {
        var walk = OptionWalk(start: optionsStart, length: optionsLength, bigEndian: bigEndian)
        while let option = walk.next(in: blocks) {
            if option.code == OptionCode.packetFlags, option.length == 4 {
                return PacketFlags(rawValue: blocks.uint32(at: option.start, bigEndian: bigEndian))
            }
        }
        return nil
    }

    /// Checks that the options of a packet are whole, as Wireshark does before it shows the packet.
    /// Takes in how many packets were dropped before it; all ones say that this is not known.
    mutating func optionsAreWhole() -> Bool {
        var walk = OptionWalk(start: optionsStart, length: optionsLength, bigEndian: bigEndian)
        var dropped: UInt64 = 0
        while let option = walk.next(in: blocks) {
            if !Self.hasValidLength(option) { return false }
            if option.code == OptionCode.packetDropCount {
                dropped = blocks.uint64(at: option.start, bigEndian: bigEndian)
            }
        }
        if walk.isDamaged { return false }
        if dropped != .max { droppedBeforePackets &+= dropped }
        return true
    }

    /// Packet options whose length is fixed.
    private static func hasValidLength(_ option: OptionPlace) -> Bool {
        switch option.code {
        case 2, 6: option.length == 4  // epb_flags, epb_queue
        case 4, 5: option.length == 8  // epb_dropcount, epb_packetid
        case 3, 7: option.length >= 1  // epb_hash, epb_verdict
        case let code where OptionCode.isCustom(code): option.length >= 4
        default: true
        }
    }
}
