import Addressing
import Packets
import Text

/// `--link`: what lies below IP, as tcpdump's -e has it: `02:…:01 > 02:…:02 type 0x8100 vlan 5 priority 0 type 0x800
/// length 64: `.
enum LinkText {
    static func write(
        _ record: RawSpan, _ dissection: borrowing Dissection, wireLength: Int, to out: inout OutputBuffer
    ) {
        guard let first = dissection.layers.first else { return }
        // A preamble of the capture's says nothing: the frame behind it does.
        var start = first
        if case .start = first.kind.link {} else { start = dissection.first(.ethernet) ?? first }
        if case .start(let needs, let write) = start.kind.link, start.range.count >= needs {
            write(start, record, &out)
        } else if let name = first.kind.protocolDescription?.name {
            out.append(text: name)
        } else {
            return
        }
        for layer in dissection.layers {
            if layer.kind.role == .network { break }
            if case .tag(let needs, let write) = layer.kind.link, layer.range.count >= needs {
                write(layer, record, &out)
            }
        }
        out.append(" length ")
        out.append(decimal: UInt64(clamping: wireLength))
        out.append(": ")
    }
}
