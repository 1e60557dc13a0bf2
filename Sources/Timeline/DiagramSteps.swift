import Addressing
import Conversations
import Packets
import Sockets

extension SequenceDiagram {
    /// What a ladder draws, from top to bottom.
    public enum Step: Sendable {
        case row(Row)
        /// Nothing happened for so many nanoseconds, which is long for this conversation.
        case silence(Int64)
        /// A long run of rows like those around it.
        case omitted(Omission)
    }

    /// What a run of rows held that is left out: a transfer as transfers are.
    public struct Omission: Hashable, Sendable {
        public fileprivate(set) var rows = 0
        /// The first and the last packet left out; nil where there were calls alone.
        public fileprivate(set) var packets: ClosedRange<Int>?
        public fileprivate(set) var fromClient = Sums()
        public fileprivate(set) var fromServer = Sums()
        /// From the first to the last of them, in nanoseconds.
        public fileprivate(set) var duration: Int64 = 0

        public struct Sums: Hashable, Sendable {
            /// Packets with payload, their bytes, and those without.
            public fileprivate(set) var dataPackets = 0
            public fileprivate(set) var bytes = 0
            public fileprivate(set) var acknowledgments = 0
            /// Calls that returned.
            public fileprivate(set) var calls = 0
        }
    }

    /// The rows with silences between them named and, where wanted, long runs of ordinary rows left out.
    public func steps(abridged: Bool = true) -> [Step] {
        let limit = silenceLimit
        var steps: [Step] = []
        var run: [Row] = []
        func close() {
            if run.count <= Conversation.longestRun && !run.contains(where: { $0.omittedBefore != nil }) || !abridged {
                steps += run.map { .row($0) }
            } else {
                let rest = run.dropFirst(Conversation.firstOfRun)
                let last = rest.suffix(Conversation.lastOfRun)
                steps += run.prefix(Conversation.firstOfRun).map { .row($0) }
                steps.append(
                    .omitted(
                        Self.omission(rest.dropLast(Conversation.lastOfRun), earlier: rest.compactMap(\.omittedBefore)))
                )
                steps += last.map { .row($0) }
            }
            run.removeAll(keepingCapacity: true)
        }
        var previous: Timestamp?
        for row in rows {
            if row.omittedBefore == nil, let previous, case let gap = row.time.nanoseconds(since: previous),
                gap >= limit
            {
                close()
                steps.append(.silence(gap))
            }
            previous = row.time
            if Self.isOrdinary(row) {
                run.append(row)
            } else {
                close()
                steps.append(.row(row))
            }
        }
        close()
        return steps
    }

    /// Where packets were left out, they were by that limit, and it stays.
    private var silenceLimit: Int64 { conversation?.silenceLimit ?? Conversation.silenceLimit(rows.lazy.map(\.time)) }

    /// Data, plain acknowledgments, and the calls that move data: nothing that opens, closes, repeats or fails.
    private static func isOrdinary(_ row: Row) -> Bool {
        guard row.clientState == nil, row.serverState == nil else { return false }
        switch row.event {
        case .packet(let packet, _, _, _):
            return Conversation.isOrdinary(packet)
        case .icmp: return false
        case .began(let call, _), .returned(let call, _), .whole(let call, _):
            guard moving.contains(call.name.rawValue) else { return false }
            switch call.result {
            case .value(let count), .received(let count, _): return count > 0
            case .pending, .accepted, .failed: return false
            }
        }
    }

    private static let moving: Set<String> = [
        "send", "sendto", "sendmsg", "write", "writev", "recv", "recvfrom", "recvmsg", "read", "readv", "poll",
        "select", "epoll_wait",
    ]

    /// - Parameter earlier: what was left out while the capture was read.
    private static func omission(_ rows: ArraySlice<Row>, earlier: [OmittedPackets]) -> Omission {
        var omission = Omission()
        omission.rows = rows.count
        let starts = rows.prefix(1).map(\.time) + earlier.map(\.first)
        let ends = rows.suffix(1).map(\.time) + earlier.map(\.last)
        if let first = starts.min(), let last = ends.max() { omission.duration = last.nanoseconds(since: first) }
        for packets in earlier { omission.add(packets) }
        for row in rows {
            switch row.event {
            case .packet(let packet, let side, _, _):
                let numbers = omission.packets
                omission.packets =
                    min(
                        numbers?.lowerBound ?? packet.number, packet.number)...max(
                        numbers?.upperBound ?? packet.number, packet.number)
                omission.count(side) { sums in
                    if packet.payloadLength > 0 {
                        sums.dataPackets += 1
                        sums.bytes += packet.payloadLength
                    } else {
                        sums.acknowledgments += 1
                    }
                }
            case .returned(_, let side), .whole(_, let side): omission.count(side) { $0.calls += 1 }
            case .began, .icmp: break
            }
        }
        return omission
    }
}

extension SequenceDiagram.Omission {
    fileprivate mutating func add(_ packets: OmittedPackets) {
        rows += packets.count
        let numbers = self.packets ?? packets.numbers
        self.packets =
            min(numbers.lowerBound, packets.numbers.lowerBound)...max(numbers.upperBound, packets.numbers.upperBound)
        count(.client) { $0.add(packets.fromClient) }
        count(.server) { $0.add(packets.fromServer) }
    }

    fileprivate mutating func count(_ side: SequenceDiagram.Side, _ body: (inout Sums) -> Void) {
        if side == .client { body(&fromClient) } else { body(&fromServer) }
    }
}

extension SequenceDiagram.Omission.Sums {
    fileprivate mutating func add(_ sums: OmittedPackets.Sums) {
        dataPackets += sums.dataPackets
        bytes += sums.bytes
        acknowledgments += sums.acknowledgments
    }
}
