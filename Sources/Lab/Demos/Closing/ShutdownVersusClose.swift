import Sockets

/// What each way to end a connection sends.
struct ShutdownVersusClose: Demo {
    let name = "shutdown-vs-close"
    let group = DemoGroup.closing
    let summary = "SHUT_RD sends nothing; SHUT_WR, SHUT_RDWR and close() send FIN"

    func server(_ role: Role) throws(SocketError) {
        let listener = try role.listen(backlog: 3)  // socket, bind, listen
        for _ in 0..<3 {
            let client = try listener.accept()
            _ = try client.socket.recv(1024)
            try client.socket.close()
        }
        try listener.close()
    }

    func client(_ role: Role) throws(SocketError) {
        try role.wait(for: "listening")
        let first = try role.connect()  // socket, connect
        try first.shutdown(.receiving)
        _ = try first.recv(1024)
        role.sleep(.milliseconds(10))
        try first.shutdown(.sending)
        role.sleep(.milliseconds(10))
        try first.close()
        let second = try role.connect()  // socket, connect
        try second.shutdown(.both)
        role.sleep(.milliseconds(10))
        try second.close()
        let third = try role.connect()  // socket, connect
        try third.close()
    }

    func verdict(_ seen: Evidence) throws(NotSeen) -> Verdict {
        let fins = try seen.packets("FINs of three connections", atLeast: 3) { $0.isFIN && seen.isToServer($0) }
        let ends = seen.calls(.client, .shutdown)
        try seen.require(ends.count == 3 && ends.allSatisfy(\.succeeded), "there were not three shutdown() calls")
        let closes = seen.calls(.client, .close)
        try seen.require(closes.count == 3, "there were not three close() calls")
        let silent = !seen.packets.contains {
            $0.source == fins[0].source && seen.isAfter($0, ends[0]) && !seen.isAfter($0, ends[1])
        }
        try seen.require(silent, "a packet left between SHUT_RD and SHUT_WR")
        let causes = zip(fins, [ends[1], ends[2], closes[2]]).allSatisfy { seen.isAfter($0, $1) }
        try seen.require(
            causes && !seen.isAfter(fins[0], closes[0]) && !seen.isAfter(fins[1], closes[1]),
            "the FINs are not those calls'")
        return .shown(
            """
            SHUT_RD sent nothing and only made this end's recv() give 0; SHUT_WR sent the FIN in packet \
            \(fins[0].number), and the close() after it nothing more; SHUT_RDWR sent its FIN in packet \
            \(fins[1].number) while the descriptor stayed open; close() alone sent packet \(fins[2].number) and gave \
            the descriptor back.
            """)
    }
}
