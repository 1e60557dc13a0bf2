import Addressing
import Platform
import Sockets

/// Calls that move bytes: what they are asked.
extension CallBeginning {
    func moving(_ call: inout RunningCall) {
        switch call.system {
        case .read, .write, .recvfrom, .sendto:
            call.buffers = [Buffer(address: call.argument(1), length: call.argument(2))]
        case .readv, .writev, .preadv2, .pwritev2:
            call.buffers = memory.buffers(call.argument(1), count: call.argument(2))
        default: break
        }
        switch call.system {
        case .write, .writev, .pwritev2: sending(&call, call.buffers.size, flags: 0)
        case .sendto:
            // C's send() is sendto() without an address.
            if call.argument(4) == 0 { call.traced.call.name = .send }
            let address = memory.socketAddress(call.argument(4), length: call.argument(5) & 0xffff_ffff)
            sending(&call, call.buffers.size, flags: call.int(3), to: address)
        case .sendmsg:
            let message = memory.message(call.argument(1))
            call.buffers = message?.buffers ?? []
            let address = message.flatMap { memory.socketAddress($0.name, length: $0.nameLength) }
            sending(&call, message?.length, flags: call.int(2), to: address)
        case .read, .readv, .preadv2: receiving(&call, call.buffers.size, flags: 0)
        case .recvfrom:
            if call.argument(4) == 0 { call.traced.call.name = .recv }
            call.addressRoom =
                call.argument(4) == 0 ? 0 : UInt64(UInt32(bitPattern: memory.int32(call.argument(5)) ?? 0))
            receiving(&call, call.buffers.size, flags: call.int(3))
        case .recvmsg:
            let message = memory.message(call.argument(1))
            call.buffers = message?.buffers ?? []
            call.addressRoom = message.map { $0.name == 0 ? 0 : $0.nameLength } ?? 0
            receiving(&call, message?.length, flags: call.int(2))
        case .sendmmsg, .recvmmsg:
            call.traced.call.arguments =
                [.messages(Int(UInt32(truncatingIfNeeded: call.argument(2))))]
                + SocketSymbols.messageFlags(call.int(3))
        default: break
        }
    }

    private func sending(_ call: inout RunningCall, _ size: Int?, flags: Int32, to address: ProgramAddress? = nil) {
        call.traced.call.arguments =
            [size.map { .bytes($0) } ?? .unknown] + SocketSymbols.messageFlags(flags)
            + (address.map { [$0.argument] } ?? [])
        if let peer = address?.endpoint { call.traced.call.peer = peer }
        call.traced.data = memory.content(of: call.buffers, limit: dataLimit)
    }

    private func receiving(_ call: inout RunningCall, _ size: Int?, flags: Int32) {
        call.traced.call.arguments = [size.map { .number($0) } ?? .unknown] + SocketSymbols.messageFlags(flags)
    }
}
