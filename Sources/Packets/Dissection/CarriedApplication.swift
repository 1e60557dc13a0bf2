/// What a TCP connection is known to carry, from its segments before: what `PortTable`, which sees one segment, cannot
/// know. What HTTP and TLS remember of it stands in their folders.
///
/// Wireshark 4.0 reads an application's bytes once, and keeps to what it found:
/// - a segment that is sent again or comes out of order carries nothing new, a keep-alive only data;
/// - where HTTP was found it stays, in both directions and at any port; a segment that begins no message continues one,
///   which means something only behind a request;
/// - where TLS was found, and at its own port, what is too short to tell or no plain text is TLS;
/// - an answer in HTTP belongs to the last request, if that has none yet.
///
/// A few bytes a connection, and one look at the segment's first bytes: `TransportAnalyzer` keeps it for the packets of
/// which somebody asks such fields.
public struct CarriedApplication: Hashable, Sendable {
    private var http = HTTPConnection()
    private var tls = TLSConnection()

    /// A connection of which no segment was seen yet.
    public init() {}

    /// Reads again what a segment of the connection carries.
    /// - Parameters:
    ///   - facts: what TCP analysis says of the segment; gets what is known of an answer.
    ///   - packet: its number.
    ///   - time: in nanoseconds since 1970.
    public mutating func settle(
        _ dissection: inout Dissection, _ facts: inout TransportFacts, packet: UInt32, time: Int64, _ record: RawSpan
    ) {
        let marks = facts.marks
        guard let index = dissection.layers.firstIndex(where: { $0.start == facts.tcpLayer && $0.kind == .tcp }) else {
            return
        }
        let segment = dissection.layers[index]
        guard !segment.isPartOfDatagram, !segment.payload.isEmpty, index + 2 >= dissection.layers.count else { return }
        let found = index + 1 < dissection.layers.count ? dissection.layers[index + 1].kind : nil
        if !marks.isDisjoint(with: [.retransmission, .outOfOrder]) {
            dissection.replaceApplication(of: index, with: nil)
            dissection.hidesData = true
        } else if marks.contains(.keepAlive) {
            dissection.replaceApplication(of: index, with: nil)
        } else if http.isFound || found == .http {
            http.settle(&dissection, segment: index, record)
        } else if found == .tls || tls.isFound && found == nil {
            settleTLS(&dissection, index, isClaimed: found == .tls, record)
        }
        if dissection.layers.last?.kind == .http {
            http.noteExchange(dissection.layers[index].payload, record, packet: packet, time: time, &facts.http)
        }
    }

    /// A segment where TLS is expected: what is plain text there is none.
    private mutating func settleTLS(_ dissection: inout Dissection, _ index: Int, isClaimed: Bool, _ record: RawSpan) {
        let range = dissection.layers[index].payload
        if !TLSRecords.isPlainText(record, range) {
            tls.settle(&dissection, segment: index, isClaimed: isClaimed, record)
        } else if HTTPMessage.isLikely(record, range.lowerBound, range.upperBound) {
            http.settle(&dissection, segment: index, record)
        } else {
            dissection.replaceApplication(of: index, with: nil)
        }
    }
}

extension Dissection {
    /// Puts another layer, or none, behind a segment that carries one layer at most.
    /// - Parameter headerLength: how much of the payload is the layer's header; nil for all of it.
    mutating func replaceApplication(of index: Int, with kind: LayerKind?, headerLength: Int? = nil) {
        let segment = layers[index]
        if index + 1 < layers.count {
            if layers[index + 1].kind == kind, headerLength == nil { return }
            layers.removeLast(layers.count - index - 1)
            stop = .complete
        }
        guard let kind else { return }
        var layer = segment
        layer.kind = kind
        layer.start = segment.headerEnd
        layer.headerEnd = headerLength.map { segment.headerEnd &+ Int32(clamping: $0) } ?? segment.end
        layers.append(layer)
    }
}
