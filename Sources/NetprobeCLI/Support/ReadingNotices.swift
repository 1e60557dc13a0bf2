import Analysis
import Text

extension PacketStream {
    /// Says on standard error what there is to warn of in the packets that came out.
    /// - Parameters:
    ///   - file: as the user named it.
    ///   - needsTimes: whether what the command tells rests on the packets' times.
    /// - Returns: what it said.
    @discardableResult
    func warn(file: String, needsTimes: Bool = true) -> [String] {
        let lines = notices.compactMap { $0.line(file: file, needsTimes: needsTimes) }
        for line in lines { Diagnostics.write(line) }
        return lines
    }
}

extension Diagnostics {
    /// Says what there is to warn of.
    static func write(_ notice: ReadingNotice, file: String) {
        if let line = notice.line(file: file, needsTimes: true) { write(line) }
    }
}

extension ReadingNotice {
    /// nil where it does not matter because times do not.
    fileprivate func line(file: String, needsTimes: Bool) -> String? {
        let name = file == "-" ? "standard input" : file
        switch self {
        case .oneEnd(let chosen, let other, let interfaces):
            let filter = interfaces.map { "frame.interface_id == \($0)" }.joined(separator: " || ")
            return
                """
                \(name) has both ends of one wire (\(chosen.name) and \(other.name)): told as \
                \(chosen.isOurWire ? "the \(chosen.name)'s end" : chosen.name) saw it. For the other: netprobe show \
                -Y '\(filter)' -w other-end.pcapng \(file == "-" ? "FILE" : file.asShellWord)
                """
        case .fragmentsGivenUp(let count):
            return
                "\(name): \(count == 1 ? "one datagram" : "\(count) datagrams") given up while fragments were put "
                + "together: more than 4 MiB of them, or fragments of more than 4096 datagrams, waited for others"
        case .dropped(let bySystem, let byInterface, let beforePackets):
            var parts: [String] = []
            if bySystem > 0 { parts.append("\(bySystem) by the system, whose buffer was full") }
            if byInterface > 0 { parts.append("\(byInterface) by the interface") }
            if parts.isEmpty { parts.append("\(beforePackets) before packets that say so") }
            return
                "\(name): packets were dropped while this was captured (\(parts.joined(separator: ", "))): the capture "
                + "has gaps. What follows is told as far as captured; what is missing may have been on the wire"
        case .copies(let count, let all, let first):
            // Where most are there twice, the capture doubles; where few are, the network may.
            let isCapture = first.isElsewhere || count * 8 >= all * 3
            let what = count == 1 ? "one packet is" : "\(count) of \(all) packets are"
            let same = first.isIdentified ? "the same IP identification and bytes" : "the same bytes"
            return
                "\(name): \(what) in the capture a second time (packets \(first.original) and \(first.copy): \(same), "
                + "\(DurationText.text(nanoseconds: first.apart)) apart"
                + "\(first.isElsewhere ? ", another link or interface" : "")): sent once, and captured twice"
                + "\(isCapture ? "" : " or doubled on the way"). The copies are left out of what is told; "
                + "\"netprobe show --marks\" shows which they are"
        case .sentOrCapturedTwice(let count):
            return
                "\(name): \(count) datagrams have the bytes of one less than a millisecond before, and no IP "
                + "identification: sent twice or captured twice, nothing tells which. They are told as sent"
        case .timesGoBack(let packets, let by, let steps):
            guard needsTimes else { return nil }
            let more = steps > 1 ? ", and \(steps - 1 == 1 ? "once" : "\(steps - 1) times") more" : ""
            return
                "\(name): times go back by \(DurationText.text(nanoseconds: by)) between packets "
                + "\(packets.lowerBound) and \(packets.upperBound)\(more): the clock was set, or the file was put "
                + "together from several. What happened is told in the file's order; no duration across that is known"
        case .messagesGivenUp(let count):
            return
                "\(name): \(count == 1 ? "one message" : "\(count) messages") over TCP given up: more than 16 MiB of "
                + "messages waited for their ends"
        case .untimed(let count):
            guard needsTimes else { return nil }
            return
                "\(name): \(count == 1 ? "one packet carries" : "\(count) packets carry") no time "
                + "(pcapng's Simple Packet Blocks have none): whatever rests on times leaves "
                + "\(count == 1 ? "it" : "them") out"
        }
    }
}
