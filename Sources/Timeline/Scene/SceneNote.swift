extension Scene {
    /// What is to be said of a packet that was captured where it left and where it arrived, or should have.
    public enum Note: Hashable, Sendable {
        /// Sent again because no answer came in time; how long after the last time, in nanoseconds.
        case timer(wait: Int64?)
        /// Sent again because so many duplicate ACKs had come.
        case fastRetransmission(duplicates: Int, wait: Int64?)
        /// A SYN-ACK sent again because the SYN had come again.
        case answersAgain
        /// Sent again while loss is being repaired.
        case recovery(wait: Int64?)
        /// An ACK that asks once more for what is missing.
        case duplicateACK(Int)
        case zeroWindow
        case zeroWindowProbe
        case windowUpdate
        case keepAlive
        /// It arrived with a wrong checksum.
        case damaged
        /// So many packets that left later arrived earlier.
        case overtaken(by: Int)
        /// What the wire itself says that it did.
        case wire(String)

        /// Whether the packet was sent because an earlier one, or its answer, did not arrive.
        public var isRepair: Bool {
            switch self {
            case .timer, .fastRetransmission, .recovery, .answersAgain: true
            default: false
            }
        }

        /// Whether a transfer goes on as transfers do: what is overtaken or asked for again is a consequence, told
        /// where it begins.
        var isOrdinary: Bool {
            switch self {
            case .duplicateACK, .overtaken, .windowUpdate: true
            default: false
            }
        }
    }
}
