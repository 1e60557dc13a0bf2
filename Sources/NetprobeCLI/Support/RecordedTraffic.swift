import Addressing
import Analysis
import Capture
import Conversations
import Diagnosis
import Lab
import Packets
import Rendering
import Sockets
import Text
import Timeline

/// What a demo or a run recorded, analysed, on loopback or on both ends of a wire: what their reports have in common.
struct RecordedTraffic {
    let records: [CapturedRecord]
    /// The wire between two hosts; nil on loopback.
    let wire: WireRecording?
    /// Both hosts' view; nil on loopback.
    let bothEnds: BothEnds?
    /// Conversations for cards and accounts: the client's view where there are two hosts.
    let report: ConversationReport
    /// Whether lines and ladders say what the packets carry.
    private let showsData: Bool

    /// - Parameter showingData: whether lines and ladders say what the packets carry.
    init(_ records: [CapturedRecord], _ wire: WireRecording?, calls: [SocketCall], showingData: Bool) {
        self.records = records
        showsData = showingData
        self.wire = wire
        let bothEnds = wire.flatMap {
            BothEnds(records, client: $0.client, server: $0.server, calls: calls, keepingWords: showingData)
        }
        self.bothEnds = bothEnds
        report = ConversationReport(
            bothEnds.map { $0.firstHost(records) } ?? records, calls: calls, keepingWords: showingData)
    }

    /// What ladders are drawn from: both hosts' view where there is one.
    var scenes: SceneBuilder { bothEnds?.scenes ?? report.scenes }

    /// Why calls failed, and which still waited when their programs were ended from outside.
    func failures(ended: [SocketCall.End: Timestamp] = [:]) -> [CallFailure] { failures(Sent(self), ended) }

    /// What happened in a run.
    ///
    /// - Parameter ended: when programs were ended from outside.
    func diagnosis(ended: [SocketCall.End: Timestamp], network: RunDiagnosis.Network) -> RunDiagnosis {
        let sent = Sent(self)
        return RunDiagnosis(
            calls: report.calls, packets: sent.packets, failures: failures(sent, ended), ended: ended,
            conversations: report.conversations, network: network)
    }

    private func failures(_ sent: Sent, _ ended: [SocketCall.End: Timestamp]) -> [CallFailure] {
        let deliveries = bothEnds.map { Deliveries($0.pairing) } ?? Deliveries()
        return CallFailure.all(
            of: report.calls, packets: sent.packets, icmpErrors: sent.errors, neighbours: sent.neighbours,
            deliveries: deliveries, ended: ended)
    }

    /// What left its host: a packet counts as it left; whether it arrived is known besides.
    private struct Sent {
        var packets: [ObservedPacket] = []
        var errors: [ICMPRefusal] = []
        var neighbours: [NeighbourQuery] = []

        init(_ traffic: RecordedTraffic) {
            let sent = traffic.records.lazy.filter { record in traffic.wire.map { $0.left(record) } ?? true }
            var packet = PacketAnalyzer()
            packet.forEach(in: sent) { bytes, dissection, facts, _ in
                if let packet = ObservedPacket(bytes, dissection, facts) {
                    packets.append(packet)
                } else if let error = ICMPRefusal(bytes, dissection, number: facts.number, time: facts.timestamp) {
                    errors.append(error)
                } else if let time = facts.timestamp,
                    let query = NeighbourQuery(bytes, dissection, number: facts.number, time: time)
                {
                    neighbours.append(query)
                }
            }
        }
    }

    // MARK: Text

    static func writeHeading(_ text: String, isFirst: Bool = false, to out: inout OutputBuffer) {
        if !isFirst { out.append(ascii: 10) }
        out.append(style: .bold)
        out.append(text: text)
        out.append(style: .plain)
        out.append(ascii: 10)
    }

