import Addressing
import Conversations
import Sockets
import Timeline

/// Finds calls that ran longer than strace's times say, by the packets.
///
/// strace notes the time when a program makes a call, then looks up what to print about it, and only then lets the call
/// go on; the duration that it gives is that of the call alone. Start plus duration is therefore earlier than the real
/// end by strace's own work, tens of microseconds, more on a busy machine. A packet that the call caused, or that made
/// it return, passed while the call ran: where it is later than that sum, the call ended no earlier than the packet
/// (`SocketCall.runningUntil`), and is drawn so. Never later than the thread's next call. The times that strace gave
/// stay.
enum CallTimes {
    /// strace's own work is never longer than this.
    private static let mostWork: Int64 = 50_000_000

    static func corrected(_ calls: [SocketCall], _ packets: [ObservedPacket]) -> [SocketCall] {
        var next: [SocketCall.End: Timestamp] = [:]
        var relaxed = calls
        for index in calls.indices.reversed() {
            let call = calls[index]
            if let finish = call.finish {
                let latest = finish.advanced(byNanoseconds: mostWork)
                let bound = next[call.end].map { min($0, latest) } ?? latest
                relaxed[index].finish = max(finish, bound)
            }
            next[call.end] = call.start
        }
        var corrected = calls
        var positions: [Int: Int] = [:]
        for (index, call) in calls.enumerated() { positions[call.id] = index }
        for placement in CallSegmentAligner.place(relaxed, on: packets) {
            guard let index = positions[placement.call.id], let finish = calls[index].finish,
                let bound = relaxed[index].finish
            else { continue }
            let packet: Int? =
                switch placement.relation {
                case .caused(let found):
                    found.first { packets[$0].time > finish && isDirect(packets, $0, since: finish) }
                case .causedBy(let found): found.last
                default: nil
                }
            guard let packet, packets[packet].time > finish, packets[packet].time <= bound else { continue }
            corrected[index].runningUntil =
                answer(to: packet, of: calls[index], packets, until: bound) ?? packets[packet].time
        }
        return corrected
    }

    /// A connect() that waited returned only when its SYN was answered.
    private static func answer(
        to position: Int, of call: SocketCall, _ packets: [ObservedPacket], until bound: Timestamp
    ) -> Timestamp? {
        guard call.name == .connect, call.transport == .tcp else { return nil }
        if case .failed(_, "EINPROGRESS") = call.result { return nil }
        let found = packets[position...].first {
            $0.source == packets[position].destination && $0.destination == packets[position].source
        }
        return found.flatMap { $0.time <= bound ? $0.time : nil }
    }

    /// Whether nothing else than the call can have sent the packet: none came the other way since, so that no
    /// acknowledgment made room for it.
    private static func isDirect(_ packets: [ObservedPacket], _ position: Int, since: Timestamp) -> Bool {
        var before = position - 1
        while before >= 0, packets[before].time > since {
            if packets[before].source == packets[position].destination,
                packets[before].destination == packets[position].source
            {
                return false
            }
            before -= 1
        }
        return true
    }
}
