import Addressing
import Conversations
import Sockets
import TestSupport
import Testing
import Timeline

@Suite struct CallSegmentAlignerTests {
    @Test func everyCallOfTheEchoFindsItsPackets() {
        let placements = CallSegmentAligner.place(EchoCalls.all, on: EchoExchange.packets)
        let relations = placements.map { "\($0.call.name) \($0.relation)" }
        #expect(
            relations == [
                "socket nearest(0)", "bind nearest(0)", "listen nearest(0)", "accept causedBy([2])",
                "socket nearest(0)",
                "connect caused([0])", "send caused([3])", "recv causedBy([3])", "recv causedBy([5])",
                "send caused([5])",
                "recv causedBy([7])", "close caused([7])", "close caused([8])", "close nearest(9)",
            ])
    }

    /// What was found for each call of a scenario.
    private func relations(_ scenario: Scenario) -> [String] {
        CallSegmentAligner.place(scenario.calls, on: scenario.packets).map { "\($0.call.name) \($0.relation)" }
    }

    @Test func whatIsNoEchoIsPlacedToo() {
        #expect(relations(.refused) == ["socket nearest(0)", "connect caused([0])", "close nearest(1)"])
        #expect(relations(.unanswered) == ["socket nearest(0)", "connect caused([0, 1, 2])"])
        #expect(
            relations(.udpEcho) == [
                "socket nearest(0)", "bind nearest(0)", "recvfrom causedBy([0])", "socket nearest(0)",
                "sendto caused([0])", "sendto caused([1])",
                "recvfrom causedBy([1])",
            ])
        #expect(
            relations(.halfClose) == [
                "shutdown caused([3])", "send caused([5])", "close caused([7])", "close nearest(8)",
            ])
        #expect(
            relations(.lateAccept) == [
                "socket nearest(0)", "bind nearest(0)", "listen nearest(0)", "connect caused([0])", "send caused([3])",
                "accept causedBy([2])",
                "recv causedBy([3])",
            ])
        // Bytes 10 to 19 went in the segment that came last but was not captured at first.
        #expect(relations(.retransmission) == ["send caused([3, 4, 6, 8, 12])"])
        #expect(relations(.reset) == ["recv causedBy([4])", "close caused([4])"])
        #expect(
            relations(.selfConnect) == [
                "socket nearest(0)", "connect caused([0])", "send caused([2])", "recv causedBy([2])",
                "close caused([4])",
            ])
    }

    /// The nearest packet of another conversation is none of its business.
    @Test func aCallWithoutPacketsStandsInItsOwnConversation() {
        var scenario = Scenario("neighbours")
        let other = Endpoint(.v4(.loopback), 9)
        scenario.open(0, Scenario.client, Scenario.server)
        scenario.open(1000, other, Scenario.server)
        scenario.call(.client, .setsockopt, 4, [], 999, 1001, .value(0), local: Scenario.client, peer: Scenario.server)
        scenario.call(.client, .getsockopt, 4, [], 2000, 2001, .value(0), local: Scenario.client, peer: Scenario.server)
        #expect(relations(scenario) == ["setsockopt nearest(2)", "getsockopt nearest(2)"])
    }

    /// The same ports again: the second connection's calls find the second connection's packets.
    @Test func portsThatAreUsedAgain() {
        var scenario = Scenario("ports again")
        for (base, first) in [(0, 100), (10_000, 50_000)] as [(Int64, UInt32)] {
            scenario.tcp(base, Scenario.client, Scenario.server, .syn, first)
            scenario.tcp(base + 10, Scenario.server, Scenario.client, [.syn, .ack], 300, first + 1)
            scenario.tcp(base + 20, Scenario.client, Scenario.server, .ack, first + 1, 301)
            scenario.tcp(base + 40, Scenario.client, Scenario.server, [.psh, .ack], first + 1, 301, length: 5)
            scenario.tcp(base + 60, Scenario.client, Scenario.server, [.rst, .ack], first + 6, 301)
            scenario.call(.client, .socket, nil, [], base - 5, base - 4, .value(4))
            scenario.call(
                .client, .connect, 4, [], base - 2, base + 30, .value(0), local: Scenario.client, peer: Scenario.server)
            scenario.call(
                .client, .send, 4, [], base + 35, base + 50, .value(5), local: Scenario.client, peer: Scenario.server)
            scenario.call(
                .client, .close, 4, [], base + 55, base + 65, .value(0), local: Scenario.client, peer: Scenario.server)
        }
        #expect(
            relations(scenario) == [
                "socket nearest(0)", "connect caused([0])", "send caused([3])", "close caused([4])",
                "socket nearest(5)", "connect caused([5])", "send caused([8])", "close caused([9])",
            ])
    }

    /// A parent that closes its copy of a descriptor after fork() sends nothing; the child's close does.
    @Test func theFINBelongsToTheCloseDuringWhichItLeft() {
        var scenario = Scenario("fork")
        scenario.open(0, Scenario.client, Scenario.server)
        scenario.call("parent", .close, 5, [], 30, 32, .value(0), local: Scenario.server, peer: Scenario.client)
        scenario.call("child", .close, 5, [], 100, 120, .value(0), local: Scenario.server, peer: Scenario.client)
        scenario.tcp(110, Scenario.server, Scenario.client, [.fin, .ack], 301, 101)
        #expect(relations(scenario) == ["close nearest(2)", "close caused([3])"])
    }

    /// A socket for both families knows an IPv4 peer by its mapped address.
    @Test func mappedAddressesAreIPv4OnTheWire() {
        func mapped(_ endpoint: Endpoint) -> Endpoint {
            Endpoint(.v6(IPv6Address(high: 0, low: 0xffff_7f00_0001)), endpoint.port)
        }
        var scenario = Scenario("dual stack")
        scenario.open(0, Scenario.client, Scenario.server)
        scenario.call(
            .server, .accept, 3, [], 0, 40, .accepted(5, mapped(Scenario.client)),
            local: Endpoint(.v6(.any), Scenario.server.port))
        scenario.tcp(50, Scenario.server, Scenario.client, [.psh, .ack], 301, 101, length: 4)
        scenario.call(
            .server, .send, 5, [], 45, 60, .value(4), local: mapped(Scenario.server), peer: mapped(Scenario.client))
        #expect(relations(scenario) == ["accept causedBy([2])", "send caused([3])"])
    }

    /// Segments in any order, repeated and overlapping, carry each byte once: the first that had it.
    @Test(arguments: 0..<40 as Range<UInt64>)
    func everyByteIsCarriedByTheSegmentThatHadItFirst(seed: UInt64) {
        var state = seed &* 0x9e37_79b9_7f4a_7c15 &+ 1
        func random(_ bound: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(bound))
        }
        var scenario = Scenario("random \(seed)")
        let initial = UInt32.max - 20
        scenario.tcp(0, Scenario.client, Scenario.server, .syn, initial)
        var firstCarrier = [Int?](repeating: nil, count: 60)
        for packet in 1...20 {
            let start = random(50)
            let length = 1 + random(10)
            scenario.tcp(
                Int64(packet * 10), Scenario.client, Scenario.server, .ack, initial &+ 1 &+ UInt32(start), 1,
                length: length)
            for byte in start..<start + length where firstCarrier[byte] == nil { firstCarrier[byte] = packet }
        }
        var from = 0
        var expected: [String] = []
        while from < 60 {
            let count = 1 + random(12)
            scenario.call(.client, .send, 4, [], 1, 2, .value(count), local: Scenario.client, peer: Scenario.server)
            let carriers = Set(firstCarrier[from..<min(60, from + count)].compactMap { $0 }).sorted()
            expected.append(carriers.isEmpty ? "nearest" : "send caused(\(carriers))")
            from += count
        }
        let found = relations(scenario).map { $0.hasPrefix("send nearest") ? "nearest" : $0 }
        #expect(found == expected, "seed \(seed)")
    }

    @Test func withoutPacketsNothingIsClaimed() {
        #expect(CallSegmentAligner.place(EchoCalls.all, on: []).allSatisfy { $0.relation == .none })
    }
}

