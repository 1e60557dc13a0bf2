import ArgumentParser
import Packets
import Rendering
import Services
import Sockets
import SystemPackage

/// `netprobe client chat`: lines from standard input go to the room, the room's lines come to standard output.
struct ChatSession<S: BerkeleySocket & ~Copyable> {
    let command: ClientCommand
    let socket: SocketMaker<S>

    func run() throws {
        let connection = try command.reaching { (server) throws(SocketError) in
            let made = try socket(AddressFamily(of: server.address), .stream)
            try made.connect(to: server, within: command.wait)
            if let name = command.member { try made.sendAll(Array("\(name)\n".utf8), within: command.wait) }
            return made
        }
        var room = RoomLines()
        var isTyping = true
        while true {
            let ready = try attempt { () throws(SocketError) in
                try waitReadable(
                    isTyping ? [FileDescriptor.standardInput.rawValue, connection.descriptor] : [connection.descriptor])
            }
            if ready.contains(connection.descriptor) {
                let bytes = try attempt { () throws(SocketError) in try connection.recv(4096) }
                if bytes.isEmpty {
                    if isTyping { Diagnostics.write("the room has closed the connection") }
                    if room.hasRefused || isTyping && !room.hasSpoken {
                        Diagnostics.write("never joined")
                        throw Status.no
                    }
                    return
                }
                for line in room.take(bytes) { try ClientSession<S>.print(line) }
                if room.isOverfull {
                    throw CommandFailure("this is no chat room: more than \(RoomLines.limit) bytes without a newline")
                }
            }
            if isTyping, ready.contains(FileDescriptor.standardInput.rawValue) {
                var buffer = [UInt8](repeating: 0, count: 4096)
                let count = (try? StandardStreams.read(.standardInput, into: &buffer)) ?? 0
                if count > 0 {
                    try attempt { () throws(SocketError) in
                        try connection.sendAll(Array(buffer.prefix(count)), within: command.wait)
                    }
                } else {
                    // Ctrl-D: nothing more from here; what the room still says is shown until it closes.
                    isTyping = false
                    try attempt { () throws(SocketError) in try connection.shutdown(.sending) }
                }
            }
        }
    }
}

/// The room's lines, out of a stream that may be cut anywhere; a last one without its end waits for it.
struct RoomLines {
    /// No line of a room is longer: a member's, in which each byte may be escaped, after the name.
    static let limit = ServiceLimits.line * 8

    private var partial: [UInt8] = []
    private var isGreeted = false, isIn = false
    private(set) var isOverfull = false
    /// Whether anything was heard at all.
    private(set) var hasSpoken = false

    /// Whether it asked for a name and has taken none.
    var hasRefused: Bool { isGreeted && !isIn }

    mutating func take(_ bytes: [UInt8]) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        for byte in bytes {
            if byte == 10 {
                isGreeted = isGreeted || Array(Chat.welcome.utf8).dropLast() == partial[...]
                isIn = isIn || partial.starts(with: "* hello ".utf8)
                lines.append(partial)
                partial = []
            } else {
                partial.append(byte)
            }
        }
        hasSpoken = hasSpoken || !bytes.isEmpty
        isOverfull = partial.count > Self.limit
        return lines
    }
}
