import Addressing
import Sockets

/// What is queued leaves as there is room for it: octets, files, digests.
extension EventLoopDriver {
    /// Sends what is queued as far as there is room.
    mutating func flush(_ slot: Int) {
        sending: while connections[slot].isOpen {
            if connections[slot].queue.hasBytes {
                if sendBytes(slot) { continue }
                break
            }
            switch connections[slot].queue.part {
            case nil: break sending
            case .bytes(let bytes)?: connections[slot].queue.openPart(bytes)
            case .digest(let file)?:
                guard let digest = digests.digest(of: file) else {
                    awaitingDigests.append(connections[slot].member(slot))
                    break sending
                }
                connections[slot].queue.openPart(Array(digest.utf8))
            case .file(let region)?:
                if !sendFile(slot, region) { break sending }
            }
        }
        guard connections[slot].isOpen else { return }
        if connections[slot].queue.isEmpty, connections[slot].isClosing { return finish(slot) }
        watch(slot)
    }

    /// Whether everything of the first octets is gone.
    @discardableResult
    mutating func sendBytes(_ slot: Int) -> Bool {
        let (bytes, start) = (connections[slot].queue.bytes, connections[slot].queue.start)
        let step = calls.send(
            connections[slot].descriptor, bytes.span.extracting(start...), peer: connections[slot].peer)
        switch step {
        case .bytes(let count):
            connections[slot].queue.drop(count)
            connections[slot].lastMove = now
            account(slot)
            return !connections[slot].queue.hasBytes
        case .wouldBlock: return false
        case .failed(let code):
            end(
                slot, .finished(connections[slot].name, SocketError(.send, code.rawValue, peer: connections[slot].peer))
            )
            return false
        }
    }

    /// How much of a file goes before others have their turn.
    static var fileTurn: Int64 { 1 << 20 }

    /// Sends some of a file; whether there may be room for more.
    mutating func sendFile(_ slot: Int, _ region: FileRegion) -> Bool {
        let (descriptor, peer) = (connections[slot].descriptor, connections[slot].peer)
        let step = calls.sendFile(
            descriptor, region.file, offset: region.offset, count: Int(min(region.count, Self.fileTurn)), peer: peer)
        switch step {
        case .bytes(let count) where count > 0:
            connections[slot].queue.dropFromFile(Int64(count))
            connections[slot].lastMove = now
            // The rest when the socket is asked about again.
            return connections[slot].queue.part.map { if case .file = $0 { false } else { true } } ?? true
        case .wouldBlock: return false
        case .failed(.notSupported), .failed(.invalidArgument), .failed(.noFunction):
            var content = [UInt8](repeating: 0, count: Int(min(region.count, 65_536)))
            let count = region.file.read(at: region.offset, into: &content)
            if count > 0 {
                content.removeLast(content.count - count)
                connections[slot].queue.replaceFileStart(with: content)
                return true
            }
            fallthrough
        default:
            // The file became shorter, or cannot be read: the peer must not take what follows for its content.
            let error = if case .failed(let code) = step { code.rawValue } else { SocketError.ioError }
            end(slot, .finished(connections[slot].name, SocketError("sendfile", error, peer: peer)))
            return false
        }
    }

    mutating func digestsAreDone() {
        wake.clear()
        let waiting = awaitingDigests
        awaitingDigests = []
        for member in waiting {
            if let slot = slot(of: member) { flush(slot) }
        }
    }

    /// Asks for the events that matter now.
    mutating func watch(_ slot: Int) {
        var interest: Readiness = []
        let isFull = connections[slot].queue.held > ServiceLimits.backlog / 4 || connections[slot].queue.part != nil
        if !connections[slot].peerHasFinished, !isFull, !connections[slot].isPaused,
            !connections[slot].isClosing || connections[slot].isLingering
        {
            interest.insert(.readable)
        }
        if connections[slot].queue.hasBytes { interest.insert(.writable) }
        switch connections[slot].queue.part {
        case .file?, .bytes?: interest.insert(.writable)
        case .digest?, nil: break
        }
        if interest == connections[slot].interest { return }
        connections[slot].interest = interest
        try? poller.change(connections[slot].descriptor, token: connections[slot].token(slot), for: interest)
    }
}
