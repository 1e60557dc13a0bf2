import Capture
import Packets
import SystemPackage

/// Opens capture files for the commands.
enum CaptureFiles {
    /// Opens a file; `-` is standard input.
    static func open(_ path: String) throws(CommandFailure) -> CaptureFileReader {
        do throws(CaptureFileError) {
            return path == "-" ? try CaptureFileReader(descriptor: .standardInput, name: "standard input") : try CaptureFileReader(path: path)
        } catch {
            throw CommandFailure("\(error)")
        }
    }

    /// Hands every record of a file, dissected, to `body`.
    ///
    /// - Returns: the damage that ended the file early; everything before it was handed out.
    static func read(
        _ path: String, _ body: (RecordHeader, RawSpan, borrowing Dissection, [String]) -> Void
    ) throws(CommandFailure) -> CaptureFileError? {
        var reader = try open(path)
        var dissection = Dissection()
        do throws(CaptureFileError) {
            while let header = try reader.next() {
                Dissector().dissect(reader.bytes, linkType: header.linkType, wireLength: header.wireLength, into: &dissection)
                body(header, reader.bytes, dissection, reader.comments())
            }
        } catch {
            return error
        }
        return nil
    }
}
