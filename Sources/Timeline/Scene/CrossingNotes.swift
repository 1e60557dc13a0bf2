import Addressing
import Conversations
import Packets

/// What is found out of packets from when they left and arrived. One conversation's events, sorted.
extension SceneAssembly {
    /// Why what was sent again was sent again, and what the ACKs said. What the analysis of one capture supposed is
    /// dropped: it is known now.
    mutating func noteRepairs() {
        var senders: [Scene.Side: SendingNotes] = [.client: SendingNotes(), .server: SendingNotes()]
        forEachPassage { event, time, packets in
            switch event {
            case .left(let index):
                guard let segment = packets[index].segment else { return }
                if let note = senders[packets[index].from]?.left(segment, at: time) {
                    packets[index].notes.insert(note, at: 0)
                }
                for (mark, note) in Self.marks where segment.marks.contains(mark) { packets[index].notes.append(note) }
            case .arrived(let index, copy: _):
                // What is damaged is thrown away.
                guard let segment = packets[index].segment, !packets[index].notes.contains(.damaged) else { return }
                let duplicate = senders[packets[index].from.other]?.arrived(segment) ?? 0
                if duplicate > 0 {
                    packets[index].notes.append(.duplicateACK(duplicate))
                    // It asks for what is missing; that its window also changed is by the way.
                    packets[index].notes.removeAll { $0 == .windowUpdate }
                }
            default: break
            }
        }
        forEachPassage { event, _, packets in
            if case .left(let index) = event { packets[index].segment?.marks = [] }
            if case .arrived(let index, copy: _) = event { packets[index].segment?.marks = [] }
        }
    }

    private static let marks: [(TCPMarks, Scene.Note)] = [
        (.zeroWindow, .zeroWindow), (.zeroWindowProbe, .zeroWindowProbe), (.windowUpdate, .windowUpdate),
        (.keepAlive, .keepAlive),
    ]

    /// Which packets came later than others that left after them.
    mutating func noteOvertaking() {
        var underWay: [Scene.Side: [Int]] = [:]
        var overtaken: [Int: Int] = [:]
        forEachPassage { event, _, packets in
            switch event {
            case .left(let index) where !packets[index].isLost: underWay[packets[index].from, default: []].append(index)
            case .arrived(let index, copy: 0):
                let side = packets[index].from
                guard let place = underWay[side]?.firstIndex(of: index) else { return }
                for earlier in underWay[side, default: []].prefix(place) { overtaken[earlier, default: 0] += 1 }
                underWay[side]?.remove(at: place)
            default: break
            }
        }
        for (index, count) in overtaken { note(.overtaken(by: count), of: index) }
    }
}
