import Addressing
import Capture
import Conversations
import Packets

/// Dissects packets and the datagrams that they complete: where a packet brings the last fragment of a datagram, the
/// datagram's layers become layers of this packet, and its bytes stand behind the frame's.
struct PacketDissector: Sendable {
    /// What fragments say of a packet beside its layers.
    struct Fragments: Hashable, Sendable {
        /// The packet with which its datagram was complete, where that was an earlier one; else 0.
        var completedIn: UInt32 = 0
        /// The packets that brought the other fragments of the datagram that this one completes.
        var earlier = EarlierFragments()
    }

    private let dissector: Dissector
    private var reassembler: FragmentReassembler?

    /// - Parameter joins: whether fragments are put together; where not, each packet speaks for itself.
    init(joins: Bool) {
        dissector = Dissector(joinsFragments: joins)
        reassembler = joins ? FragmentReassembler() : nil
    }

    /// Datagrams that were given up because too many fragments waited.
    var givenUp: Int { reassembler?.givenUp ?? 0 }

    /// Takes the next packet.
    /// - Parameters:
    ///   - whole: gets the packet's bytes, where it completes something: where the dissection has sources.
    ///   - isCounted: false for a packet that a filter drops.
    @inline(__always)
    mutating func dissect(
        _ header: borrowing RecordHeader, _ frame: RawSpan, isCounted: Bool = true, into dissection: inout Dissection,
        _ whole: inout PacketBytes
    ) -> Fragments {
        dissector.dissect(frame, linkType: header.linkType, wireLength: header.wireLength, into: &dissection)
        guard case .fragment = dissection.stop else { return Fragments() }
        return join(header, frame, isCounted: isCounted, &dissection, &whole)
    }

    /// Goes on where a dissection stopped at a fragment. Datagrams in datagrams, as tunnels have them, come one after
    /// the other.
    @inline(never)
    mutating func join(
        _ header: borrowing RecordHeader, _ frame: RawSpan, isCounted: Bool = true, _ dissection: inout Dissection,
        _ whole: inout PacketBytes
    ) -> Fragments {
        var fragments = Fragments()
        while case .fragment = dissection.stop, dissection.layers.count < Dissector.maximumDepth {
            let outcome =
                dissection.sources.isEmpty
                ? take(frame, dissection, header, isCounted) : take(whole.all.rawSpan, dissection, header, isCounted)
            switch outcome {
            case .waits, .refused: return fragments
            case .repeats(let completed):
                fragments.completedIn = completed
                return fragments
            case .completes(let datagram):
                fragments.earlier.add(datagram.earlier)
                if dissection.sources.isEmpty { whole.begin(with: frame) }
                let source = whole.append(datagram.bytes, parts: datagram.parts)
                dissector.dissect(whole.all.rawSpan, completing: source, as: datagram.carried, into: &dissection)
            }
        }
        return fragments
    }

    private mutating func take(
        _ packet: RawSpan, _ dissection: borrowing Dissection, _ header: borrowing RecordHeader, _ isCounted: Bool
    ) -> FragmentReassembler.Outcome {
        guard let fragment = DatagramFragment(packet, dissection) else { return .refused }
        return reassembler?.take(
            fragment, in: packet, number: header.number, wireLength: isCounted ? header.wireLength : nil,
            time: header.timestamp?.nanoseconds(since: .epoch)) ?? .refused
    }
}
