import Addressing
import Conversations
import Diagnosis
import Packets
import Sockets
import Text
import Timeline

/// One sentence for a failed call: which packet, or which silence, is behind it. It says no more than was seen.
public enum CallFailureText {
    /// `client: connect(127.0.0.1:9) → ECONNREFUSED: packet 2 (RST) answered its SYN (packet 1): nothing listens
    /// there.` Safe to print.
    public static func sentence(_ failure: CallFailure) -> String {
        if case .stillWaiting = failure.cause {
            return
                "\(failure.call.end.rawValue.escapedForDisplay): \(CallText.named(failure.call)) was still waiting when netprobe ended the program: \(because(failure))."
        }
        let result = failure.errno == "timeout" ? "0 (timeout)" : failure.errno.escapedForDisplay
        return
            "\(failure.call.end.rawValue.escapedForDisplay): \(CallText.named(failure.call)) → \(result): \(because(failure))."
    }

    /// The part after the colon, without a full stop.
    static func because(_ failure: CallFailure) -> String {
        let losses = failure.losses.map(loss).joined(separator: ", ")
        let more = losses.isEmpty ? "" : ": the wire \(losses)"
        return cause(failure) + more + (failure.elsewhere.map(elsewhere) ?? "")
    }

    /// `; server waits at 127.0.0.1:65432, which programs on its own host alone can reach`
    private static func elsewhere(_ listener: CallFailure.Listener) -> String {
        let place = "; \(listener.end.rawValue.escapedForDisplay) waits at \(listener.address)"
        switch (listener.address.address, listener.wanted) {
        case (.v4, .v6): return "\(place), for IPv4 alone: ask for an IPv4 address"
        case (.v6, .v4): return "\(place), for IPv6 alone: ask for an IPv6 address"
        case (let address, let wanted) where address.isLoopback && !wanted.isLoopback:
            return "\(place), which only programs on its own host can reach: bind it to \(every(wanted)), every address"
        case (let address, let wanted):
            return "\(place), another address: ask for \(address), or bind it to \(every(wanted)), every address"
        }
    }

    private static func every(_ address: IPAddress) -> IPAddress {
        if case .v4 = address { .v4(.any) } else { .v6(.any) }
    }

    /// `lost packets 5 and 7 on their way to 10.0.0.2`
    private static func loss(_ loss: CallFailure.Loss) -> String {
        "\(loss.isDamaged ? "damaged" : "lost") \(list(loss.packets)) on \(loss.packets.count == 1 ? "its" : "their") way to \(loss.destination)"
    }

    private static func cause(_ failure: CallFailure) -> String {
        switch failure.cause {
        case .refused(let reset, let syn):
            "packet \(reset) (RST) answered its SYN (packet \(syn)): nothing listens there"
        case .icmp(let error, let answered):
            icmp(error, answered, failure.call)
        case .reset(let reset):
            "packet \(reset.packet) (RST) ended the connection: \(reason(reset.reason))"
        case .unanswered(let numbers, let late):
            silence(numbers, failure.call, late)
        case .queueFull(let numbers, let queue):
            silence(numbers, failure.call) + full(queue)
        case .noNeighbour(let address, let numbers):
            noNeighbour(address, numbers)
        case .nothingCame(let waited, let request):
            nothing(waited, request)
        case .notTold(let icmp, let request):
            "nothing came but packet \(icmp), an ICMP error about packet \(request), and a UDP socket is not told of those without connect()"
        case .nothingCameInTime(let request):
            "nothing came in that time\(request.map { "; the last data that went out, packet \($0), was not answered" } ?? "")"
        case .nobodyConnected(let waited):
            waits(waited)
                ? "nobody connected for \(DurationText.text(nanoseconds: waited))"
                : "nobody had connected yet, and the socket does not wait"
        case .stillConnecting(let syn):
            "the socket does not wait; the handshake goes on\(syn.map { ", its SYN is packet \($0)" } ?? "")"
        case .noRoom(let packet?):
            "the peer has no room (window 0 in packet \(packet)), and the send buffer is full"
        case .noRoom(nil):
            "the send buffer is full, and the socket does not wait"
        case .ownShutdown(let fin):
            "the program itself had ended this direction with shutdown()\(fin.map { " (FIN in packet \($0))" } ?? "")"
        case .addressTaken(let holder):
            taken(holder)
        case .local(let reason):
            "no packet: \(local(reason, failure.call))"
        case .unexplained:
            "no packet of this capture shows why"
        case .stillWaiting(let waiting):
            still(waiting, failure.call)
        }
    }

