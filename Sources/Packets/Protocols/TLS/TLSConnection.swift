/// What is known of a TCP connection in which TLS was found, from its segments before.
struct TLSConnection: Hashable, Sendable {
    /// Records were seen that are no other protocol's.
    private(set) var isFound = false

    /// Reads a segment's payload that is no plain text: it is TLS, even where it is too short to tell.
    /// - Parameter isClaimed: whether port or content already say that it is TLS.
    mutating func settle(_ dissection: inout Dissection, segment index: Int, isClaimed: Bool, _ record: RawSpan) {
        let range = dissection.layers[index].payload
        isFound = isFound || TLSRecords.isLikely(record, range.lowerBound, range.upperBound)
        if !isClaimed { dissection.replaceApplication(of: index, with: .tls) }
    }
}
