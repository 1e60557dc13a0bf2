import Addressing
import Platform
import Sockets

/// Calls that moved bytes: how many, which, and from whom.
extension CallReturn {
    func sent(_ call: inout RunningCall, _ value: Int64) {
        if call.system == .sendmmsg {
            messages(&call, Int(value))
        } else {
            call.traced.moved = Int(value)
            call.traced.data = Array(call.traced.data.prefix(Int(value)))
            if call.traced.call.arguments.first == .unknown { call.traced.call.arguments[0] = .bytes(Int(value)) }
        }
        guard let socket = call.socket else { return }
        if let peer = call.traced.call.peer, socket.isDatagram { socket.lastSentTo = peer }
        // A socket that had no address has one since its first datagram, and since Fast Open's first segment.
        if socket.local == nil, socket.isInternet, socket.transport != .raw { refreshLocal(&call) }
    }

    func received(_ call: inout RunningCall, _ value: Int64) {
        if call.system == .recvmmsg {
            messages(&call, Int(value))
            return
        }
        var sender: Endpoint?
        switch call.system {
        case .recvfrom:
            sender = address(call.argument(4), call.argument(5), room: call.addressRoom)?.endpoint
        case .recvmsg:
            // recvmsg writes the name's length into the header itself.
            guard let message = thread.memory.message(call.argument(1)) else { break }
            // What had these numbers is gone; they are asked for when they are used.
            for descriptor in thread.memory.passedDescriptors(message) { thread.table.close(descriptor) }
            if message.name != 0 {
                sender =
                    thread.memory.socketAddress(message.name, length: min(message.nameLength, call.addressRoom))?
                    .endpoint
            }
        default: break
        }
        let isDatagram = call.socket?.isDatagram ?? false
        // A stream's address says nothing new, and the system leaves it out.
        call.traced.call.result = .received(Int(value), from: isDatagram ? sender : nil)
        if isDatagram, let sender { call.traced.call.peer = sender }
        // With MSG_TRUNC the value is the datagram's length, whatever room there was.
        let held = min(Int(value), call.buffers.size ?? .max)
        call.traced.moved = held
        call.traced.data = thread.memory.content(of: call.buffers, limit: min(held, dataLimit))
    }

    /// Each message by its size, with its peer where that is not the first one's: `4 messages, 5 bytes, 7 bytes`. The
    /// data is that of all messages, one after another.
    private func messages(_ call: inout RunningCall, _ count: Int) {
        let memory = thread.memory
        let most = min(count, ProgramMemory.mostEntries)
        let array = memory.bytes(call.argument(1), MessageHeader.stride * most)
        for index in 0..<array.count / MessageHeader.stride {
            let start = MessageHeader.stride * index
            let message = MessageHeader(
                Array(array[start..<start + MessageHeader.size]), buffers: memory.buffers)
            let length = Int(array.word(at: start + MessageHeader.size, size: 4))
            let peer = memory.socketAddress(message.name, length: message.nameLength)?.endpoint
            if index == 0, let peer { call.traced.call.peer = peer }
            if let peer, peer != call.traced.call.peer {
                call.traced.call.arguments.append(.message(bytes: length, peer: peer))
            } else {
                call.traced.call.arguments.append(.bytes(length))
            }
            let held = min(length, message.length ?? length)
            call.traced.moved += held
            let left = max(0, dataLimit - call.traced.data.count)
            call.traced.data += memory.content(of: message.buffers, limit: min(held, left))
        }
    }
}
