import Addressing
import Services
import Sockets

/// Datagrams are lost, and nobody but the application can notice.
struct UDPLoss: Demo {
    let name = "udp-loss"
    let group = DemoGroup.wire
    let summary = "a lost datagram is gone: no error, no repetition; the application must notice"

    var wire: Impairments? {
        var wire = Impairments()
        (wire.up.delay, wire.down.delay) = (.milliseconds(20), .milliseconds(20))
        wire.script = [ScriptedEvent(.drop, .up, .datagram, [3...3, 7...7])]
        return wire
    }

    private static let count = 10

    /// Takes numbered datagrams until none has come for half a second.
    func server(_ role: Role) throws(SocketError) {
        let server = try role.socket(.datagram)
        try server.bind(to: role.server)
        try server.set(.receiveTimeout, .seconds(1))
        role.tell("bound")
        var numbers: Set<Int> = []
        while numbers.count < Self.count {
            var bytes: [UInt8] = []
            let error = role.trying { () throws(SocketError) in bytes = try server.recvfrom(1024).bytes }
            if error != nil { break }
            if let word = String(decoding: bytes, as: UTF8.self).split(separator: " ").last, let number = Int(word) {
                numbers.insert(number)
            }
        }
        role.keep([
            Array((1...Self.count).filter { !numbers.contains($0) }.map(String.init).joined(separator: ",").utf8)
        ])
        try server.close()
    }

    func client(_ role: Role) throws(SocketError) {
        try role.wait(for: "bound")
        let client = try role.socket(.datagram)
        for number in 1...Self.count { try client.sendto(Array("datagram \(number)".utf8).span, role.server) }
        try client.close()
    }

    func verdict(_ seen: Evidence) throws(NotSeen) -> Verdict {
        let sent = try seen.packets("the datagrams", atLeast: Self.count) { $0.isUDP && seen.isToServer($0) }
        let lost = try seen.lost { $0.isUDP && seen.isToServer($0) }
        try seen.require(!lost.isEmpty, "no datagram was lost")
        try seen.require(sent.count == Self.count, "\(sent.count) datagrams left, not \(Self.count)")
        try seen.require(!seen.packets.contains { seen.isFromServer($0) || $0.refusal != nil }, "something came back")
        let calls = seen.calls(.client, .sendto)
        try seen.require(calls.count == Self.count && calls.allSatisfy(\.succeeded), "not every sendto() succeeded")
        let missing =
            seen.answers.first.map { String(decoding: $0, as: UTF8.self).split(separator: ",").compactMap { Int($0) } }
            ?? []
        // The n-th that left carries number n.
        let expected = lost.compactMap { packet in sent.firstIndex { $0.number == packet.number }.map { $0 + 1 } }
        if missing != expected { return .no("the server missed \(missing), and the wire lost \(expected)") }
        return .shown(
            """
            All \(Self.count) sendto() succeeded and \(Self.count) datagrams left, but \(seen.list(lost)) never \
            arrived: no call failed, no ICMP error came, and nobody sent anything again. The server knows only because \
            its datagrams carry numbers (\(missing.map(String.init).joined(separator: " and ")) did not come) and \
            because it stopped waiting after a second (SO_RCVTIMEO); what to do about it is for the programs to decide.
            """)
    }
}
