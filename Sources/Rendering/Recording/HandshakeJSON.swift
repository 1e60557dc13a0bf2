import Conversations
import Text

/// The numbers of a handshake card as members of a JSON object.
enum HandshakeJSON {
    static func writeMembers(of connection: TCPConnection, _ json: inout JSONWriter, to out: inout OutputBuffer) {
        let handshake = connection.handshake
        json.member("complete", handshake.isComplete, &out)
        json.member("client_isn", handshake.syn?.tcp.map { Int($0.sequence.rawValue) }, &out)
        json.member("server_isn", handshake.synACK?.tcp.map { Int($0.sequence.rawValue) }, &out)
        json.member("rtt_ns", handshake.roundTrip.map { Int($0) }, &out)
        json.member("mss_client", handshake.clientOffer?.maximumSegmentSize.map(Int.init), &out)
        json.member("mss_server", handshake.serverOffer?.maximumSegmentSize.map(Int.init), &out)
        json.member("window_scaling", handshake.windowScaling, &out)
        json.member("sack", handshake.sack, &out)
        json.member("timestamps", handshake.timestamps, &out)
        json.member("first_to_close", connection.firstToClose.map { "\($0)" }, &out)
        json.member("client_state", connection.client.state?.rawValue, &out)
        json.member("server_state", connection.server.state?.rawValue, &out)
    }
}
