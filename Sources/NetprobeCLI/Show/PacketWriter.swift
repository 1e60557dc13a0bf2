import Packets
import Rendering
import Text

/// Writes packets one after the other in one shape: lines, fields or JSON.
protocol PacketWriter: SendableMetatype {
    mutating func write(
        _ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts,
        _ notes: borrowing PacketNotes,
        to out: inout OutputBuffer)
}

extension PacketPrinter: PacketWriter {}
extension FieldTable: PacketWriter {}
extension PacketJSON: PacketWriter {}
