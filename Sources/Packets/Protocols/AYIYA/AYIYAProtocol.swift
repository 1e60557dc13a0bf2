/// Anything in anything (draft-massar-v6ops-ayiya section 3): four half bytes say how long identity and signature are
/// and what is to be done, the fourth byte is the protocol number of what follows.
enum AYIYAHeader {
    private static let forward: UInt8 = 1

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(8) else { return cursor.cut(.ayiya, required: 8, &layers) }
        let start = cursor.start
        let identity = 1 << Int(record.uint8(at: start) >> 4)
        let length = 8 &+ identity &+ 4 &* Int(record.uint8(at: start &+ 1) >> 4)
        guard cursor.has(length) else { return cursor.cut(.ayiya, required: length, &layers) }
        let operation = record.uint8(at: start &+ 2) & 15
        let number = IPProtocol(rawValue: record.uint8(at: start &+ 3))
        cursor.add(.ayiya, header: length, to: &layers)
        return operation == forward ? .ipProtocol(number) : .data
    }
}

extension ProtocolDescription {
    static let ayiya = ProtocolDescription(
        .ayiya, "ayiya", "Anything in Anything", role: .tunnel,
        attachments: [
            .udpPort(5072)
        ],
        traits: [.claimsRest],
        dissect: AYIYAHeader.dissect)
}