    private static func still(_ waiting: CallFailure.Waiting, _ call: SocketCall) -> String {
        switch waiting {
        case .answer(let numbers, let queue):
            numbers.isEmpty ? "no answer had come" : silence(numbers, call) + (queue.map(full) ?? "")
        case .connection(let last):
            last.map { "nobody else had connected since packet \($0) (SYN)" } ?? "nobody had connected"
        case .data(let last, let request):
            (call.transport == .udp ? "no datagram had come" : "no byte had come")
                + (last.map { " since packet \($0)" } ?? "")
                + (request.map { "; the last data that went out, packet \($0), was not answered" } ?? "")
        case .room(let packet):
            packet.map { "the peer had no room (window 0 in packet \($0))" } ?? "the send buffer was full"
        case .other: "it had not returned"
        }
    }

    private static func icmp(_ error: ICMPRefusal, _ answered: Int?, _ call: SocketCall) -> String {
        let kind = error.isVersion6 ? "ICMPv6" : "ICMP"
        let about = answered.map { ", about packet \($0)" } ?? ""
        let names = isNameServer(call) ? " (port 53 is a name server's: names cannot be looked up here)" : ""
        return
            "packet \(error.packet) (\(kind) type \(error.type) code \(error.code), from \(error.sender)\(about)): \(error.reason)\(names)"
    }

    private static func isNameServer(_ call: SocketCall) -> Bool { call.peer?.port.rawValue == 53 }

    private static func reason(_ reason: CallFailure.Reset.Reason) -> String {
        switch reason {
        case .dataAfterClose(let data, let fin):
            "the peer had closed (FIN in packet \(fin)) when the data in packet \(data) came"
        case .unread(let bytes): "the peer closed with \(count(bytes)) unread"
        case .ended: "netprobe had ended the peer's program"
        case .linger: "the peer had set SO_LINGER, so that close() resets"
        case .withoutClose:
            "the peer sent no FIN before it; it closed with unread data, asked for a reset (SO_LINGER), or ended"
        case .unknown: "the peer sent it"
        }
    }

    /// - Parameter late: what came when nobody waited for it any more.
    private static func silence(_ numbers: [Int], _ call: SocketCall, _ late: Int? = nil) -> String {
        let what = call.name == .connect ? "its SYN" : "what was sent"
        let times = numbers.count == 1 ? "once" : "\(numbers.count) times"
        return
            "\(what) went out \(times) (\(list(numbers))), and no answer came\(late.map { " before the call returned; packet \($0) came later" } ?? "")"
    }

    private static func full(_ queue: CallFailure.Queue) -> String {
        let waiting = queue.waiting == 1 ? "1 connection waits" : "\(queue.waiting) connections wait"
        return
            ": the queue of \(queue.end.rawValue.escapedForDisplay)'s listener is full (listen(\(queue.backlog)), and \(waiting) for accept()), so that its system drops SYNs"
    }

    private static func noNeighbour(_ address: IPAddress, _ numbers: [Int]) -> String {
        let name: String
        if case .v4 = address { name = "ARP" } else { name = "neighbour discovery" }
        return
            "nothing could be sent: \(name) asked who has \(address) (\(list(numbers))), and nobody answered, so that no such host is on this network"
    }

    private static func nothing(_ waited: Int64, _ request: Int?) -> String {
        guard waits(waited) else { return "nothing had come yet, and the call does not wait" }
        let since = request.map { "; the last data that went out, packet \($0), was not answered in that time" } ?? ""
        return "nothing came for \(DurationText.text(nanoseconds: waited))\(since)"
    }