@Suite struct SceneTests {
    @Test func rowsStandInTheMeasuredOrderWithStates() throws {
        let conversation = try #require(Conversation.all(in: EchoExchange.packets).first)
        let scene = Scene(conversation, calls: EchoCalls.all)
        let rows = scene.rows.map { row -> String in
            switch row.event {
            case .began(let call): "\(call.name)…"
            case .returned(let call): "…\(call.name)"
            case .whole(let call): "\(call.name)"
            case .passed(let index), .left(let index), .arrived(let index, copy: _):
                "#\(scene.packets[index].number)"
            }
        }
        #expect(
            rows == [
                "socket", "bind", "listen", "accept…", "socket", "connect…", "#1", "#2", "#3", "…connect", "…accept",
                "recv…", "send…", "#4", "#5",
                "…send", "recv…", "…recv", "send…", "#6", "#7", "…send", "recv…", "…recv", "close…", "#8", "…close",
                "…recv", "close…", "#9", "#10", "…close", "close",
            ])
        #expect(scene.rows.first { $0.state == .listen }.map { $0.event } == .whole(EchoCalls.all[2]))
        #expect(scene.rows.first { $0.state == .listen }?.lane == 1)
    }

    /// The calls of each conversation, `!` for those on the server's side; and those of none.
    private func calls(_ scenario: Scenario) -> [String] {
        let conversations = scenario.conversations
        let calls = SceneBuilder(conversations, calls: scenario.calls)
        let drawn = conversations.indices.map { number in
            calls.scene(of: number).rows.compactMap { row -> String? in
                switch row.event {
                case .began(let call), .whole(let call): "\(call.name)\(call.id)\(row.lane == 1 ? "!" : "")"
                case .returned, .passed, .left, .arrived: nil
                }
            }.joined(separator: " ")
        }
        return drawn + [calls.others.map { "\($0.name)\($0.id)" }.joined(separator: " ")]
    }

    @Test func aFailedConnectIsDrawnWhereItsSYNIs() {
        #expect(calls(.refused) == ["socket1 connect2 close3", ""])
        #expect(calls(.unanswered) == ["socket1 connect2", ""])
        #expect(
            calls(.twoConnections) == [
                "socket1! bind2! listen3! accept4! socket5 connect6 close7 close8! close14!",
                "socket1! bind2! listen3! accept9! socket10 connect11 close12 close13! close14!",
                "socket1! bind2! listen3! close14! socket15 connect16", "",
            ])
    }

    /// Two connects to one server fail at the same time: each explains one of the two SYNs, and no third.
    @Test func failedConnectsShareNoSYN() {
        var scenario = Scenario("two refused at once")
        for port in [1, 2] as [UInt16] {
            scenario.tcp(10 + Int64(port), Endpoint(.v4(.loopback), Port(port)), Scenario.server, .syn, 100)
        }
        for descriptor in [4, 5, 6] as [Int32] {
            scenario.call(
                .client, .connect, descriptor, [], 1, 90, .failed(number: 111, name: "ECONNREFUSED"),
                peer: Scenario.server)
        }
        #expect(calls(scenario) == ["connect1", "connect2", "connect3"])
    }

    @Test func anICMPErrorStandsInTheConversationThatItQuotes() throws {
        let conversation = try #require(Scenario.udpRefused.conversations.first)
        let scene = Scene(conversation, calls: [])
        #expect(
            scene.rows.map { row -> String in
                switch row.event {
                case .passed(let index):
                    scene.packets[index].error.map { "\($0.name) to \(scene.packets[index].toLane)" }
                        ?? "\(scene.packets[index].number) \(scene.packets[index].from)"
                default: "?"
                }
            } == ["1 client", "port unreachable to 0"])
    }

    @Test func aServerIsNotDrawnBesideConnectionsThatItWasNotThereFor() {
        var scenario = Scenario("two servers one after the other")
        for (index, port) in [1, 2].enumerated() {
            let base = Int64(index) * 1000
            scenario.listen(base, at: Scenario.server)
            scenario.open(base + 20, Endpoint(.v4(.loopback), Port(UInt16(port))), Scenario.server)
            scenario.call(.server, .close, 3, [], base + 90, base + 95, .value(0), local: Scenario.server)
        }
        #expect(calls(scenario) == ["socket1! bind2! listen3! close4!", "socket5! bind6! listen7! close8!", ""])
    }

    /// Programs that others wrote have names of their own; their side is told by their addresses.
    @Test func sidesComeFromAddressesNotFromNames() throws {
        var scenario = Scenario("processes")
        scenario.open(10, Scenario.client, Scenario.server)
        scenario.call("pid 7", .recv, 5, [], 40, 90, .pending, local: Scenario.server, peer: Scenario.client)
        scenario.call("pid 8", .recv, 5, [], 42, 90, .pending, local: Scenario.server, peer: Scenario.client)
        scenario.call("pid 9", .send, 4, [], 45, 90, .value(3), local: Scenario.client, peer: Scenario.server)
        let scene = Scene(try #require(scenario.conversations.first), calls: scenario.calls)
        #expect(scene.lanes[1].programs == ["pid 7", "pid 8"])
        #expect(scene.lanes[0].programs == ["pid 9"])
    }
}
