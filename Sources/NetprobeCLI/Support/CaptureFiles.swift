import Capture
import SystemPackage

/// Opens capture files for the commands.
enum CaptureFiles {
    /// Opens a file; `-` is standard input.
    static func open(_ path: String) throws(CommandFailure) -> CaptureFileReader {
        do throws(CaptureFileError) {
            return path == "-"
                ? try CaptureFileReader(descriptor: .standardInput, name: "standard input")
                : try CaptureFileReader(path: path)
        } catch {
            throw CommandFailure(error)
        }
    }
}