    /// A line a packet; between two hosts, as it left.
    ///
    /// - Parameter stream: only this conversation's, by position.
    func writePackets(of stream: Int? = nil, to out: inout OutputBuffer) {
        if let wire, stream == nil { return WireReport.writePackets(records, wire, showingData: showsData, to: &out) }
        Self.writeHeading("Packets", to: &out)
        let only = stream.map { number -> Set<Int> in
            report.conversations.indices.contains(number) ? Set(report.conversations[number].packets.map(\.number)) : []
        }
        var lines = RecordPrinter(showingData: showsData)
        var quiet = OutputBuffer { _ in true }
        for record in records {
            // Relative numbers count from the first packet, so all go through.
            if only?.contains(record.header.number) ?? true {
                lines.write(record.header, record.bytes.rawSpan, to: &out)
            } else {
                lines.write(record.header, record.bytes.rawSpan, to: &quiet)
            }
        }
        if records.isEmpty { out.append("none\n") }
    }

    /// The ladder of everything, a lane for each program, or of one conversation, under a heading; nothing where there
    /// is nothing to draw.
    ///
    /// - Parameters:
    ///   - chosen: only this conversation, by position.
    ///   - isFirst: whether nothing stands above it.
    func writeLadders(
        of chosen: Int? = nil, columns: Int, isFirst: Bool = false, to out: inout OutputBuffer
    ) {
        let scenes = scenes
        let drawn = (0..<scenes.count).filter { chosen == nil || chosen == $0 }
        if drawn.isEmpty, report.calls.isEmpty || chosen != nil { return }
        let title =
            scenes.count == 0
            ? "Calls"
            : scenes.hasBothEnds
                ? "Ladder: each host's calls and packets at its own times"
                : "Ladder: calls and packets in the order in which they happened"
        Self.writeHeading(title, isFirst: isFirst, to: &out)
        LadderBook(scenes, of: drawn, isWhole: chosen == nil, inOnePicture: chosen == nil)
            .write(.text(columns: columns), to: &out)
    }

    /// What each conversation cost, side by side; nothing where there is none.
    ///
    /// - Parameter stream: only this one's, by position.
    func writeAccount(of stream: Int? = nil, to out: inout OutputBuffer) {
        let accounts = report.conversations.enumerated().filter { stream == nil || stream == $0.offset }.map {
            (name: $0.element.transport == .tcp ? "TCP" : "UDP", account: ConversationAccount($0.element.packets))
        }
        guard let first = accounts.first else { return }
        Self.writeHeading("Account", to: &out)
        if accounts.count == 1 {
            AccountText.write(first.account, to: &out)
        } else {
            AccountText.writeComparison(accounts, to: &out)
        }
    }

    /// What the wire was asked to do, and what it did; nothing on loopback.
    func writeWire(to out: inout OutputBuffer) {
        guard let wire else { return }
        Self.writeHeading("Wire", to: &out)
        WireReport.write(wire, to: &out)
    }
}

extension BothEnds {
    /// Both ends of a wire in one recording; its packets keep their numbers.
    fileprivate init?(
        _ records: [CapturedRecord], client: [IPAddress], server: [IPAddress], calls: [SocketCall], keepingWords: Bool
    ) {
        let both = TwoEndRecords(records, client: client, server: server)
        var notes: [Int: [String]] = [:]
        for record in records {
            let found = WireComments.notes(in: record.comments)
            if !found.isEmpty { notes[record.header.number] = found }
        }
        self.init(
            both.places(keepingWords: keepingWords, seed: .random(in: .min ... .max)), knowing: both.known,
            calls: calls, wireNotes: notes,
            isOneRecording: true)
    }

    /// The first host's records, each under the number that its packet had where it left, as in the ladder.
    fileprivate func firstHost(_ records: [CapturedRecord]) -> [CapturedRecord] {
        let numbers = numbersWhereLeft
        return records.filter { $0.header.interface == 0 }.map { record in
            var record = record
            record.header.number = numbers[record.header.number] ?? record.header.number
            return record
        }
    }
}
