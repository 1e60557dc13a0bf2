import Addressing

/// The values of a TCP header, owned: to keep, compare and encode. The wire's own bytes are read through `TCPSegment`.
public struct TCPHeader: Hashable, Sendable {
    /// The sender's port.
    public var sourcePort: Port
    /// The receiver's port.
    public var destinationPort: Port
    /// The number of the first byte of data, or of the SYN.
    public var sequence: SequenceNumber
    /// The number of the next byte that the sender expects; means nothing without the ACK flag.
    public var acknowledgment: SequenceNumber
    /// All flags as they were sent.
    public var flags: TCPFlags
    /// How many bytes the sender has room for, before scaling (RFC 7323 section 2).
    public var window: UInt16
    /// As it was sent, right or wrong.
    public var checksum: UInt16
    /// Where urgent data ends, counted from the sequence number; means nothing without the URG flag.
    public var urgentPointer: UInt16
    /// Options in order, without the padding behind them.
    public var options: [TCPOptions.Option]

    /// What is not given is zero; the checksum comes last, when the whole segment is there.
    public init(
        sourcePort: Port, destinationPort: Port, sequence: SequenceNumber, acknowledgment: SequenceNumber = .init(0),
        flags: TCPFlags, window: UInt16, checksum: UInt16 = 0, urgentPointer: UInt16 = 0,
        options: [TCPOptions.Option] = []
    ) {
        self.sourcePort = sourcePort
        self.destinationPort = destinationPort
        self.sequence = sequence
        self.acknowledgment = acknowledgment
        self.flags = flags
        self.window = window
        self.checksum = checksum
        self.urgentPointer = urgentPointer
        self.options = options
    }

    /// Takes the values out of a segment.
    public init(_ segment: borrowing TCPSegment) {
        self.init(
            sourcePort: segment.sourcePort, destinationPort: segment.destinationPort, sequence: segment.sequence,
            acknowledgment: segment.acknowledgment, flags: segment.flags, window: segment.window,
            checksum: segment.checksum, urgentPointer: segment.urgentPointer)
        var list = segment.options
        while let option = list.next() { options.append(option) }
    }

    /// The header in wire format, its options padded to a multiple of four bytes. Options that have no encoding of
    /// their own (`other`, `sack`, `malformed`) are left out. The checksum field is written as it is.
    public func encoded() -> [UInt8] {
        var encodedOptions: [UInt8] = []
        for option in options {
            switch option {
            case .noOperation: encodedOptions.append(1)
            case .maximumSegmentSize(let size):
                encodedOptions += [2, 4]
                encodedOptions.append(uint16: size)
            case .windowScale(let shift): encodedOptions += [3, 3, shift]
            case .sackPermitted: encodedOptions += [4, 2]
            case .timestamps(let value, let echo):
                encodedOptions += [8, 10]
                encodedOptions.append(uint32: value)
                encodedOptions.append(uint32: echo)
            case .sack, .other, .malformed: break
            }
        }
        encodedOptions = Array(encodedOptions.prefix(40))
        while encodedOptions.count % 4 != 0 { encodedOptions.append(0) }
        var bytes: [UInt8] = []
        bytes.append(uint16: sourcePort.rawValue)
        bytes.append(uint16: destinationPort.rawValue)
        bytes.append(uint32: sequence.rawValue)
        bytes.append(uint32: acknowledgment.rawValue)
        let words = UInt16(TCPSegment.minimumLength + encodedOptions.count) / 4
        bytes.append(uint16: words << 12 | flags.rawValue & 0x0fff)
        bytes.append(uint16: window)
        bytes.append(uint16: checksum)
        bytes.append(uint16: urgentPointer)
        return bytes + encodedOptions
    }
}
