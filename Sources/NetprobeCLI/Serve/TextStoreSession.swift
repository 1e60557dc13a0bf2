import ArgumentParser
import Packets
import Rendering
import Services
import Sockets
import SystemPackage

/// `netprobe client text-store`: one request from the command line, or a menu. The menu takes its lines from any standard input,
/// so it can be scripted.
struct TextStoreSession<S: BerkeleySocket & ~Copyable> {
    let command: ClientCommand
    let socket: SocketMaker<S>

    func run() throws {
        let words = command.words
        guard ["get", "set", nil].contains(words.first), words.first != "get" || words.count == 1, words.first != "set" || words.count == 2 else {
            throw ValidationError("Say get, set TEXT, set - (the text comes from standard input), or nothing for the menu.")
        }
        let server = try command.server()
        var store = try attempt { () throws(SocketError) in try TextStoreClient(server, socket: socket, timeout: command.wait) }
        switch words.first {
        case "get": try tell(asking { () throws(TextStoreClient<S>.Failure) in try store.retrieve() })
        case "set":
            let text = words[1] == "-" ? try Self.standardInput() : Array(words[1].utf8)
            try tell(asking { () throws(TextStoreClient<S>.Failure) in try store.update(text) })
        default: try menu(&store)
        }
        try? store.close()
    }

    private func menu(_ store: inout TextStoreClient<S>) throws {
        let asks = StandardStreams.isTerminal(.standardInput)
        while true {
            if asks { Self.prompt("1 retrieve   2 update   3 close: ") }
            guard let line = readLine() else { return }
            let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
            switch parts.first {
            case "1", "retrieve", "get": try tell(asking { () throws(TextStoreClient<S>.Failure) in try store.retrieve() })
            case "2", "update", "set":
                if asks, parts.count < 2 { Self.prompt("the new text: ") }
                guard let text = parts.count > 1 ? parts[1] : readLine() else { return }
                try tell(asking { () throws(TextStoreClient<S>.Failure) in try store.update(Array(text.utf8)) })
            case "3", "close", "quit": return try tell(asking { () throws(TextStoreClient<S>.Failure) in try store.leave() })
            case nil: continue
            case let other?:
                Diagnostics.write("'\(other)' is none of: 1 or retrieve, 2 or update, 3 or close")
                if !asks { throw Status.no }
            }
        }
    }

    private func asking(_ body: () throws(TextStoreClient<S>.Failure) -> TextStoreReply) throws -> TextStoreReply {
        do throws(TextStoreClient<S>.Failure) {
            return try body()
        } catch {
            switch error {
            case .socket(let error): throw ClientFailure.of(error)
            case .closed: throw CommandFailure("the server ended the connection")
            case .notUnderstood: throw CommandFailure("this is no text store: its answer cannot be understood")
            }
        }
    }

    private func tell(_ reply: TextStoreReply) throws {
        switch reply {
        case .text(let text): try ClientText.print(text)
        case .stored(let count): Diagnostics.write("stored: \(count) \(count == 1 ? "byte" : "bytes")")
        case .bye: Diagnostics.write("closed")
        case .error(let reason):
            Diagnostics.write("the server refuses: \(reason)")
            throw Status.no
        }
    }

    private static func prompt(_ text: String) { try? StandardStreams.write(Array(text.utf8).rawSpan, to: .standardError) }

    private static func standardInput() throws(CommandFailure) -> [UInt8] {
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        do throws(Errno) {
            while case let count = try StandardStreams.read(.standardInput, into: &buffer), count > 0 { text += buffer.prefix(count) }
        } catch {
            throw CommandFailure("cannot read standard input: \(error)")
        }
        return text
    }
}

/// What a server said, on standard output.
enum ClientText {
    /// On a terminal a line at a time, escaped; into a file or a pipe as it is, so that a stored file comes back the same.
    static func print(_ bytes: [UInt8]) throws(CommandFailure) {
        let output = StandardOutput()
        var out = output.buffer()
        guard StandardStreams.isTerminal(.standardOutput) else {
            out.append(raw: bytes.rawSpan)
            return try output.finish(&out)
        }
        for line in bytes.split(separator: 10, omittingEmptySubsequences: false) {
            out.append(escaping: Array(line).rawSpan)
            out.append(ascii: 10)
        }
        try output.finish(&out)
    }
}
