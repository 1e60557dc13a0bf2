/// What one layer of a packet may cost in any output, stated once.
///
/// A packet may claim far more than its bytes: a DNS message of 64 KB whose names point into one another spells out to
/// megabytes. What lies beyond the budget is not read, and the outputs say so. No ordinary packet comes near.
public enum PacketBudget {
    /// Parts that are read: messages, questions, records, options, header lines. A DNS message of 64 KB has room for
    /// 4,096 records of IPv4 addresses.
    public static let parts = 4096
    /// Characters that domain names spell out to, and labels and pointers followed on the way, together.
    public static let names = 1 << 18
    /// Pairs of values that a filter compares or calculates with, where it puts one field of a packet beside another.
    public static let pairs = 1 << 16
}
