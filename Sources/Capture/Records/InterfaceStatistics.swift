import Addressing

/// What an interface counted during a capture: pcapng's Interface Statistics Block. `nil` where nothing was said.
public struct InterfaceStatistics: Hashable, Sendable {
    /// Index into the `interfaces` of the reader or of the copy.
    public var interface: Int
    /// When the counts were taken (the block's own time).
    public var timestamp: Timestamp?
    /// When the capture began (`isb_starttime`).
    public var started: Timestamp?
    /// When the capture ended (`isb_endtime`).
    public var ended: Timestamp?
    /// Packets that the interface received (`isb_ifrecv`).
    public var received: UInt64?
    /// Packets that the interface dropped (`isb_ifdrop`).
    public var droppedByInterface: UInt64?
    /// Packets that the filter accepted (`isb_filteraccept`).
    public var accepted: UInt64?
    /// Packets that the operating system dropped because its buffer was full (`isb_osdrop`).
    public var dropped: UInt64?
    /// Packets handed to the program (`isb_usrdeliv`).
    public var delivered: UInt64?
    /// The block's comments (`opt_comment`), in file order.
    public var comments: [String]

    /// Counts of one interface; what was not counted stays `nil`.
    public init(
        interface: Int = 0, timestamp: Timestamp? = nil, started: Timestamp? = nil, ended: Timestamp? = nil,
        received: UInt64? = nil, droppedByInterface: UInt64? = nil, accepted: UInt64? = nil, dropped: UInt64? = nil,
        delivered: UInt64? = nil, comments: [String] = []
    ) {
        self.interface = interface
        self.timestamp = timestamp
        self.started = started
        self.ended = ended
        self.received = received
        self.droppedByInterface = droppedByInterface
        self.accepted = accepted
        self.dropped = dropped
        self.delivered = delivered
        self.comments = comments
    }
}
