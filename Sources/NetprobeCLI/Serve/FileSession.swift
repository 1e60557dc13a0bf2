import Addressing
import ArgumentParser
import Packets
import Services
import Sockets
import SystemPackage

/// `netprobe client file`: gets a file, or goes on getting it, and checks it.
struct FileSession<S: BerkeleySocket & ~Copyable> {
    let command: ClientCommand
    let socket: SocketMaker<S>

    func run() throws {
        if command.list { return try list() }
        let name = command.words[0]
        let target = try command.output ?? Self.ownName(name)
        if target == "-" {
            throw CommandFailure(
                "-: a file is checked before it gets its name, and standard output has none; name a file with -o")
        }
        if FileNames.isFolder(target) {
            throw CommandFailure("\(target): is a folder; say with -o what the file in it is to be called")
        }
        let part = "\(target).part"
        var download = try FileDownload.open(part: part)
        let wasResumed = download.offset > 0
        if wasResumed { Diagnostics.write("goes on after \(download.offset) bytes of \(part)") }
        var outcome: Outcome
        do {
            outcome = try get(name, &download)
            if wasResumed, outcome.isOfAnotherVersion {
                // The beginning belongs to another version of the file.
                Diagnostics.write("the beginning in \(part) does not fit this file: once more from its start")
                download.restart()
                outcome = try get(name, &download)
            }
        } catch {
            download.removeIfEmpty()
            throw error
        }
        switch outcome {
        case .whole:
            try download.move(to: target)
            Diagnostics.write(
                "\(target): \(download.offset) bytes, SHA-256 \(download.digest ?? "") as the server has it")
        case .refused(let reason):
            download.removeIfEmpty()
            Diagnostics.write("the server refuses: \(reason)")
            throw Status.no
        case .damaged:
            download.remove()
            Diagnostics.write("\(name): SHA-256 differs from the server's; the file is not kept")
            throw Status.no
        case .cut(let size):
            download.removeIfEmpty()
            throw CommandFailure(
                "\(name): the connection ended after \(download.offset)\(size.map { " of \($0)" } ?? "") bytes; "
                    + "the same command goes on from there"
            )
        }
    }

    private enum Outcome: Equatable {
        case whole
        case refused(String)
        case damaged
        case cut(Int64?)

        /// Whether what stood in the part cannot be the beginning of this file. Other refusals say nothing of it.
        var isOfAnotherVersion: Bool {
            switch self {
            case .whole, .cut: false
            case .refused(let reason): FileReply.saysFileIsShorter(reason)
            case .damaged: true
            }
        }
    }

    private func get(_ name: String, _ download: inout FileDownload) throws -> Outcome {
        let connection = try connect(sending: "GET \(download.offset) \(name)\n")
        var reply = FileReply(from: download.offset)
        var bar = ProgressBar()
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        while !reply.isOver {
            let received: Transfer
            var span = buffer.mutableSpan
            do throws(SocketError) { received = try connection.recv(into: &span) } catch {
                bar.finish()
                Diagnostics.write("\(error)")
                return .cut(reply.size)
            }
            guard case .bytes(let count) = received, count > 0 else {
                bar.finish()
                return .cut(reply.size)
            }
            let isUnderstood: Bool
            do throws(Errno) {
                isUnderstood = try reply.take(buffer.span.extracting(first: count)) { (content) throws(Errno) in
                    try download.append(content)
                }
            } catch {
                bar.finish()
                throw CommandFailure("\(download.path): \(error); what is there can be gone on with")
            }
            if !isUnderstood { throw CommandFailure("this is no file server: its answer cannot be understood") }
            if let size = reply.size { bar.show(download.offset, of: size) }
        }
        bar.finish()
        if let error = reply.error { return .refused(error) }
        return reply.digest != nil && reply.digest == download.digest ? .whole : .damaged
    }

    private func list() throws {
        let connection = try connect(sending: "LIST\n")
        var answer: [UInt8] = []
        while case let bytes = try attempt({ () throws(SocketError) in try connection.recv(65_536) }), !bytes.isEmpty {
            answer += bytes
            if answer.count > ServiceLimits.list {
                throw CommandFailure("the list is longer than \(ServiceLimits.list) bytes: not taken")
            }
        }
        let lines = answer.split(separator: 10)
        guard let first = lines.first, first.starts(with: "OK ".utf8) else {
            Diagnostics.write("the server refuses: \(String(decoding: lines.first ?? [], as: UTF8.self))")
            throw Status.no
        }
        for line in lines.dropFirst() { try ClientSession<S>.print(Array(line)) }
    }

    private func connect(sending request: String) throws -> S {
        try command.reaching { (server) throws(SocketError) in
            let made = try socket(AddressFamily(of: server.address), .stream)
            try made.connect(to: server, within: command.wait)
            try made.sendAll(Array(request.utf8), within: command.wait)
            return made
        }
    }

    /// The last part of the name that was asked for: a file here, whatever folders it came from.
    private static func ownName(_ name: String) throws(CommandFailure) -> String {
        let last = name.split(separator: "/").last.map(String.init) ?? ""
        if last.isEmpty || last == "." || last == ".." { throw CommandFailure("\(name): say with -o where to put it") }
        return last
    }
}
