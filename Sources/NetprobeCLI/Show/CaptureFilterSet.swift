import Capture
import Packets
import Rendering
import SystemPackage
import Text

/// A filter in tcpdump's language over a file of any link types: compiled for each when its first packet comes.
struct CaptureFilterSet {
    private let text: String
    private var filters: [CaptureFilter] = []
    private var current: CaptureFilter?

    /// - Throws: where the filter compiles for no link type: its syntax is wrong.
    init(_ text: String, for linkType: LinkType?) throws(CommandFailure) {
        self.text = text
        current = try Self.compile(text, linkType ?? .ethernet)
        if let current { filters.append(current) }
    }

    /// The filter that a command line's words make; nil where there are none.
    static func of(_ words: [String], for reader: borrowing CaptureFileReader) throws(CommandFailure)
        -> CaptureFilterSet?
    {
        guard let first = words.first else { return nil }
        let text = words.joined(separator: " ")
        do throws(CommandFailure) {
            return try CaptureFilterSet(text, for: reader.interfaces.first?.linkType)
        } catch {
            if (try? FilePath(first).stat()) != nil {
                throw CommandFailure("\(first): is a file, not a filter; name one capture at a time")
            }
            if (try? DisplayFilter(text)) != nil {
                throw CommandFailure("\(error.message) (this is a display filter: -Y \(text.asShellWord))")
            }
            throw error
        }
    }

    private static func compile(_ text: String, _ linkType: LinkType) throws(CommandFailure) -> CaptureFilter {
        do throws(CaptureDeviceError) { return try CaptureFilter(text, linkType: linkType) } catch {
            throw CommandFailure("\(error)")
        }
    }

    mutating func matches(_ header: RecordHeader, _ bytes: RawSpan) throws(CommandFailure) -> Bool {
        if let current, current.linkType == header.linkType {
            return current.matches(bytes: bytes, wireLength: header.wireLength)
        }
        if let known = filters.first(where: { $0.linkType == header.linkType }) {
            current = known
        } else {
            let new = try Self.compile(text, header.linkType)
            filters.append(new)
            current = new
        }
        return current?.matches(bytes: bytes, wireLength: header.wireLength) ?? false
    }
}
