import Sockets

/// A lingering close: connections that were ended with FIN and whose other ends are still read from.
///
/// close(2) sends RST where received data was not read, and also when data comes after it. So only the sending
/// direction is shut down here, and what comes is read until the other end has closed too, or its time is over.
struct LingeringCloses {
    private struct Closing {
        let socket: ConnectSocket
        let deadline: Int64
    }

    /// Above every probe's number.
    private static let firstToken: UInt64 = 1 << 62
    /// How long the other end is read from, in nanoseconds.
    static let time: Int64 = 100_000_000

    private var open: [UInt64: Closing] = [:]
    private var next = firstToken
    private var buffer = [UInt8](repeating: 0, count: 1024)

    var isEmpty: Bool { open.isEmpty }

    /// Sends FIN.
    mutating func begin(_ socket: ConnectSocket, at now: Int64, _ poller: borrowing Poller) {
        socket.finish()
        if drain(socket) { return socket.close() }
        let token = next
        next += 1
        do throws(SocketError) { try poller.add(socket.descriptor, token: token, for: .readable) } catch {
            return socket.close()
        }
        open[token] = Closing(socket: socket, deadline: now + Self.time)
    }

    /// Closes those whose time is over; when the next one's will be.
    mutating func expire(_ now: Int64) -> Int64? {
        var soonest: Int64?
        for (token, closing) in open {
            if closing.deadline <= now {
                closing.socket.close()
                open[token] = nil
            } else {
                soonest = min(soonest ?? closing.deadline, closing.deadline)
            }
        }
        return soonest
    }

    /// Whether an event is about one of these connections; then it is dealt with.
    mutating func take(_ event: Poller.Event) -> Bool {
        guard event.token >= Self.firstToken else { return false }
        if let closing = open[event.token], drain(closing.socket) {
            closing.socket.close()
            open[event.token] = nil
        }
        return true
    }

    func close() { for closing in open.values { closing.socket.close() } }

    /// Reads and forgets what has come; true when the other end has ended.
    private mutating func drain(_ socket: ConnectSocket) -> Bool {
        for _ in 0..<64 {
            guard let count = socket.receive(into: &buffer) else { return false }
            if count <= 0 { return true }
        }
        return false
    }
}
