import Addressing
import Conversations
import Sockets
import Testing
import TestSupport
import Timeline

@Suite struct CallSegmentAlignerTests {
    @Test func everyCallOfTheEchoFindsItsPackets() {
        let placements = CallSegmentAligner.place(EchoCalls.all, on: EchoExchange.packets)
        let relations = placements.map { "\($0.call.name) \($0.relation)" }
        #expect(relations == [
            "socket nearest(0)", "bind nearest(0)", "listen nearest(0)", "accept causedBy([2])", "socket nearest(0)",
            "connect caused([0])", "send caused([3])", "recv causedBy([3])", "recv causedBy([5])", "send caused([5])",
            "recv causedBy([7])", "close caused([7])", "close caused([8])", "close nearest(9)",
        ])
    }

    @Test func withoutPacketsNothingIsClaimed() {
        #expect(CallSegmentAligner.place(EchoCalls.all, on: []).allSatisfy { $0.relation == .none })
    }
}

@Suite struct SequenceDiagramTests {
    @Test func rowsStandInTheMeasuredOrderWithStates() throws {
        let conversation = try #require(Conversation.all(in: EchoExchange.packets).first)
        let diagram = SequenceDiagram(conversation, calls: EchoCalls.all)
        let rows = diagram.rows.map { row -> String in
            switch row.event {
            case .began(let call, _): "\(call.name)…"
            case .returned(let call, _): "…\(call.name)"
            case .whole(let call, _): "\(call.name)"
            case .packet(let packet, _, _, _): "#\(packet.number)"
            }
        }
        #expect(rows == [
            "socket", "bind", "listen", "accept…", "socket", "connect…", "#1", "#2", "#3", "…connect", "…accept", "recv…", "send…", "#4", "#5",
            "…send", "recv…", "…recv", "send…", "#6", "#7", "…send", "recv…", "…recv", "close…", "#8", "…close", "…recv", "close…", "#9", "#10", "…close", "close",
        ])
        #expect(diagram.rows.first { $0.serverState == .listen }.map { $0.event } == .whole(EchoCalls.all[2], .server))
    }
}
