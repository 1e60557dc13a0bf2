import Addressing
import Capture

/// How the senders of a capture number their packets, and whose packets are there twice: what must be known before a
/// packet without an identification can be called a copy.
public struct CopyEvidence: Sendable {
    struct Sender: Sendable {
        /// Packets that are no copies.
        var originals = 0
        /// Those of which there is exactly one more, at the same place.
        var doubled = 0
        /// The same of packets that their sender's system would not send twice at once.
        var firmOriginals = 0
        var firmDoubled = 0
        /// How many carry the identification of the packet before, which was another one.
        var repeatedIdentifications = 0
        var lastIdentification: UInt16 = 0

        /// Whether its identifications tell packets apart: systems and programs that number nothing write a constant.
        var identifies: Bool { repeatedIdentifications * 2 < max(1, originals) }

        /// Whether most of what it sent is there twice, so that the capture doubles and not the sender: three of four
        /// packets, and at least three.
        var isDoubled: Bool { firmDoubled >= 3 && firmDoubled * 4 >= firmOriginals * 3 }
    }

    /// A capture that doubles packets does so from the beginning: so many packets are looked at.
    private static let surveyed = 2048
    private static let mostSenders = 4096

    private(set) var senders: [UInt32: Sender] = [:]

    /// Nothing is known.
    public init() {}

    /// What the first packets of a capture show.
    public init(of reader: consuming CaptureFileReader) {
        let seed: UInt64 = 0x5eed
        var finder = CopyFinder(nil, seed: seed)
        var left = Self.surveyed
        // Damage is reported when the packets are read.
        while left > 0, let header = try? reader.next() {
            left -= 1
            guard header.kind == .packet, let print = PacketFingerprint(reader.bytes, header, seed: seed) else {
                continue
            }
            _ = finder.original(of: print, header)
        }
        self = finder.evidence
    }

    subscript(sender: UInt32) -> Sender { senders[sender] ?? Sender() }

    mutating func noteOriginal(_ packet: PacketFingerprint) {
        guard senders.count < Self.mostSenders || senders[packet.sender] != nil else { return }
        let numbered = packet.identification
        let firm = Self.isFirm(packet)
        senders[packet.sender, default: Sender()].note(numbered, isFragment: packet.isFragment, isFirm: firm)
    }

    /// Takes how many more there are of an original, at the same place.
    mutating func noteTwin(_ packet: PacketFingerprint, count: Int) {
        guard count <= 2 else { return }
        let change = count == 1 ? 1 : -1
        senders[packet.sender]?.doubled += change
        if Self.isFirm(packet) { senders[packet.sender]?.firmDoubled += change }
    }

    private static func isFirm(_ packet: PacketFingerprint) -> Bool { packet.isFirm || packet.identification != 0 }

    /// Whether most packets of a capture are there twice, though nothing tells that they were not sent twice.
    var isAmbiguous: Bool {
        let (doubled, originals) = senders.values.reduce((0, 0)) { ($0.0 + $1.doubled, $0.1 + $1.originals) }
        return doubled >= 3 && doubled * 4 >= originals * 3
    }
}

extension CopyEvidence.Sender {
    fileprivate mutating func note(_ identification: UInt16, isFragment: Bool, isFirm: Bool) {
        originals += 1
        if isFirm { firmOriginals += 1 }
        if identification != 0, identification == lastIdentification, !isFragment { repeatedIdentifications += 1 }
        lastIdentification = isFragment ? 0 : identification
    }
}
