import Addressing
import Analysis
import Capture
import Packets
import Timeline

/// Writes two captures into one pcapng file, in the order of their times by the first one's clock.
enum MergedFile {
    static func write(_ first: String, _ second: String, _ clock: ClockEstimate, to path: String) throws(CommandFailure)
    {
        var one = Source(try CaptureFiles.open(first), name: first, ClockEstimate.same)
        var other = Source(try CaptureFiles.open(second), name: second, clock)
        do throws(CaptureWriteError) {
            var writer = try PcapngWriter(
                path: path, section: CaptureSection(application: "netprobe \(Netprobe.version)"))
            try copy(&one, &other, to: &writer)
            try one.copyCompanions(to: &writer)
            try other.copyCompanions(to: &writer)
            try writer.finish()
        } catch {
            throw CommandFailure(error)
        }
        for damage in [one.damage, other.damage] { if let damage { throw CommandFailure("\(damage)") } }
    }

    private static func copy(_ one: inout Source, _ other: inout Source, to writer: inout PcapngWriter)
        throws(CaptureWriteError)
    {
        one.advance()
        other.advance()
        while true {
            let takesFirst: Bool
            switch (one.time, other.time) {
            case (nil, nil): return
            case (_?, nil): takesFirst = true
            case (nil, _?): takesFirst = false
            case (let a?, let b?): takesFirst = a <= b
            }
            if takesFirst {
                try one.write(as: 0, to: &writer)
                one.advance()
            } else {
                try other.write(as: 1, to: &writer)
                other.advance()
            }
        }
    }

    /// One of the two captures, at its current packet. Its interfaces have even or odd numbers in the merged file.
    private struct Source: ~Copyable {
        private var reader: CaptureFileReader
        private let name: String
        private let clock: ClockEstimate
        private var header: RecordHeader?
        private(set) var damage: CaptureFileError?
        private var companionsCopied = 0

        init(_ reader: consuming CaptureFileReader, name: String, _ clock: ClockEstimate) {
            self.reader = reader
            self.reader.keepsCompanions = true
            self.name = name
            self.clock = clock
        }

        /// By the first clock; a packet without a time comes at once.
        var time: Timestamp? { header.map { $0.timestamp.map(clock.onFirstClock) ?? .epoch } }

        mutating func advance() {
            do throws(CaptureFileError) {
                repeat { header = try reader.next() } while header.map { $0.kind != .packet } ?? false
            } catch {
                (header, damage) = (nil, error)
            }
        }

        /// Writes names and secrets that the reader has met since the last packet: they go before the packets that they
        /// are about. The merged file has one section, so they count for the other capture's packets, too.
        mutating func copyCompanions(to writer: inout PcapngWriter) throws(CaptureWriteError) {
            for companion in reader.companions[companionsCopied...] { _ = try writer.write(companion) }
            companionsCopied = reader.companions.count
        }

        mutating func write(as place: Int, to writer: inout PcapngWriter) throws(CaptureWriteError) {
            guard var header else { return }
            try copyCompanions(to: &writer)
            let number = header.interface * 2 + place
            if !writer.knows(interface: number) {
                var interface =
                    reader.interfaces.indices.contains(header.interface)
                    ? reader.interfaces[header.interface] : CaptureInterface(linkType: header.linkType)
                let file = name.split(separator: "/").last.map(String.init) ?? name
                let own = interface.description.map { ": \($0)" } ?? ""
                interface.description = "\(WireEnd.mergedOrigin)\(file)\(own)"
                // A corrected time is finer than what most captures have.
                interface.resolution = .nanoseconds
                interface.timestampOffset = 0
                try writer.add(interface, as: number)
            }
            header.interface = number
            header.timestamp = header.timestamp.map(clock.onFirstClock)
            try writer.write(header, bytes: reader.bytes, comments: reader.comments(), flags: reader.flags())
        }
    }
}
