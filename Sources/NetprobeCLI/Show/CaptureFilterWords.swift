import Analysis
import Capture
import Packets
import SystemPackage
import Text

extension CaptureFilterSet {
    /// The filter that a command line's words make; nil where there are none.
    static func of(_ words: [String], for reader: borrowing CaptureFileReader) throws(CommandFailure)
        -> CaptureFilterSet?
    {
        guard let first = words.first else { return nil }
        let text = words.joined(separator: " ")
        do throws(CaptureDeviceError) {
            return try CaptureFilterSet(text, for: reader.interfaces.first?.linkType)
        } catch {
            if (try? FilePath(first).stat()) != nil {
                throw CommandFailure("\(first): is a file, not a filter; name one capture at a time")
            }
            if (try? DisplayFilter(text)) != nil {
                throw CommandFailure("\(error) (this is a display filter: -Y \(text.asShellWord))")
            }
            throw CommandFailure(error)
        }
    }
}
