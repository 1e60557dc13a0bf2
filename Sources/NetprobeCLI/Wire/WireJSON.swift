import Addressing
import Lab
import Rendering
import Text
import Timeline

/// What a wire between two hosts did, as one JSON object a line.
enum WireJSON {
    /// `{"type":"crossing", …}`: a packet's way from one host to the other: when it left, and when each copy arrived.
    /// - Parameter stream: only this conversation's; nil: all.
    static func write(_ scenes: SceneBuilder, of stream: Int? = nil, to out: inout OutputBuffer) {
        var json = JSONWriter()
        for index in 0..<scenes.count where stream.map({ $0 == index }) ?? true {
            for packet in scenes.scene(of: index).packets {
                json.beginObject(&out)
                json.member("type", "crossing", &out)
                json.member("number", packet.number, &out)
                json.member("conversation", index, &out)
                json.member("from", packet.from == .client ? "client" : "server", &out)
                json.member("left", packet.left.map { "\($0)" }, &out)
                json.key("arrived", &out)
                json.beginArray(&out)
                for time in packet.arrived { json.value("\(time)", &out) }
                json.endArray(&out)
                json.member("lost", packet.isLost, &out)
                json.key("notes", &out)
                json.beginArray(&out)
                for text in PassageText.texts(of: packet) { json.value(text, &out) }
                json.endArray(&out)
                json.endObject(&out)
                json.endLine(&out)
            }
        }
    }

    /// `{"type":"wire", …}`, one for each direction: what the forwarder counted.
    static func write(_ wire: WireRecording, to out: inout OutputBuffer) {
        guard let log = wire.log else { return }
        var json = JSONWriter()
        for direction in WireDirection.allCases {
            let entries = log.entries.filter { $0.fate.direction == direction && $0.frame.kind != .housekeeping }
            json.beginObject(&out)
            json.member("type", "wire", &out)
            json.member("from", direction == .up ? "client" : "server", &out)
            json.member("packets", entries.count, &out)
            json.member("lost", entries.count { $0.fate.isLost }, &out)
            json.member("doubled", entries.count { $0.fate.isDuplicated }, &out)
            json.member("damaged", entries.count { $0.fate.isCorrupted }, &out)
            json.member("held_back", entries.count { $0.fate.heldBack > 0 }, &out)
            json.endObject(&out)
            json.endLine(&out)
        }
    }
}
