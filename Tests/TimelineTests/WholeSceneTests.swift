import Addressing
import Conversations
import Sockets
import TestSupport
import Testing
import Timeline

/// Everything in one scene: lanes, who owns which end, and what belongs to which conversation.
@Suite struct WholeSceneTests {
    private static func client(_ port: UInt16) -> Endpoint { Endpoint(.v4(.loopback), Port(port)) }
    private static func server(_ port: UInt16) -> Endpoint { Endpoint(.v4(.loopback), Port(port)) }

    /// A chat: two clients, and what one of them sends goes on to the other.
    static var chat: Scenario {
        var scenario = Scenario("chat")
        let (one, other, server) = (client(40_001), client(40_002), server(5000))
        scenario.listen(0, at: server)
        scenario.open(20, one, server)
        scenario.open(60, other, server)
        scenario.call("client", .connect, 4, ["127.0.0.1:5000"], 18, 45, .value(0), local: one, peer: server)
        scenario.call("client/2", .connect, 4, ["127.0.0.1:5000"], 58, 85, .value(0), local: other, peer: server)
        scenario.call("client", .send, 4, ["5 bytes"], 100, 115, .value(5), local: one, peer: server)
        scenario.tcp(105, one, server, [.psh, .ack], 101, 301, length: 5)
        scenario.call("server", .recv, 5, ["1024"], 120, 122, .received(5, from: nil), local: server, peer: one)
        scenario.call("server", .send, 6, ["5 bytes"], 125, 140, .value(5), local: server, peer: other)
        scenario.tcp(130, server, other, [.psh, .ack], 301, 101, length: 5)
        scenario.call(
            "client/2", .recv, 4, ["1024"], 90, 150, .received(5, from: nil), local: other, peer: server)
        return scenario
    }

    private func whole(_ scenario: Scenario, lanesAtMost most: Int = 6) -> Scene {
        SceneBuilder(scenario.conversations, calls: scenario.calls).whole(lanesAtMost: most)
    }

    @Test func aLaneForEachProgramAndWhoOpensStandsLeft() {
        let scene = whole(Self.chat)
        #expect(scene.lanes.map(\.programs) == [["client"], ["client/2"], ["server"]])
        #expect(scene.hosts.count == 1)
        #expect(scene.exchanges.map(\.clientLane) == [0, 1])
        #expect(scene.exchanges.map(\.serverLane) == [2, 2])
        #expect(scene.showsPrograms)
    }

    @Test func everyCallStandsOnceAndEveryPacketBetweenTheLanesOfItsEnds() {
        let scenario = Self.chat
        let scene = whole(scenario)
        var began: [Int] = []
        for row in scene.rows {
            switch row.event {
            case .began(let call), .whole(let call):
                began.append(call.id)
                #expect(scene.lanes[row.lane].programs.contains(call.end))
            case .passed(let index): #expect(row.lane == scene.packets[index].fromLane)
            default: break
            }
        }
        #expect(began.sorted() == scenario.calls.map(\.id).sorted())
        #expect(scene.packets.count == scenario.packets.count)
        #expect(scene.rows.map(\.time) == scene.rows.map(\.time).sorted())
        let onward = scene.packets.filter { $0.segment?.payloadLength == 5 }
        #expect(onward.map { [$0.fromLane, $0.toLane] } == [[0, 2], [2, 1]])
        #expect(onward.map(\.exchange) == [0, 1])
    }

    @Test func callsThatConcernSeveralConversationsAreOfNone() {
        for row in whole(Self.chat).rows {
            if case .whole(let call) = row.event, call.name == .listen { #expect(row.exchange == nil) }
            if case .whole(let call) = row.event, call.name == .recv { #expect(row.exchange != nil) }
        }
    }

    @Test func tooManyLanesAreShared() {
        #expect(whole(Self.chat, lanesAtMost: 2).lanes.map(\.programs) == [["client", "client/2"], ["server"]])
    }

    @Test func oneConversationIsItsOwnScene() {
        let scenario = Scenario.lateAccept
        let scene = whole(scenario)
        #expect(!scene.showsPrograms)
        #expect(scene.lanes.map { $0.endpoint != nil } == [true, true])
    }

    @Test func withoutCallsHostsAreTheLanes() {
        var scenario = Scenario("routed")
        let server = Endpoint(.v4(IPv4Address(rawValue: 0x0a00_0009)), 80)
        for host in [1, 2] as [UInt32] {
            scenario.open(Int64(host) * 100, Endpoint(.v4(IPv4Address(rawValue: 0x0a00_0000 + host)), 999), server)
        }
        let scene = whole(scenario)
        let addresses = scene.lanes.map { "\(scene.hosts[$0.host].addresses[0])" }
        #expect(addresses == ["10.0.0.1", "10.0.0.2", "10.0.0.9"])
        #expect(scene.lanes.allSatisfy { $0.programs.isEmpty })
    }
}
