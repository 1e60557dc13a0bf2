import Addressing
import Analysis
import ArgumentParser
import Capture
import Packets
import Rendering
import Sockets
import SystemPackage
import Text

/// `netprobe show`
struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show the packets of a capture file: lines, trees, bytes, fields or JSON.",
        usage: "netprobe show [options] FILE [FILTER …]",
        discussion: """
            FILE is a pcap or pcapng file, compressed (gzip, zstd, lz4) or not; - is standard input. FILTER is \
            tcpdump's language (tcp port 80), -Y Wireshark's over the fields that "netprobe fields" lists. Field names \
            and values are Wireshark's, flags tcpdump's where both have one. Lines have local time, fields and trees \
            UTC. A filter chooses packets; stream and sequence numbers and marks are those of the whole file all the \
            same.

            Exit status: 0 shown; 1 a filter was given and nothing matched; 2 the file is damaged (all before the \
            damage is shown), cannot be opened, or a filter or field name is wrong; 64 wrong usage.

            Examples:
              netprobe show echo.pcapng
              netprobe show -v -c 1 echo.pcapng tcp port 65432
              netprobe show -Y 'tcp.flags.syn == 1 and ip.src == 10.0.0.0/8' big.pcap.gz
              netprobe show -T fields -e frame.time_epoch -e ip.src -e tcp.dstport echo.pcapng
              netprobe show --headers -X -c 3 echo.pcapng
              netprobe show -w syns.pcapng -Y tcp.flags.syn==1 echo.pcapng
            """)

    @OptionGroup(title: "Lines") var line: LineOptions
    @OptionGroup(title: "Fields") var fields: FieldOptions

    @Option(
        name: .customShort("Y", allowingJoined: true), parsing: .unconditional,
        help: ArgumentHelp("Show only what passes a display filter, in Wireshark's syntax.", valueName: "filter"))
    var displayFilter: String?

    @Option(
        name: .customShort("c", allowingJoined: true), help: ArgumentHelp("Stop after so many packets.", valueName: "n")
    )
    var limit: Int?

    @Flag(
        name: .long,
        help: ArgumentHelp(
            """
            Each packet by itself: neither fragments nor TCP segments are put together. Otherwise a datagram or \
            message shows at the packet that completes it.
            """
        ))
    var noReassembly = false

    @Flag(name: .long, help: "Print only how many packets there are.")
    var count = false

    @Option(
        name: .customShort("w", allowingJoined: true),
        help: ArgumentHelp(
            """
            Write the packets to a file instead: pcapng, or classic pcap for a name in .pcap, \
            .cap or .dmp; - is standard output.
            """,
            valueName: "file"))
    var write: String?

    @Flag(
        name: .long,
        help:
            """
            Names for addresses, from the capture and the system. Whoever does not answer within two \
            seconds in all is not asked again.
            """
    )
    var resolve = false

    @OptionGroup var colour: ColourOption

    @Option(
        name: .customShort("r", allowingJoined: true),
        help: ArgumentHelp("The capture file, as tcpdump and tshark want it named.", valueName: "file"))
    var read: [String] = []

    @Flag(
        name: .customShort("l"),
        help: ArgumentHelp("Accepted for tcpdump's sake: each write is one of whole lines anyway.", visibility: .hidden)
    )
    var lineBuffered = false

    @Argument(help: ArgumentHelp("The capture file; - is standard input.", valueName: "file"))
    var named: String?

    @Argument(help: ArgumentHelp("A capture filter in tcpdump's language.", valueName: "filter"))
    var words: [String] = []

    var file: String { read.first ?? named ?? "-" }

    /// The words that are not the file.
    var filter: [String] { read.isEmpty ? words : (named.map { [$0] } ?? []) + words }

    func validate() throws {
        if read.count > 1 {
            throw ValidationError("one -r, one capture; \"mergecap -w all.pcapng FILE …\" makes one of several.")
        }
        if named == nil, read.isEmpty { throw ValidationError("Missing expected argument '<file>'") }
        if let limit, limit < 1 { throw ValidationError("-c must be at least 1.") }
        if count, write != nil { throw ValidationError("--count and -w exclude each other.") }
        if fields.shape != .text, write != nil || count {
            throw ValidationError("-T has no meaning with --count or -w.")
        }
        if line.showsMore, fields.shape != .text || write != nil || count {
            throw ValidationError(
                "-v, --headers, -x, -X and -A are for lines: they have no meaning with -T, --count or -w.")
        }
        if resolve, line.numeric > 0 { throw ValidationError("-n and --resolve exclude each other.") }
        if let write, let suffix = [".gz", ".zst", ".lz4"].first(where: { write.lowercased().hasSuffix($0) }) {
            throw ValidationError("-w writes no compressed files: leave \(suffix) off, and pack the file afterwards.")
        }
    }

    func run() throws {
        let display = try DisplayFilter.compiled(displayFilter)
        let named = try fields.namedFields()
        let reader = try CaptureFiles.open(file)
        let needs = needs(named)
        if filter.isEmpty, reader.isRegularFile,
            needs.union(display?.needs ?? []).isSubset(
                of: SharedPacketStream.possibleNeeds(reader.format, isFiltered: display != nil)),
            canBeShared(isFiltered: display != nil)
        {
            return try printShared(
                SharedPrinting(
                    reader, needs: needs, joins: !noReassembly, displayFilter: display,
                    isLong: line.showsMore || fields.shape != .text && named.isEmpty),
                named, isFiltered: display != nil)
        }
        let canReadAgain = file != "-" && reader.isRegularFile
        var packets = try PacketStream(
            reader, filter, needs: needs, leavingOut: count ? .otherRecords : [],
            dissects: !count && write == nil, joins: !noReassembly, displayFilter: display,
            copyEvidence: needs.contains(.copies) && canReadAgain ? CopyEvidence(of: try CaptureFiles.open(file)) : nil)
        if let write {
            try PacketCopy.run(&packets, to: write, from: file, limit: limit)
        } else if count {
            try countPackets(&packets)
        } else {
            try printPackets(&packets, named)
        }
        packets.warn(file: file, needsTimes: false)
        try conclude(packets.damage, packets.count, isFiltered: !filter.isEmpty || display != nil)
    }

    /// The exit status after everything was shown.
    private func conclude(_ damage: CaptureFileError?, _ count: Int, isFiltered: Bool) throws {
        if let damage { throw CommandFailure("\(damage)") }
        if count == 0, isFiltered { throw Status.no }
    }

    private func needs(_ named: [NamedField]) -> FieldNeeds {
        if count || write != nil { return [] }
        switch fields.shape {
        case .text:
            if line.tree > 0 { return .all }
            let numbers: FieldNeeds = line.absolute ? .messages : [.stream, .messages]
            return line.marks ? numbers.union([.analysis, .copies]) : numbers
        case .fields, .json, .ndjson:
            if named.isEmpty { return .all }
            // The title of a TCP layer has relative numbers.
            return named.reduce(into: []) { $0.formUnion($1.isProtocol && $1.name == "tcp" ? .stream : $1.needs) }
        }
    }

    private func countPackets(_ packets: inout PacketStream) throws {
        // Read once: an option's value costs more to get at than a packet to read.
        let limit = self.limit ?? .max
        while packets.count < limit, try packets.advance() {}
        let output = StandardOutput()
        var out = output.buffer(colour: colour.choice)
        out.append(decimal: UInt64(clamping: packets.count))
        out.append(ascii: 10)
        try output.finish(&out)
    }

    private func printPackets(_ packets: inout PacketStream, _ named: [NamedField]) throws {
        let output = StandardOutput()
        var out = output.buffer(colour: colour.choice)
        switch fields.shape {
        case .text:
            let names = resolve ? AddressNames() : nil
            var printer = PacketPrinter(line, names: names)
            try print(&packets, with: &printer, to: &out, names)
        case .fields:
            var table = FieldTable(named, try fields.tableOptions())
            table.writeHeader(to: &out)
            try print(&packets, with: &table, to: &out)
        case .json, .ndjson:
            var json = PacketJSON(fields.shape == .json ? .document : .lines, fields: named)
            try print(&packets, with: &json, to: &out)
            json.finish(to: &out)
        }
        try output.finish(&out)
    }

    private func print<Writer: PacketWriter>(
        _ packets: inout PacketStream, with writer: inout Writer, to out: inout OutputBuffer,
        _ names: AddressNames? = nil
    ) throws {
        let limit = self.limit ?? .max
        while out.isOpen, packets.count < limit, try packets.advance() {
            // Blocks with names may stand anywhere in the file.
            if let names { names.add(packets.reader.names) }
            writer.write(packets.bytes, packets.dissection, packets.facts, packets.notes, to: &out)
        }
    }

    // MARK: Several threads

    /// Whether several threads may share the work: where what is written about a packet needs nothing from the packets
    /// before it but their conversations, and all of the file is wanted.
    private func canBeShared(isFiltered: Bool) -> Bool {
        guard !count, write == nil, limit == nil, !resolve, Processors.available > 1 else { return false }
        switch fields.shape {
        case .text: return line.timeStyle != .sincePrevious && line.timeStyle != .sinceFirst
        case .fields, .ndjson: return true
        // Which packet begins the document is known in time where all are in it.
        case .json: return !isFiltered
        }
    }

    private func printShared(_ job: SharedPrinting, _ named: [NamedField], isFiltered: Bool) throws {
        let output = StandardOutput()
        switch fields.shape {
        case .text:
            let line = line
            job.run(threads: 2, output: output, colour: colour.choice) { PacketPrinter(line, names: nil) }
        case .fields:
            let table = FieldTable(named, try fields.tableOptions())
            var out = output.buffer(colour: colour.choice)
            table.writeHeader(to: &out)
            out.flush()
            job.run(threads: 2, output: output, colour: colour.choice) { table }
        case .ndjson:
            job.run(threads: 2, output: output, colour: colour.choice) { PacketJSON(.lines, fields: named) }
        case .json:
            job.run(threads: 2, output: output, colour: colour.choice) {
                PacketJSON(.document, fields: named, isPart: true)
            }
            var out = output.buffer(colour: colour.choice)
            PacketJSON(.document).finish(isEmpty: job.written == 0, to: &out)
            out.flush()
        }
        try output.finish()
        for notice in job.notices { Diagnostics.write(notice, file: file) }
        try conclude(job.damage, job.written, isFiltered: isFiltered)
    }
}
