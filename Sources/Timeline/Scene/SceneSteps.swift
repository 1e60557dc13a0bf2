import Addressing
import Conversations
import Packets
import Sockets

extension Scene {
    /// What a ladder draws, from top to bottom.
    public enum Step: Sendable {
        case row(Row)
        /// Nothing happened for so many nanoseconds, which is long for this scene.
        case silence(Int64)
        /// The clock was set: what time passed is not known.
        case clockSet
        /// A long run of rows like those around it.
        case omitted(Omission)
    }

    /// What a run of rows held that is left out: a transfer as transfers are.
    public struct Omission: Hashable, Sendable {
        /// How many rows they would take.
        public fileprivate(set) var rows = 0
        /// The least and the greatest number of the packets left out, by the capture that counted them; nil is the key
        /// where one numbering counts all.
        public fileprivate(set) var packets: [Crossing.Place?: ClosedRange<Int>] = [:]
        /// Packets to lanes on the right.
        public fileprivate(set) var rightward = Sums()
        /// Packets to lanes on the left.
        public fileprivate(set) var leftward = Sums()
        /// Calls that returned, by lane.
        public fileprivate(set) var calls: [Int: Int] = [:]
        /// From the first to the last of them, in nanoseconds; nil where that is not known.
        public fileprivate(set) var duration: Int64? = 0

        /// What one end sent of the packets that were left out.
        public struct Sums: Hashable, Sendable {
            /// Packets with payload.
            public fileprivate(set) var dataPackets = 0
            /// Their payload in bytes.
            public fileprivate(set) var bytes = 0
            /// Packets without payload.
            public fileprivate(set) var acknowledgments = 0
            /// How many of both are known not to have arrived.
            public fileprivate(set) var lost = 0
        }
    }

    /// Where what became of each packet is known, so many remarkable ones are drawn at the most: those of a long
    /// transfer over a bad wire are like each other.
    private static let mostRemarkable = 40

    /// The rows with silences between them named and, where wanted, long runs of ordinary rows left out.
    public func steps(abridged: Bool = true) -> [Step] {
        var steps: [Step] = []
        var run: [Row] = []
        var remarkable = 0
        func close() {
            if run.count <= Conversation.longestRun && !run.contains(where: { $0.omittedBefore != nil }) || !abridged {
                steps += run.map { .row($0) }
            } else {
                let rest = run.dropFirst(Conversation.firstOfRun)
                let last = rest.suffix(Conversation.lastOfRun)
                steps += run.prefix(Conversation.firstOfRun).map { .row($0) }
                steps.append(
                    .omitted(omission(rest.dropLast(Conversation.lastOfRun), earlier: rest.compactMap(\.omittedBefore)))
                )
                steps += last.map { .row($0) }
            }
            run.removeAll(keepingCapacity: true)
        }
        var previous: Timestamp?
        for row in rows {
            if let previous, previous.setting != row.time.setting {
                close()
                steps.append(.clockSet)
            } else if row.omittedBefore == nil, let previous, case let gap = row.time.nanoseconds(since: previous),
                gap >= silenceLimit
            {
                close()
                steps.append(.silence(gap))
            }
            previous = row.time
            if isOrdinary(row) || remarkable >= Self.mostRemarkable && isPassage(row) {
                run.append(row)
            } else {
                close()
                steps.append(.row(row))
                if isPassage(row), row.state == nil { remarkable += 1 }
            }
        }
        close()
        return steps
    }

    /// A packet that left or arrived, as captured there, and changed no state.
    private func isPassage(_ row: Row) -> Bool {
        switch row.event {
        case .left, .arrived: row.state == nil
        case .passed, .began, .returned, .whole: false
        }
    }

    /// Data, plain acknowledgments, and the calls that move data: nothing that opens, closes, repeats or fails.
    private func isOrdinary(_ row: Row) -> Bool {
        guard row.state == nil, row.otherState == nil else { return false }
        switch row.event {
        case .passed(let index), .left(let index), .arrived(let index, copy: _):
            let packet = packets[index]
            guard let segment = packet.segment, !packet.isLost, !packet.isDoubled, packet.missingBytes == 0 else {
                return false
            }
            return Conversation.isOrdinary(segment) && packet.notes.allSatisfy(\.isOrdinary)
        case .began(let call), .returned(let call), .whole(let call):
            guard Self.moving.contains(call.name.rawValue) else { return false }
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

    // MARK: What is left out

    /// - Parameter earlier: what was left out while the capture was read.
    private func omission(_ rows: ArraySlice<Row>, earlier: [OmittedPackets]) -> Omission {
        var omission = Omission()
        omission.rows = rows.count
        let starts = rows.prefix(1).map(\.time) + earlier.map(\.first)
        let ends = rows.suffix(1).map(\.time) + earlier.map(\.last)
        if let first = starts.min(), let last = ends.max() { omission.duration = last.elapsed(since: first) }
        for packets in earlier { omission.add(packets) }
        for row in rows {
            switch row.event {
            // An arrival without a departure is the packet's only row.
            case .passed(let index), .left(let index): omission.add(packets[index])
            case .arrived(let index, copy: 0) where packets[index].left == nil: omission.add(packets[index])
            case .returned, .whole: omission.calls[row.lane, default: 0] += 1
            case .arrived, .began: break
            }
        }
        return omission
    }
}

extension Scene.Omission {
    fileprivate mutating func add(_ packet: Scene.Packet) {
        include(packet.number...packet.number, of: packet.capture)
        guard let segment = packet.segment else { return }
        count(packet.fromLane <= packet.toLane) { sums in
            if segment.payloadLength > 0 {
                sums.dataPackets += 1
                sums.bytes += segment.payloadLength
            } else {
                sums.acknowledgments += 1
            }
            if packet.isLost { sums.lost += 1 }
        }
    }

    fileprivate mutating func add(_ packets: OmittedPackets) {
        rows += packets.count
        include(packets.numbers, of: nil)
        count(true) { $0.add(packets.fromClient) }
        count(false) { $0.add(packets.fromServer) }
    }

    private mutating func include(_ numbers: ClosedRange<Int>, of capture: Crossing.Place?) {
        let known = packets[capture] ?? numbers
        packets[capture] = min(known.lowerBound, numbers.lowerBound)...max(known.upperBound, numbers.upperBound)
    }

    private mutating func count(_ isRightward: Bool, _ body: (inout Sums) -> Void) {
        if isRightward { body(&rightward) } else { body(&leftward) }
    }
}

extension Scene.Omission.Sums {
    fileprivate mutating func add(_ sums: OmittedPackets.Sums) {
        dataPackets += sums.dataPackets
        bytes += sums.bytes
        acknowledgments += sums.acknowledgments
    }
}
