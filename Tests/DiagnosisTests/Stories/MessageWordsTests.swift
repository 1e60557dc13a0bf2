import Addressing
import Diagnosis
import Packets
import Rendering
import TestSupport
import Testing
import Text

/// What a story says of the messages that a connection carries.
@Suite struct MessageWordsTests {
    private let client = Endpoint(.v4(IPv4Address(10, 0, 0, 1)), 40_000)
    private let server = Endpoint(.v4(IPv4Address(10, 0, 0, 2)), 80)

    /// The sentences about a connection in which the client sends these segments.
    /// - Parameter ending: whether a FIN follows.
    private func told(_ segments: [String], ending: Bool = false) -> String {
        var traffic = TestTraffic()
        traffic.add(at: TestClock.at(0), TestPacket.tcp(client, server, .syn, seq: 1000))
        traffic.add(at: TestClock.at(1), TestPacket.tcp(server, client, [.syn, .ack], seq: 5000, ack: 1001))
        traffic.add(at: TestClock.at(2), TestPacket.tcp(client, server, .ack, seq: 1001, ack: 5001))
        var sequence: UInt32 = 1001
        for segment in segments {
            let bytes = Array(segment.utf8)
            traffic.add(
                at: TestClock.at(3),
                TestPacket.tcp(client, server, [.psh, .ack], seq: sequence, ack: 5001, payload: bytes))
            sequence += UInt32(bytes.count)
        }
        if ending {
            traffic.add(at: TestClock.at(4), TestPacket.tcp(client, server, [.fin, .ack], seq: sequence, ack: 5001))
        }
        var diagnosis = CaptureDiagnosis()
        traffic.read(needs: [.analysis, .messages], joins: true) { diagnosis.take($0, $1, $2) }
        diagnosis.finish()
        var sentences: [String] = []
        while let story = diagnosis.next() {
            sentences += story.findings.map { SentenceText.text($0.sentence) }
        }
        return sentences.joined(separator: "\n")
    }

    @Test func pipelinedRequestsAreEachTold() {
        let all = told([(0...2).map { "GET /\($0) HTTP/1.1\r\n\r\n" }.joined()])
        #expect(all.contains("HTTP GET /0 HTTP/1.1; HTTP GET /1 HTTP/1.1; HTTP GET /2 HTTP/1.1"), "\(all)")
        let many = told([(0...6).map { "GET /\($0) HTTP/1.1\r\n\r\n" }.joined()])
        #expect(many.contains("HTTP GET /3 HTTP/1.1 and 3 more"), "\(many)")
    }

    @Test func anAnswerThatEndsWithTheStreamIsToldWhereItWasSent() {
        let all = told(["HTTP/1.1 200 OK\r\n\r\nhello"], ending: true)
        #expect(all.contains("sent 24 bytes: HTTP/1.1 200 OK"), "\(all)")
    }

    @Test func aMessageOfSeveralSegmentsIsToldOnce() {
        let all = told(["POST /u HTTP/1.1\r\nContent-", "Length: 20\r\n\r\n", "GET /evil HTTP/1.1\r\n"])
        #expect(all.contains("in 3 segments"), "\(all)")
        #expect(all.contains("HTTP POST /u HTTP/1.1"), "\(all)")
        #expect(!all.contains("evil"), "\(all)")
    }
}
