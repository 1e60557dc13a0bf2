import Addressing
import Text
import Timeline

/// What a wire between two hosts did, as one JSON object a line.
public enum CrossingJSON {
    /// `{"type":"crossing", …}`: a packet's way from one host to the other: when it left, and when each copy arrived.
    /// - Parameter stream: only this conversation's; nil: all.
    public static func write(_ scenes: SceneBuilder, of stream: Int? = nil, to out: inout OutputBuffer) {
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

    /// `{"type":"wire", …}`: what the wire did with the packets of one direction.
    /// - Parameter sender: `client` or `server`.
    public static func write(_ tally: WireTally, from sender: String, to out: inout OutputBuffer) {
        var json = JSONWriter()
        json.beginObject(&out)
        json.member("type", "wire", &out)
        json.member("from", sender, &out)
        json.member("packets", tally.packets, &out)
        json.member("lost", tally.lost, &out)
        json.member("doubled", tally.doubled, &out)
        json.member("damaged", tally.damaged, &out)
        json.member("held_back", tally.heldBack, &out)
        json.endObject(&out)
        json.endLine(&out)
    }
}
