import Capture

/// Something about a capture that whoever reads what is told of its packets has to know.
public enum ReadingNotice: Hashable, Sendable {
    /// The file has both ends of a wire, and the packets of one are told of. `interfaces` are those of the other, as
    /// `frame.interface_id` numbers them.
    case oneEnd(of: WireEnd, notOf: WireEnd, interfaces: [Int])
    /// So many packets have no time (pcapng's Simple Packet Blocks have none): what rests on times leaves them out.
    case untimed(packets: Int)
    /// So many datagrams were given up because more fragments waited for others than are kept.
    case fragmentsGivenUp(datagrams: Int)
    /// So many packets were dropped while the capture was made: by the system, whose buffer was full, by the interface,
    /// and by one of them, before packets that say so.
    case dropped(bySystem: UInt64, byInterface: UInt64, beforePackets: UInt64)
    /// So many of all packets were captured before, the first of them as told: they are left out.
    case copies(Int, of: Int, first: CopiedPacket)
    /// So many datagrams are like one shortly before: most are, and nothing tells whether they were sent or captured
    /// twice. They are told as sent.
    case sentOrCapturedTwice(datagrams: Int)
    /// Times go back between these two packets, by so many nanoseconds: the first time of `steps`.
    case timesGoBack(between: ClosedRange<Int>, by: Int64, steps: Int)
    /// So many messages over TCP were given up because more of them waited than is kept.
    case messagesGivenUp(Int)
}

/// Collects what a capture's packets give reason to warn of, packet by packet.
struct ReadingNotices {
    /// Asked before a packet is taken, where one end alone is told of.
    var oneEnd = OneEnd()
    /// Packets whose blocks have no time.
    private var untimed = 0

    /// Takes in a packet that is told of.
    @inline(__always)
    mutating func note(_ header: RecordHeader) {
        if header.timestamp == nil, header.kind == .packet { untimed &+= 1 }
    }

    /// What was found, in the order in which it is to be said.
    /// - Parameter givenUp: datagrams and messages that were not put together because too much waited.
    func all(
        _ interfaces: [CaptureInterface], _ clock: CaptureClock, _ copies: CopyFinder?,
        givenUp: (datagrams: Int, messages: Int)
    ) -> [ReadingNotice] {
        let step = clock.steps.first.map {
            ReadingNotice.timesGoBack(between: $0.packets, by: $0.by, steps: clock.count)
        }
        return [
            oneEnd.notice(interfaces), copies?.notice, copies?.undecidedNotice, step,
            untimed > 0 ? .untimed(packets: untimed) : nil,
        ].compactMap(\.self) + Self.givenUp(datagrams: givenUp.datagrams, messages: givenUp.messages)
    }

    /// What was not put together because too much waited.
    static func givenUp(datagrams: Int, messages: Int) -> [ReadingNotice] {
        [
            datagrams > 0 ? .fragmentsGivenUp(datagrams: datagrams) : nil,
            messages > 0 ? .messagesGivenUp(messages) : nil,
        ].compactMap(\.self)
    }
}

extension CopyFinder {
    /// What is to be said of copies; nil where there are none.
    fileprivate var notice: ReadingNotice? {
        found.first.map { .copies(found.count, of: found.packets, first: $0) }
    }

    fileprivate var undecidedNotice: ReadingNotice? {
        found.undecided > 0 && evidence.isAmbiguous ? .sentOrCapturedTwice(datagrams: found.undecided) : nil
    }
}
