import Sockets

/// A peer that is gone without a word. The timers are the smallest that there are: it takes 3 seconds.
struct KeepAlive: Demo {
    let name = "keepalive"
    let group = DemoGroup.data
    let summary = "an idle connection is probed, and given up when nobody answers: ETIMEDOUT"
    let leavesConnectionsOpen = true

    func server(_ role: Role) throws(SocketError) {
        let listener = try role.listen()  // socket, bind, listen
        let client = try listener.accept()
        role.sleep(.milliseconds(1500))
        try client.socket.dropWhatArrives()
        try role.wait(for: "given up")
        try client.socket.set(.linger, Linger(seconds: 0))
        try client.socket.close()
        try listener.close()
    }

    func client(_ role: Role) throws(SocketError) {
        try role.wait(for: "listening")
        let connection = try role.socket(.stream)
        try connection.set(.keepAlive, true)
        try connection.set(.keepIdle, 1)
        try connection.set(.keepInterval, 1)
        try connection.set(.keepCount, 1)
        try connection.connect(to: role.server)
        role.trying { () throws(SocketError) in _ = try connection.recv(1024) }
        role.tell("given up")
        try connection.close()
    }

    func verdict(_ seen: Evidence) throws(NotSeen) -> Verdict {
        let call = try seen.failure(.client, .recv, "ETIMEDOUT")
        let handshake = try seen.packet("the ACK that ends the handshake") { $0.isBareACK && seen.isToServer($0) }
        let answered = try seen.packet("a keep-alive probe", after: handshake) { $0.isBareACK && seen.isToServer($0) }
        let answer = try seen.packet("its answer", after: answered) { $0.isBareACK && seen.isFromServer($0) }
        let silent = try seen.packet("another probe", after: answer) { $0.isBareACK && seen.isToServer($0) }
        return .shown(
            """
            No program sent anything, but after \(seen.gap(handshake, answered)) packet \(answered.number) probed the \
            idle connection and packet \(answer.number) answered; the probe in packet \(silent.number) met silence \
            (from 1.5 s on a filter on the server's socket throws away what arrives, as if a cable was pulled), and so \
            recv() failed with ETIMEDOUT after \(call.duration.inWords). (TCP_KEEPIDLE, TCP_KEEPINTVL and TCP_KEEPCNT \
            are 1 here; by default the first probe comes after two hours, and without SO_KEEPALIVE recv() waits for \
            ever.)
            """)
    }
}
