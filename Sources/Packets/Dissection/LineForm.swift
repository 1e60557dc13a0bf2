import Text

/// What a packet's line says of a protocol's layer. The words are written in the protocol's folder; where they stand,
/// and what stands between them, is the line's.
public enum LineForm: Sendable {
    /// Writes the words for a layer, of which as many bytes are there as its form says.
    public typealias Writer = @Sendable (_ layer: LayerRange, _ record: RawSpan, _ out: inout OutputBuffer) -> Void

    /// Writes what a program says.
    public typealias WordsWriter =
        @Sendable (_ layer: LayerRange, _ record: RawSpan, _ text: inout SummaryText) -> Void

    /// Nothing of its own: the protocol's name stands for it where nothing else says what the packet is.
    case name
    /// Nearly every packet has it, so the line knows it by itself.
    case core
    /// A message behind the addresses of IP: ` ICMP echo request`.
    /// - hasPorts: it begins with the two ports, which are written with the addresses.
    case message(needs: Int, hasPorts: Bool = false, Writer)
    /// A message with addresses of its own: `ARP request who has`.
    case statement(needs: Int, Writer)
    /// A tunnel's header, between the outer addresses and the packet inside: ` VXLAN vni 5`.
    case tunnel(Writer)
    /// What a program says, behind the words for the transport: `DNS query A example.com`.
    case words(WordsWriter)
    /// A frame, where it carries nothing that has a line of its own.
    case frame(needs: Int, Writer)
}

/// What `--link` says of a layer below IP.
public enum LinkForm: Sendable {
    /// Nothing.
    case none
    /// How the frame begins: from which address to which.
    case start(needs: Int, LineForm.Writer)
    /// A tag or label behind that: ` vlan 5 priority 0`.
    case tag(needs: Int, LineForm.Writer)
}

/// What stands behind a layer's full name in the tree: `, Src Port: 53, Dst Port: 40000`.
public typealias TitleWriter = @Sendable (_ context: borrowing LayerContext, _ out: inout OutputBuffer) -> Void