    /// Whether the call waited at all: without a timeout it is back in microseconds.
    private static func waits(_ nanoseconds: Int64) -> Bool { nanoseconds >= 1_000_000 }

    private static func taken(_ holder: CallFailure.Holder) -> String {
        switch holder {
        case .listener(let end):
            "no packet: \(end.rawValue.escapedForDisplay) already has a socket that listens on this address and port"
        case .socket(let end):
            "no packet: \(end.rawValue.escapedForDisplay) already has an open socket on this address and port"
        case .timeWait(let local, let peer, let fin):
            "no packet: the earlier connection \(local) ↔ \(peer) is in TIME-WAIT, because this end closed it first (FIN in packet \(fin)); SO_REUSEADDR allows it, where the earlier socket had set it too; else wait a minute or take another port"
        case .connection(let local, let peer, let state):
            "no packet: the earlier connection \(local) ↔ \(peer) is not over yet (\(state.rawValue))"
        case .unseen: "no packet: another socket, whose calls were not seen, has this address and port"
        }
    }

    private static func local(_ reason: CallFailure.LocalReason, _ call: SocketCall) -> String {
        switch reason {
        case .privilegedPort: "ports below 1024 are for privileged programs"
        case .notOurAddress: "no interface here has this address"
        case .noFreePort: "no local address or port is left from which the peer can be reached"
        case .noRoute:
            "there is no route to that network from here\(isNameServer(call) ? "; port 53 is a name server's: names cannot be looked up here" : "")"
        case .hostUnreachable: "the next hop towards the peer does not answer, or a route forbids it"
        case .tooLong(let bytes):
            "\(bytes.map { count($0) + (bytes == 1 ? " is" : " are") } ?? "this is") too long for one datagram"
        case .notConnected: "the socket is not connected"
        case .alreadyConnected: "the socket is connected already"
        case .listening: "the socket listens, and a listener cannot connect"
        case .noDestination: "nobody said where to: the socket has no peer, and the call names none"
        case .forbidden: "this machine forbids it (a broadcast address needs SO_BROADCAST; a firewall may drop it)"
        case .privilegedSocket: "such sockets (raw, packet, ping) are for privileged programs (CAP_NET_RAW)"
        case .interrupted: "a signal interrupted the call"
        case .badDescriptor: "the descriptor is not open"
        case .notASocket: "the descriptor is not a socket"
        case .tooManyDescriptors: "the process or the system has no free descriptor left"
        case .unsupported: "this kind of socket cannot do that here"
        case .boundAlready:
            "the socket has an address already (bind() is possible once), or the address is not of its family"
        case .pathTaken:
            "something has this path already: a server, or the file that an earlier one left behind (remove it, rm, before bind())"
        case .noPath: "there is no such path"
        case .nobodyAtPath: "nobody listens at this path; the file may be left from an earlier server"
        case .pathForbidden: "the path's rights do not allow it"
        case .fullAtPath:
            "as many connections wait for accept() already as the listener's queue has places for (listen()), and the socket does not wait"
        case .closedAtPath: "the other end was closed"
        case .noInterface: "no interface here fits (a multicast group needs one with a route)"
        case .invalid: "the socket is not in a state for this call, or an argument makes no sense"
        case .other: "this machine refused by itself"
        }
    }

    private static func count(_ bytes: Int) -> String { bytes == 1 ? "1 byte" : "\(bytes) bytes" }

    /// `packets 1, 2 and 5`; of many the first three and the last.
    private static func list(_ numbers: [Int]) -> String {
        guard let last = numbers.last, numbers.count > 1 else {
            return numbers.first.map { "packet \($0)" } ?? "no packet"
        }
        if numbers.count > 5 {
            return "packets \(numbers.prefix(3).map(String.init).joined(separator: ", ")) … \(last)"
        }
        return "packets \(numbers.dropLast().map(String.init).joined(separator: ", ")) and \(last)"
    }
}
