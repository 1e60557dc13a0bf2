import Services
import Sockets

/// Fixed-length framing, with a message that comes in two pieces and one that never comes whole.
struct SixteenDemo: Demo {
    let name = "sixteen"
    let group = DemoGroup.services
    let summary = "exactly 16 octets are a message, however they arrive; a stream that ends before is told"
    let service: ServiceDescription? = .sixteen

    private static let first = Array("Hi there,".utf8)
    private static let second = Array(" server".utf8)
    private static let short = Array("Hi!".utf8)

    func server(_ role: Role) throws(SocketError) {
        try role.serve(connections: 2) { Sixteen() }
    }

    func client(_ role: Role) throws(SocketError) {
        try role.wait(until: .server, isIn: .accept)
        let connection = try role.connect()  // socket, connect
        try connection.sendAll(Self.first)
        // The server has taken the first piece and waits for the rest.
        role.sleep(.milliseconds(20))
        try connection.sendAll(Self.second)
        role.keep([try connection.recv(atLeast: Sixteen.text.utf8.count)])
        _ = try connection.recv(CourseDefaults.receiveSize)
        try connection.close()

        let early = try role.connect()  // socket, connect
        try early.sendAll(Self.short)
        try early.shutdown(.sending)
        role.keep([try early.recvToEnd()])
        try early.close()
    }

    func verdict(_ seen: Evidence) throws(NotSeen) -> Verdict {
        try seen.judged {
            let answer = try seen.answer(0, is: Array(Sixteen.text.utf8))
            let error = try seen.answer(
                1, is: Array("error: the stream ended after \(Self.short.count) of \(Sixteen.size) octets".utf8))
            let data = try seen.requests(atLeast: 3)
            try seen.require(data[0].payload + data[1].payload == Sixteen.size, "the message did not go in two pieces")
            let replies = try seen.replies(atLeast: 2)
            try seen.require(replies[0].number > data[1].number, "the server answered before it had 16 octets")
            let fin = try seen.packet("the FIN of a client that had sent too little", after: data[2]) {
                $0.isFIN && seen.isToServer($0)
            }
            return """
                The 16 octets came as \(data[0].payload) in packet \(data[0].number) and \(data[1].payload) in packet \
                \(data[1].number), and only then, in packet \(replies[0].number), came \(answer): a server of \
                fixed-length messages calls recv() until it has them all. The FIN in packet \(fin.number) came after \
                \(Self.short.count) octets, and the answer in packet \(replies[1].number) says so: \(error).
                """
        }
    }
}
