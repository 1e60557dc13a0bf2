import Addressing
import Conversations
import Packets
import Probe
import Sockets
import Text

/// A connection and how it came about, as one JSON object.
public enum ConnectJSON {
    /// What was said over the connection.
    public struct Exchange: Sendable {
        /// Bytes that the system took.
        public var sent: Int
        /// Bytes that came, all of them.
        public var receivedCount: Int
        /// The bytes that came, or as many of them as were kept.
        public var received: [UInt8]
        /// How it ended: `finished`, `silent`; nil where it was broken off.
        public var ending: String?
        /// The errno's symbol where it failed.
        public var error: String?

        /// An exchange as it went.
        public init(sent: Int, receivedCount: Int, received: [UInt8], ending: String?, error: String?) {
            self.sent = sent
            self.receivedCount = receivedCount
            self.received = received
            self.ending = ending
            self.error = error
        }
    }

    /// Writes the object on a line.
    /// - Parameters:
    ///   - card: the conversation as it was captured; nil where nothing was.
    public static func write(
        _ race: HappyEyeballs, host: String, port: String, local: Endpoint?, exchange: Exchange?,
        card: Conversation?, to out: inout OutputBuffer
    ) {
        var json = JSONWriter()
        json.beginObject(&out)
        json.member("host", host, &out)
        json.member("port", port, &out)
        json.member("connected", race.winner != nil, &out)
        json.member("local", local.map { "\($0)" }, &out)
        json.member("peer", race.winner.map { "\(race.attempts[$0].endpoint)" }, &out)
        json.key("candidates", &out)
        json.beginArray(&out)
        for attempt in race.attempts {
            json.beginObject(&out)
            json.member("endpoint", "\(attempt.endpoint)", &out)
            json.member("outcome", ConnectText.word(attempt.outcome), &out)
            json.member("time_ns", attempt.duration.map { Int($0) }, &out)
            if case .failed(let error, let queued) = attempt.outcome {
                json.member("error", error.codeName, &out)
                json.member("reason", error.reason, &out)
                json.member(
                    "icmp_from", queued.flatMap { $0.origin == .local ? nil : $0.offender }.map { "\($0)" }, &out)
            }
            json.endObject(&out)
        }
        json.endArray(&out)
        if let exchange {
            json.member("sent_bytes", exchange.sent, &out)
            json.member("received_bytes", exchange.receivedCount, &out)
            json.member("received", String(decoding: exchange.received, as: UTF8.self), &out)
            json.member("ending", exchange.ending, &out)
            json.member("error", exchange.error, &out)
        }
        if let connection = card?.connection {
            json.key("handshake", &out)
            json.beginObject(&out)
            HandshakeJSON.writeMembers(of: connection, &json, to: &out)
            json.endObject(&out)
        }
        json.endObject(&out)
        json.endLine(&out)
    }
}
