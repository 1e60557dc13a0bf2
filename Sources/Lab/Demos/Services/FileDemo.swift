import Digests
import Services
import Sockets

/// A file whose transfer is broken off and gone on with.
struct FileDemo: Demo {
    let name = "file"
    let group = DemoGroup.services
    let summary = "a file is sent, broken off, gone on with from where it stopped, and checked by its SHA-256"
    let service: ServiceDescription? = .file

    static let fileName = "course.txt"
    static let content: [UInt8] = (1...200).flatMap { Array("line \($0) of the course's file\n".utf8) }
    private static let firstPart = 2000

    func server(_ role: Role) throws(SocketError) {
        var options = ServerOptions()
        options.noDelay = true
        let folder = OneFile(name: Self.fileName, content: Self.content)
        try role.serve(connections: 2, options: options) { FileServer(folder: folder) }
    }

    func client(_ role: Role) throws(SocketError) {
        try role.wait(until: .server, isIn: .accept)
        var file: [UInt8] = []
        // Broken off: closed with data unread.
        _ = try Self.get(role, &file, upTo: Self.firstPart)
        file.removeLast(max(0, file.count - Self.firstPart))
        let digest = try Self.get(role, &file, upTo: .max)
        var hash = SHA256()
        hash.add(file.span)
        role.keep([file, Array((digest ?? "none").utf8), Array((hash.hexadecimal() ?? "").utf8)])
    }

    /// Gets what is missing; gives the server's digest if it came so far.
    private static func get(_ role: Role, _ file: inout [UInt8], upTo limit: Int) throws(SocketError) -> String? {
        let connection = try role.connect()  // socket, connect
        try connection.sendAll(Array("GET \(file.count) \(fileName)\n".utf8))
        var reply = FileReply(from: Int64(file.count))
        while !reply.isOver, file.count < limit {
            let bytes = try connection.recv(limit == .max ? 65_536 : CourseDefaults.receiveSize)
            if bytes.isEmpty { break }
            let isUnderstood = reply.take(bytes.span) { file.append(copying: $0) }
            if !isUnderstood { break }
        }
        try connection.close()
        return reply.digest
    }

    func verdict(_ seen: Evidence) throws(NotSeen) -> Verdict {
        try seen.judged {
            guard seen.answers.count == 3, seen.answers[0] == Self.content else {
                throw WrongAnswer(text: "what arrived is not the file")
            }
            guard seen.answers[1] == seen.answers[2] else {
                throw WrongAnswer(text: "the SHA-256 of what arrived is not the server's")
            }
            let requests = try seen.requests(atLeast: 2)
            let reset = try seen.packet("the RST of the client that broke off", after: requests[0]) {
                $0.isRST && seen.isToServer($0)
            }
            guard let last = try seen.replies().last else { throw NotSeen("no data of the server was captured") }
            let digest = String(decoding: seen.answers[1].prefix(8), as: UTF8.self)
            return """
                Of what packet \(requests[0].number) asked for, the client kept the first \(Self.firstPart) of \
                \(Self.content.count) bytes and broke off: close() with unread data sent the RST of packet \
                \(reset.number). Packet \(requests[1].number) asked for the rest from byte \(Self.firstPart), by \
                packet \(last.number) all of it and the server's SHA-256 had come, and the SHA-256 of all (\(digest)…) \
                is the server's: a number of bytes alone would not have shown that both parts fit.
                """
        }
    }
}

/// A folder with one file that is nowhere on the disk.
struct OneFile: FileFolder {
    let name: String
    let content: [UInt8]

    func open(_ name: ServedName) throws(FileRefusal) -> OpenFile {
        guard name.text == self.name else { throw .unavailable("there is no such file") }
        do throws(SocketError) { return try OpenFile(unnamedWith: content) } catch {
            throw .unavailable("the file cannot be made: \(error)")
        }
    }

    func entries() throws(FileRefusal) -> [FileEntry] { [FileEntry(name: name, size: Int64(content.count))] }
}
