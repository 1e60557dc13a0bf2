import Addressing
import Sockets

/// The socket calls of `EchoExchange`, as a recorder would have them.
public enum EchoCalls {
    public static var all: [SocketCall] {
        let client = EchoExchange.client
        let server = EchoExchange.server
        var calls: [SocketCall] = []
        func add(
            _ end: SocketCall.End, _ name: SocketCall.Name, _ descriptor: Int32?, _ arguments: [CallArgument],
            _ start: Int64,
            _ finish: Int64,
            _ result: SocketCall.Result, _ local: Endpoint?, _ peer: Endpoint?
        ) {
            calls.append(
                SocketCall(
                    id: calls.count + 1, end: end, name: name, descriptor: descriptor, arguments: arguments,
                    start: TestClock.at(start),
                    finish: TestClock.at(finish), result: result, local: local, peer: peer, transport: .tcp))
        }
        add(.server, .socket, nil, ["AF_INET", "SOCK_STREAM"], 0, 5, .value(3), nil, nil)
        add(.server, .bind, 3, ["127.0.0.1:65432"], 10, 14, .value(0), server, nil)
        add(.server, .listen, 3, ["1"], 20, 25, .value(0), server, nil)
        add(.server, .accept, 3, [], 31, 191, .accepted(5, client), server, nil)
        add(.client, .socket, nil, ["AF_INET", "SOCK_STREAM"], 90, 100, .value(4), nil, nil)
        add(.client, .connect, 4, ["127.0.0.1:65432"], 118, 179, .value(0), client, server)
        add(.client, .send, 4, ["12 bytes"], 204, 218, .value(12), client, server)
        add(.server, .recv, 5, ["1024"], 200, 231, .received(12, from: nil), server, client)
        add(.client, .recv, 4, ["1024"], 225, 280, .received(12, from: nil), client, server)
        add(.server, .send, 5, ["12 bytes"], 250, 270, .value(12), server, client)
        add(.server, .recv, 5, ["1024"], 275, 310, .received(0, from: nil), server, client)
        add(.client, .close, 4, [], 290, 305, .value(0), client, server)
        add(.server, .close, 5, [], 320, 340, .value(0), server, client)
        add(.server, .close, 3, [], 350, 355, .value(0), server, nil)
        return calls
    }
}
