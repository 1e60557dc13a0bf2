import Sockets

/// What is said where no packet had to do with a failure.
extension CallFailure.Holder {
    var clause: Sentence {
        switch self {
        case .listener(let end):
            "no packet: \(.program(end)) already has a socket that listens on this address and port"
        case .socket(let end): "no packet: \(.program(end)) already has an open socket on this address and port"
        case .timeWait(let local, let peer, let fin):
            """
            no packet: the earlier connection \(.endpoint(local)) ↔ \(.endpoint(peer)) is in TIME-WAIT, because \
            this end closed it first (FIN in \(.packet(fin))); SO_REUSEADDR allows it, where the earlier socket \
            had set it too; else wait a minute or take another port
            """
        case .connection(let local, let peer, let state):
            """
            no packet: the earlier connection \(.endpoint(local)) ↔ \(.endpoint(peer)) is not over yet \
            (\(.words(state.rawValue)))
            """
        case .unseen: "no packet: another socket, whose calls were not seen, has this address and port"
        }
    }
}

extension CallFailure.LocalReason {
    static let nameServer = "port 53 is a name server's: names cannot be looked up here"

    func clause(_ call: SocketCall) -> Sentence {
        switch self {
        case .privilegedPort: "ports below 1024 are for privileged programs"
        case .notOurAddress: "no interface here has this address"
        case .noFreePort: "no local address or port is left from which the peer can be reached"
        case .noRoute:
            """
            there is no route to that network from \
            here\(call.isAboutNames ? "; \(.words(Self.nameServer))" : nil as Sentence?)
            """
        case .hostUnreachable: "the next hop towards the peer does not answer, or a route forbids it"
        case .tooLong(1): "1 byte is too long for one datagram"
        case .tooLong(let bytes?): "\(.bytes(bytes)) are too long for one datagram"
        case .tooLong(nil): "this is too long for one datagram"
        case .notConnected: "the socket is not connected"
        case .alreadyConnected: "the socket is connected already"
        case .listening: "the socket listens, and a listener cannot connect"
        case .noDestination: "nobody said where to: the socket has no peer, and the call names none"
        case .forbidden: "this machine forbids it (a broadcast address needs SO_BROADCAST; a firewall may drop it)"
        case .privilegedSocket: "such sockets (raw, packet, ping) are for privileged programs (CAP_NET_RAW)"
        case .interrupted: "a signal interrupted the call"
        case .badDescriptor: "the descriptor is not open"
        case .closedBefore(let time):
            """
            the program itself had closed this descriptor \(.duration(time)) before \
            (close(\(.number(call.descriptor ?? -1))))
            """
        case .notASocket: "the descriptor is not a socket"
        case .tooManyDescriptors: "the process or the system has no free descriptor left"
        case .unsupported: "this kind of socket cannot do that here"
        case .boundAlready:
            "the socket has an address already, and bind() is possible once"
        case .addressDoesNotFit:
            """
            the address does not fit the socket, which has none yet: its family is another one, or its length is \
            wrong (sockaddr_in has 16 bytes, sockaddr_in6 has 28)
            """
        case .pathTaken:
            """
            something has this path already: a server, or the file that an earlier one left behind (remove it, \
            rm, before bind())
            """
        case .noPath: "there is no such path"
        case .nobodyAtPath: "nobody listens at this path; the file may be left from an earlier server"
        case .pathForbidden: "the path's rights do not allow it"
        case .fullAtPath:
            """
            as many connections wait for accept() already as the listener's queue has places for (listen()), and \
            the socket does not wait
            """
        case .closedAtPath: "the other end was closed"
        case .noInterface: "no interface here fits (a multicast group needs one with a route)"
        case .invalid: "the socket is not in a state for this call, or an argument makes no sense"
        case .other: "this machine refused by itself"
        }
    }
}

extension SocketCall {
    /// Whether it asks a name server.
    var isAboutNames: Bool { peer?.port.rawValue == 53 }
}
