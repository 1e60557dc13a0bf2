import Testing

@testable import Packets

/// What the list of protocols promises to whoever compiles tables from it.
@Suite struct ProtocolsTests {
    @Test func everyKindIsDescribedOnce() {
        #expect(Protocols.all.map(\.kind).sorted { $0.rawValue < $1.rawValue } == LayerKind.allCases)
    }

    /// Fields of one name are read from the record first, and from remarks last.
    @Test func recordFirstRemarksLast() {
        #expect(Protocols.all.first?.role == .record)
        let firstRemark = Protocols.all.firstIndex { $0.role == .remark } ?? 0
        #expect(Protocols.all[firstRemark...].allSatisfy { $0.role == .remark })
    }

    @Test func noTwoProtocolsAreAttachedAtOnePoint() {
        var owners: [Packets.Attachment.Point: LayerKind] = [:]
        for description in Protocols.all {
            for point in description.attachments.flatMap(\.points) {
                if case .content = point { continue }
                #expect(owners.updateValue(description.kind, forKey: point) == nil, "\(point)")
            }
        }
    }

    /// A port in the list of others' that a protocol here has taken is a leftover.
    @Test func portsOfOthersAreNobodysHere() {
        for point in Protocols.all.flatMap(\.attachments).flatMap(\.points) {
            switch point {
            case .udpPort(let port): #expect(!PortsOfOthers.udp.contains { $0.port == port }, "UDP \(port)")
            case .tcpPort(let port): #expect(!PortsOfOthers.tcp.contains { $0.port == port }, "TCP \(port)")
            default: break
            }
        }
    }

    /// A cell that names a field finds it.
    @Test func headerBoxesHaveWholeBytes() {
        let header = [UInt8](repeating: 0, count: 8) + [UInt8](repeating: 0xff, count: 60)
        for description in Protocols.all {
            guard let layout = description.box?(header.rawSpan) else { continue }
            let bits = layout.cells.reduce(0) { $0 + $1.bits }
            #expect(bits > 0 && bits % (description.role == .link ? 8 : 32) == 0, "\(description.name)")
        }
    }

    @Test func numberTableFindsWhatItHas() {
        var table = NumberTable()
        for number in [9, 3, 7, 3, 1] as [UInt32] { table[number] = EntryID(rawValue: UInt16(number) + 100) }
        for number in 0...10 as ClosedRange<UInt32> {
            let isThere = [1, 3, 7, 9].contains(number)
            #expect(table[number] == (isThere ? EntryID(rawValue: UInt16(number) + 100) : .none))
        }
    }
}
