import Addressing
import Packets
import Text

/// One line a packet: time, who to whom, protocol, and what matters of it.
///
///     10:20:30.303981 127.0.0.1:43210 > 127.0.0.1:65432 TCP SYN seq 0 win 65495 [mss 65495, sackOK, TS 1 0, wscale 7]
///     len 0
public struct PacketLine {
    /// What a line shows besides what it always shows.
    public struct Options: Sendable {
        /// `-#`: the record's number first.
        public var number = false
        /// `-S`: sequence numbers as sent instead of relative ones.
        public var absoluteNumbers = false
        /// `--link`: the link header's addresses.
        public var link = false
        /// The text that the packet carries, where no protocol says what it is.
        public var data = false

        /// Nothing more than what a line always shows.
        public init() {}
    }

    /// The name of an address, where one is known. Whoever gives it decides where names come from.
    public typealias Names = (IPAddress) -> String?

    private let options: Options
    private var time: TimeColumn
    private let names: Names?

    /// - Parameters:
    ///   - time: how times are spelled; it remembers the packet before, for differences.
    ///   - names: asked for each address; nil shows addresses as numbers.
    public init(options: Options = Options(), time: TimeColumn, names: Names? = nil) {
        self.options = options
        self.time = time
        self.names = names
    }

    /// Writes the packet's line, with its line end.
    public mutating func write(
        _ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts,
        to out: inout OutputBuffer
    ) {
        if options.number {
            out.append(decimal: UInt64(clamping: facts.number))
            out.append(ascii: 32)
        }
        out.append(style: .dim)
        time.write(facts.timestamp, to: &out)
        out.append(style: .plain)
        if options.link { LinkText.write(record, dissection, wireLength: facts.wireLength, to: &out) }
        writeLayers(record, dissection, facts, &out)
        if options.data { DataText.write(record, dissection, to: &out) }
        if facts.copyOf > 0 { Self.writeCopy(facts.copyOf, &out) }
        if case .complete = dissection.stop {} else { writeStop(dissection, &out) }
        MissingBytes(record, dissection, facts)?.write(before: " ", after: "", to: &out)
        AssemblyText.write(record, dissection, facts, before: " ", after: "", to: &out)
        out.append(ascii: 10)
    }

    /// In the place of what TCP analysis says: the packet was sent once.
    private static func writeCopy(_ original: Int, _ out: inout OutputBuffer) {
        out.append(" [Copy of ")
        out.append(decimal: UInt64(clamping: original))
        out.append(": captured twice]")
    }

    // What follows is `mutating` although it changes nothing: otherwise the whole structure is copied for each call.

