import Addressing
import Packets
import Rendering
import Sockets
import Text

/// What is said over a connection: text there, whatever comes back.
struct ConnectExchange {
    let timeout: Duration
    private(set) var sent = 0
    private(set) var received: [UInt8] = []
    private static let lingerTime = Duration.milliseconds(100)
    /// So much at most is kept for JSON.
    static let most = 1 << 20
    private(set) var receivedCount = 0
    private(set) var ending: Ending?
    var failure: SocketError?

    enum Ending: String {
        case finished
        case silent
    }

    init(timeout: Duration) { self.timeout = timeout }

    /// As JSON tells it.
    var told: ConnectJSON.Exchange {
        ConnectJSON.Exchange(
            sent: sent, receivedCount: receivedCount, received: received, ending: ending?.rawValue,
            error: failure?.codeName)
    }

    /// - Parameter last: nothing more will be sent, and the server shall know.
    mutating func send(_ bytes: [UInt8], over socket: borrowing Socket, last: Bool) throws(SocketError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            switch try socket.send(rest.span) {
            case .bytes(let count):
                rest = rest.dropFirst(count)
                sent += count
            case .wouldBlock:
                if try waitReady(socket.descriptor, for: .writable, timeout: timeout).isEmpty {
                    throw SocketError(.send, 11, peer: try? socket.peerEndpoint())
                }
            }
        }
        if last { try socket.shutdown(.sending) }
    }

    mutating func read(from socket: borrowing Socket, _ take: ([UInt8]) -> Void) throws(SocketError) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            if try waitReady(socket.descriptor, for: .readable, timeout: timeout).isEmpty {
                ending = .silent
                return
            }
            var span = buffer.mutableSpan
            guard case .bytes(let count) = try socket.recv(into: &span) else { continue }
            if count == 0 {
                ending = .finished
                return
            }
            let piece = Array(buffer.prefix(count))
            receivedCount += count
            received += piece.prefix(max(0, Self.most - received.count))
            take(piece)
        }
    }

    /// A lingering close: ends with FIN and reads on for a moment, because close(2) with unread data sends RST (RFC
    /// 9293 section 3.6.1).
    func closeLingering(over socket: borrowing Socket) {
        guard ending != .finished, failure == nil, (try? socket.shutdown(.sending)) != nil else { return }
        let deadline = ContinuousClock.now + Self.lingerTime
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let left = deadline - ContinuousClock.now
            guard left > .zero, (try? waitReady(socket.descriptor, for: .readable, timeout: left))?.isEmpty == false
            else { return }
            var span = buffer.mutableSpan
            guard case .bytes(let count)? = try? socket.recv(into: &span), count > 0 else { return }
        }
    }

    /// Lines stay lines; everything else that could act on a terminal is escaped.
    static func write(_ bytes: [UInt8], to out: inout OutputBuffer) {
        for (index, line) in bytes.split(separator: 10, omittingEmptySubsequences: false).enumerated() {
            if index > 0 { out.append(ascii: 10) }
            var text = Array(line)
            // The carriage return before a line's end is part of it in most protocols.
            if text.last == 13 { text.removeLast() }
            out.append(escaping: text.rawSpan)
        }
        out.flush()
    }

    func writeEnding(to out: inout OutputBuffer) {
        if !received.isEmpty, received.last != 10 { out.append(ascii: 10) }
        if sent > 0 { out.append(text: "sent \(sent) bytes\n") }
        switch ending {
        case .finished: out.append(text: "received \(receivedCount) bytes; the server ended the connection\n")
        case .silent:
            out.append(text: "received \(receivedCount) bytes; then silence for \(DurationText.text(timeout))\n")
        case nil: break
        }
    }
}
