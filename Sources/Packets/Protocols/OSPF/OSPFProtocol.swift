import Addressing
import Text

extension ProtocolDescription {
    static let ospf = ProtocolDescription(
        .ospf, "ospf", "Open Shortest Path First", role: .network,
        attachments: [.ipProtocol(.ospf)],
        traits: [.claimsRest],
        dissect: OSPFPacket.dissect,
        fields: OSPFFields.all,
        line: .message(needs: OSPFPacket.minimumLength, OSPFFields.write))
}

extension IPProtocol {
    /// Open Shortest Path First.
    public static let ospf = IPProtocol(rawValue: 89)
}
