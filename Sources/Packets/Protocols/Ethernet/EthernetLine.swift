import Addressing
import Text

/// What `--link` and a title say of an Ethernet frame.
enum EthernetLine {
    static let link = LinkForm.start(needs: EthernetFrame.headerLength) { layer, record, out in
        guard let frame = try? EthernetFrame(record.extracting(layer.range)) else { return }
        frame.source.write(to: &out)
        out.append(" > ")
        frame.destination.write(to: &out)
        if frame.etherType.isLength {
            out.append(" 802.3 payload ")
            out.append(decimal: UInt64(frame.etherType.rawValue))
        } else {
            writeType(frame.etherType.rawValue, &out)
        }
    }

    static let title: TitleWriter = { context, out in
        guard let frame = try? EthernetFrame(context.bytes) else { return }
        out.append(", Src: ")
        frame.source.write(to: &out)
        out.append(", Dst: ")
        frame.destination.write(to: &out)
    }

    /// A number that names what follows.
    static func writeType(_ type: UInt16, _ out: inout OutputBuffer) {
        out.append(" type 0x")
        out.append(hex: UInt64(type))
    }
}
