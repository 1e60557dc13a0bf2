import Capture
import Rendering

/// What a capture's packets give reason to warn of, whatever the command tells of them: noted packet by packet, said on
/// standard error once they were read.
struct ReadingNotices {
    /// Asked before a packet is taken, by whoever tells of one end alone.
    var oneEnd = OneEnd()
    /// Packets whose blocks have no time.
    private var untimed = 0

    @inline(__always)
    mutating func note(_ header: RecordHeader) {
        if header.timestamp == nil, header.kind == .packet { untimed &+= 1 }
    }

    /// - Parameters:
    ///   - file: as the user named it.
    ///   - needsTimes: whether what the command tells rests on the packets' times.
    /// - Returns: what it said.
    @discardableResult
    func warn(_ interfaces: [CaptureInterface], file: String, needsTimes: Bool = true) -> [String] {
        let lines = [oneEnd.notice(interfaces, file: file), needsTimes ? untimedWarning(file) : nil].compactMap(\.self)
        for line in lines { Diagnostics.write(line) }
        return lines
    }

    private func untimedWarning(_ file: String) -> String? {
        guard untimed > 0 else { return nil }
        let packets = untimed == 1 ? "one packet carries" : "\(untimed) packets carry"
        return
            "\(file == "-" ? "standard input" : file): \(packets) no time (pcapng's Simple Packet Blocks have none): whatever rests on times leaves \(untimed == 1 ? "it" : "them") out"
    }
}