    private mutating func writeLayers(
        _ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts, _ out: inout OutputBuffer
    ) {
        // The IP layer whose addresses are still to be written: beside the ports, if there are any.
        var carrier = -1
        // What was written last, and what was passed over without a word.
        var written: LayerKind?
        var silent = -1
        for index in 0..<dissection.layers.count {
            let layer = dissection.layers[index]
            switch layer.kind {
            case .ethernet:
                // It says nothing where anything is inside; asking its description what it says is not free.
                silent = index
            case .ipv4, .ipv6:
                if carrier >= 0 {
                    // A tunnel: what follows is inside it.
                    writeAddresses(record, dissection.layers[carrier], ports: nil, &out)
                    if silent >= 0 { Self.writeName(dissection.layers[silent].kind, &out) }
                    out.append(": ")
                } else if written == .icmp || written == .icmpv6 {
                    // The packet that an error quotes.
                    out.append(" about ")
                } else if written != nil {
                    if silent >= 0 { Self.writeName(dissection.layers[silent].kind, &out) }
                    out.append(": ")
                }
                carrier = index
                silent = -1
            case .tcp:
                guard carrier >= 0, let segment = try? TCPSegment(record.extracting(layer.range)) else { continue }
                writeAddresses(
                    record, dissection.layers[carrier], ports: (segment.sourcePort, segment.destinationPort), &out)
                // What is known of the stream is the outermost segment's; one in OpenFlow's frames has numbers as sent.
                TCPLine.write(
                    segment, layer, written == nil ? facts.stream : StreamFacts(), absolute: options.absoluteNumbers,
                    to: &out)
                if facts.transport.hasMarks, facts.copyOf == 0, facts.transport.tcpLayer == layer.start {
                    TCPMarksText.write(facts.transport, to: &out)
                }
                if layer.isPartOfDatagram { Self.writeFragment(layer, &out) }
                carrier = -1
                written = .tcp
            case .udp:
                guard carrier >= 0, let datagram = try? UDPDatagram(record.extracting(layer.range)) else { continue }
                writeAddresses(
                    record, dissection.layers[carrier], ports: (datagram.sourcePort, datagram.destinationPort), &out)
                UDPLine.write(datagram, layer, record, to: &out)
                if layer.isPartOfDatagram { Self.writeFragment(layer, &out) }
                if UDPDatagram.claimsTooMuch(layer, in: record) { UDPLine.writeWrongLength(datagram, to: &out) }
                carrier = -1
                written = .udp
            default:
                writeOther(index, record, dissection, &carrier, &written, &silent, &out)
            }
        }
        if carrier >= 0 {
            var isFragment = false
            if case .fragment = dissection.stop { isFragment = true }
            writeAddresses(record, dissection.layers[carrier], ports: nil, isFragment: isFragment, &out)
            if silent >= 0 {
                let silent = dissection.layers[silent]
                if silent.kind == .ipv6Fragment, let header = try? IPv6FragmentHeader(record.extracting(silent.range)),
                    header.fragmentOffset > 0 || isFragment
                {
                    FragmentText.write(header, length: silent.claimedPayloadLength, to: &out)
                } else {
                    Self.writeName(silent.kind, &out)
                    Self.writeLength(Int(silent.claimedEnd) - Int(silent.start), &out)
                }
            }
        } else if written == nil {
            writeUnnamed(record, dissection, facts, &out)
        }
    }

    /// Writes the words of a protocol that is none of the few in nearly every packet.
    private mutating func writeOther(
        _ index: Int, _ record: RawSpan, _ dissection: borrowing Dissection, _ carrier: inout Int,
        _ written: inout LayerKind?, _ silent: inout Int, _ out: inout OutputBuffer
    ) {
        let layer = dissection.layers[index]
        if let write = layer.kind.lineWords {
            var text = SummaryText()
            write(layer, record, &text)
            // Several messages of a protocol are told one after the other: pipelined requests, each a layer.
            if index > 0, dissection.layers[index - 1].kind == layer.kind { out.append(ascii: 59) }
            out.append(ascii: 32)
            text.write(to: &out)
            return
        }
        switch layer.kind.line {
        case .message(let needs, let hasPorts, let write) where carrier >= 0 && layer.range.count >= needs:
            let start = Int(layer.start)
            var ports: (Port, Port)?
            if hasPorts { ports = (Port(record.uint16(at: start)), Port(record.uint16(at: start &+ 2))) }
            writeAddresses(record, dissection.layers[carrier], ports: ports, &out)
            write(layer, record, &out)
            if layer.isPartOfDatagram { Self.writeFragment(layer, &out) }
        case .statement(let needs, let write) where layer.range.count >= needs:
            if carrier >= 0 { writeAddresses(record, dissection.layers[carrier], ports: nil, &out) }
            if carrier >= 0 || written != nil {
                if silent >= 0 { Self.writeName(dissection.layers[silent].kind, &out) }
                out.append(": ")
            }
            write(layer, record, &out)
        case .tunnel(let write):
            if carrier >= 0 { writeAddresses(record, dissection.layers[carrier], ports: nil, &out) }
            write(layer, record, &out)
            if index == dissection.layers.count - 1 { Self.writeLength(layer.claimedPayloadLength, &out) }
        case .name, .core, .message, .statement, .frame, .words:
            silent = index
            return
        }
        carrier = -1
        written = layer.kind
    }

