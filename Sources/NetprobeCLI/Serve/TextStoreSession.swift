import ArgumentParser
import Packets
import Rendering
import Services
import Sockets
import SystemPackage
import Text

/// `netprobe client text-store`: one request from the command line, or a menu. The menu takes its lines from any
/// standard input, so it can be scripted.
struct TextStoreSession<S: BerkeleySocket & ~Copyable> {
    let command: ClientCommand
    let socket: SocketMaker<S>

    func run() throws {
        let words = command.words
        var store = try command.reaching { (server) throws(SocketError) in
            try TextStoreClient(server, socket: socket, timeout: command.wait, limit: limit)
        }
        switch words.first {
        case "get": try tell(asking { () throws(TextStoreClient<S>.Failure) in try store.retrieve() })
        case "set":
            let text = words[1] == "-" ? try Self.standardInput() : Array(words[1].utf8)
            try tell(asking { () throws(TextStoreClient<S>.Failure) in try store.update(text) })
        default: try menu(&store)
        }
        try? store.close()
    }

    /// A refusal does not end it: the next request may be a better one. Where it is scripted the exit status tells.
    private func menu(_ store: inout TextStoreClient<S>) throws {
        let asks = StandardStreams.isTerminal(.standardInput)
        var input = InputLines()
        var isRefused = false
        choosing: while true {
            if asks { Self.prompt("1 retrieve   2 update   3 close: ") }
            guard let line = try input.next() else { break }
            let parts = line.split(separator: UInt8(ascii: " "), maxSplits: 1)
            let reply: TextStoreReply
            switch parts.first.map({ String(decoding: $0, as: UTF8.self) }) {
            case "1", "retrieve", "get":
                reply = try asking { () throws(TextStoreClient<S>.Failure) in try store.retrieve() }
            case "2", "update", "set":
                if asks, parts.count < 2 { Self.prompt("the new text: ") }
                guard let text = try parts.count > 1 ? Array(parts[1]) : input.next() else { break choosing }
                reply = try asking { () throws(TextStoreClient<S>.Failure) in try store.update(text) }
            case "3", "close", "quit": reply = try asking { () throws(TextStoreClient<S>.Failure) in try store.leave() }
            case nil: continue
            case let other?:
                Diagnostics.write("'\(other)' is none of: 1 or retrieve, 2 or update, 3 or close")
                if !asks { throw Status.no }
                continue
            }
            if case .error(let reason) = reply {
                Diagnostics.write("the server refuses: \(reason)")
                isRefused = true
            } else {
                try tell(reply)
            }
            if reply == .bye { break }
        }
        if isRefused, !asks { throw Status.no }
    }

    private var limit: Int { command.limit ?? ServiceLimits.text }

    private func asking(_ body: () throws(TextStoreClient<S>.Failure) -> TextStoreReply) throws -> TextStoreReply {
        do throws(TextStoreClient<S>.Failure) {
            return try body()
        } catch {
            switch error {
            case .socket(let error): throw ClientFailure.of(error)
            case .closed: throw CommandFailure("the server ended the connection")
            case .tooLong: throw CommandFailure("the text is longer than \(limit) bytes: not taken (--limit)")
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

    private static func prompt(_ text: String) {
        try? StandardStreams.write(Array(text.utf8).rawSpan, to: .standardError)
    }

    private static func standardInput() throws(CommandFailure) -> [UInt8] {
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        do throws(Errno) {
            while case let count = try StandardStreams.read(.standardInput, into: &buffer), count > 0 {
                text += buffer.prefix(count)
            }
        } catch {
            throw CommandFailure("cannot read standard input: \(error)")
        }
        return text
    }
}

/// What a server said, on standard output.
enum ClientText {
    /// On a terminal a line at a time, escaped; into a file or a pipe as it is, so that a stored file comes back the
    /// same.
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

/// The lines of standard input, byte for byte (Swift's `readLine` mends what is no UTF-8).
private struct InputLines {
    private var pending: [UInt8] = []
    /// How much of `pending` was looked through.
    private var seen = 0
    private var isOver = false

    /// The next line without its newline; nil at the end.
    mutating func next() throws(CommandFailure) -> [UInt8]? {
        while true {
            if let end = pending[seen...].firstIndex(of: 10) {
                let line = Array(pending[..<end])
                pending.removeSubrange(...end)
                seen = 0
                return line
            }
            seen = pending.count
            if isOver {
                defer { pending = [] }
                seen = 0
                return pending.isEmpty ? nil : pending
            }
            var buffer = [UInt8](repeating: 0, count: 65_536)
            do throws(Errno) {
                let count = try StandardStreams.read(.standardInput, into: &buffer)
                if count == 0 { isOver = true } else { pending += buffer.prefix(count) }
            } catch {
                throw CommandFailure("cannot read standard input: \(error)")
            }
        }
    }
}
