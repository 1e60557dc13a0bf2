import Capture
import Packets

/// A filter in tcpdump's language over packets of any link types: compiled for each when its first packet comes.
public struct CaptureFilterSet {
    private let text: String
    private var filters: [CaptureFilter] = []
    private var current: CaptureFilter?

    /// - Parameters:
    ///   - text: the filter as tcpdump takes it.
    ///   - linkType: what the first packets are expected to be; nil where that is not known.
    /// - Throws: where the filter does not compile: its syntax is wrong.
    public init(_ text: String, for linkType: LinkType?) throws(CaptureDeviceError) {
        self.text = text
        let first = try CaptureFilter(text, linkType: linkType ?? .ethernet)
        filters.append(first)
        current = first
    }

    /// Whether a packet passes.
    /// - Throws: where the filter has no meaning for the packet's link type.
    public mutating func matches(_ header: RecordHeader, _ bytes: RawSpan) throws(CaptureDeviceError) -> Bool {
        if let current, current.linkType == header.linkType {
            return current.matches(bytes: bytes, wireLength: header.wireLength)
        }
        if let known = filters.first(where: { $0.linkType == header.linkType }) {
            current = known
        } else {
            let new = try CaptureFilter(text, linkType: header.linkType)
            filters.append(new)
            current = new
        }
        return current?.matches(bytes: bytes, wireLength: header.wireLength) ?? false
    }
}