    /// A packet without anything that has a sentence of its own: its innermost layer's name and its length.
    private mutating func writeUnnamed(
        _ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts, _ out: inout OutputBuffer
    ) {
        if !options.link, let layer = dissection.first(.ethernet),
            let frame = try? EthernetFrame(record.extracting(layer.range))
        {
            frame.source.write(to: &out)
            out.append(" > ")
            frame.destination.write(to: &out)
            out.append(ascii: 32)
        }
        if let last = dissection.layers.last, case .frame(let needs, let write) = last.kind.line,
            last.range.count >= needs
        {
            write(last, record, &out)
        } else if let title = dissection.layers.last?.kind.protocolDescription?.title {
            out.append(text: title)
        } else if facts.linkType == .notAPacket {
            out.append("pcapng block that is no packet")
        } else {
            out.append("link type ")
            out.append(decimal: UInt64(facts.linkType.rawValue))
        }
        out.append(", ")
        out.append(decimal: UInt64(clamping: facts.wireLength))
        out.append(facts.wireLength == 1 ? " byte" : " bytes")
    }

    private static func writeName(_ kind: LayerKind, _ out: inout OutputBuffer) {
        guard kind != .ethernet, let name = kind.protocolDescription?.name else { return }
        out.append(ascii: 32)
        // Wireshark's names of protocols are their abbreviations in lower case, apart from those of IPv6's headers.
        out.append(text: name.utf8.contains(46) ? name : name.uppercased())
    }

    private static func writeLength(_ length: Int, _ out: inout OutputBuffer) {
        out.append(" len ")
        out.append(decimal: UInt64(clamping: max(0, length)))
    }

    /// The first fragment has the ports; the datagram goes on in others.
    private static func writeFragment(_ layer: LayerRange, _ out: inout OutputBuffer) {
        if !layer.isQuoted { out.append(" [first fragment]") }
    }

    private mutating func writeAddresses(
        _ record: RawSpan, _ network: LayerRange, ports: (Port, Port)?, isFragment: Bool = false,
        _ out: inout OutputBuffer
    ) {
        let bytes = record.extracting(network.range)
        if network.kind == .ipv4 {
            guard let packet = try? IPv4Packet(bytes) else { return out.append("IPv4") }
            writeEnd(.v4(packet.source), ports?.0, &out)
            out.append(" > ")
            writeEnd(.v4(packet.destination), ports?.1, &out)
            if ports == nil, packet.fragmentOffset > 0 || isFragment {
                FragmentText.write(packet, length: network.claimedPayloadLength, to: &out)
            }
        } else {
            guard let packet = try? IPv6Packet(bytes) else { return out.append("IPv6") }
            writeEnd(.v6(packet.source), ports?.0, &out)
            out.append(" > ")
            writeEnd(.v6(packet.destination), ports?.1, &out)
        }
    }

    /// An address, by its name where one is wanted and known, and a port.
    @inline(__always)
    private mutating func writeEnd(_ address: IPAddress, _ port: Port?, _ out: inout OutputBuffer) {
        if let names, let name = names(address) {
            out.append(escaping: name)
        } else {
            switch address {
            case .v4(let address): address.write(to: &out)
            case .v6(let address):
                if port != nil { out.append(ascii: 91) }
                address.write(to: &out)
                if port != nil { out.append(ascii: 93) }
            }
        }
        if let port { out.append(ascii: 58, decimal: UInt64(port.rawValue)) }
    }

    /// Why there is no more to say, unless the line says it already.
    private func writeStop(_ dissection: borrowing Dissection, _ out: inout OutputBuffer) {
        switch dissection.stop {
        case .complete, .fragment, .unsupported(after: .frame, number: _): return
        default:
            out.append(ascii: 32)
            out.append(style: .red)
            StopText.write(dissection, to: &out)
            out.append(style: .plain)
        }
    }
}
