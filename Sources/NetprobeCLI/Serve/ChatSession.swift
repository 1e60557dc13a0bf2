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
        let server = try command.server()
        let connection = try attempt { () throws(SocketError) in
            let made = try socket(AddressFamily(of: server.address), .stream)
            try made.connect(to: server)
            if let name = command.member { try made.sendAll(Array("\(name)\n".utf8)) }
            return made
        }
        var partial: [UInt8] = []
        var isTyping = true
        while true {
            let ready = try attempt { () throws(SocketError) in
                try waitReadable(isTyping ? [FileDescriptor.standardInput.rawValue, connection.descriptor] : [connection.descriptor])
            }
            if ready.contains(connection.descriptor) {
                let bytes = try attempt { () throws(SocketError) in try connection.recv(4096) }
                if bytes.isEmpty {
                    if isTyping { Diagnostics.write("the room has closed the connection") }
                    return
                }
                partial += bytes
                // The server's lines are whole; a last one without its end waits for it.
                while let end = partial.firstIndex(of: 10) {
                    try ClientSession<S>.print(Array(partial[..<end]))
                    partial.removeSubrange(...end)
                }
            }
            if isTyping, ready.contains(FileDescriptor.standardInput.rawValue) {
                var buffer = [UInt8](repeating: 0, count: 4096)
                let count = (try? StandardStreams.read(.standardInput, into: &buffer)) ?? 0
                if count > 0 {
                    try attempt { () throws(SocketError) in try connection.sendAll(Array(buffer.prefix(count))) }
                } else {
                    // Ctrl-D: nothing more from here; what the room still says is shown until it closes.
                    isTyping = false
                    try attempt { () throws(SocketError) in try connection.shutdown(.sending) }
                }
            }
        }
    }
}
