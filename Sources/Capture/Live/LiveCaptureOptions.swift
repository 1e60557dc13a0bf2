/// How a device is captured on; each names the libpcap call behind it.
public struct LiveCaptureOptions: Hashable, Sendable {
    /// The most bytes kept of a packet (pcap_set_snaplen). 262,144 keeps every packet whole.
    public var snaplen = 262_144
    /// Also packets that are for others (pcap_set_promisc).
    public var promiscuous = false
    /// Packets are handed over one by one as they come (pcap_set_immediate_mode). On Linux this costs: libpcap then
    /// uses a ring with a slot of the largest packet's size for each packet (TPACKET_V2), and on `lo` 2 MiB are full
    /// after 16 datagrams that come in a burst (measured). Without it packets are packed into blocks (TPACKET_V3)
    /// that are handed over when full or after the timeout, so the last ones come that much later and none is lost.
    public var immediate = false
    /// The kernel's buffer in bytes (pcap_set_buffer_size); `nil` for libpcap's default of 2 MiB on Linux.
    public var bufferSize: Int? = 8 * 1024 * 1024
    /// How long the kernel may collect packets without immediate mode, in milliseconds (pcap_set_timeout).
    public var timeoutMilliseconds = 10
    /// Nanosecond timestamps where the device has them (pcap_set_tstamp_precision), else microseconds.
    public var nanoseconds = true

    /// Only packets that come in, not those that go out (pcap_setdirection). The filter `inbound` is not the same:
    /// libpcap applies a new filter to the next packet itself, where it cannot know the direction, and so loses that
    /// one.
    public var inboundOnly = false

    /// Every option at its default.
    public init() {}
}

/// What a capture counted (pcap_stats).
public struct LiveCaptureStatistics: Hashable, Sendable {
    /// Packets that the filter let through, dropped ones included on Linux.
    public var received: UInt64
    /// Packets that were dropped because the kernel's buffer was full.
    public var dropped: UInt64
    /// Packets that the interface or its driver dropped, where known.
    public var droppedByInterface: UInt64

    /// Counts of one capture.
    public init(received: UInt64 = 0, dropped: UInt64 = 0, droppedByInterface: UInt64 = 0) {
        self.received = received
        self.dropped = dropped
        self.droppedByInterface = droppedByInterface
    }
}
