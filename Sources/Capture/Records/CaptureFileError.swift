import SystemPackage
import Text

/// Why a capture file could not be read any further. Every record before `offset` has been handed out.
public struct CaptureFileError: Error, Hashable, Sendable {
    /// What can be wrong with a file.
    public enum Kind: Hashable, Sendable {
        /// `open` failed.
        case cannotOpen(Errno)
        /// `read` failed.
        case cannotRead(Errno)
        /// The first bytes are of no capture format.
        case notACapture
        /// The file ends within a record. A file that is still being written may have more later: call `next` again.
        case truncated
        /// The file contradicts its format.
        case malformed
        /// A capture, but of a version or kind that is not read here.
        case unsupported
    }

    /// What is wrong with this one.
    public let kind: Kind
    /// The file, as it was named on opening.
    public let file: String
    /// Where in the file (in a compressed file: in the unpacked data) the trouble starts; `nil` where that means
    /// nothing.
    public let offset: UInt64?
    /// What is wrong, without file and offset.
    public let message: String

    /// An error at a place of a file.
    public init(kind: Kind, file: String, offset: UInt64?, message: String) {
        self.kind = kind
        self.file = file
        self.offset = offset
        self.message = message
    }
}

extension CaptureFileError: CustomStringConvertible {
    /// One line: the file, the byte offset, what is wrong. Safe for a terminal.
    public var description: String {
        let place = offset.map { " at byte \($0)" } ?? ""
        return "\(file.escapedForDisplay): \(message)\(place)"
    }
}
