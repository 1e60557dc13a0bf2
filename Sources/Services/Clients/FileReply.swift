/// What `FileServer` answers to GET, read from a stream that may be cut anywhere; no input or output of its own.
public struct FileReply: Sendable {
    private let offset: Int64
    private var line: [UInt8] = []
    private var missing: Int64 = 0
    private var stage = Stage.status

    private enum Stage: Sendable { case status, content, digest, over }

    /// The whole file's size, once it is known.
    public private(set) var size: Int64?
    /// Why there is no file.
    public private(set) var error: String?
    /// The whole file's SHA-256 as the server has it; the answer is over then.
    public private(set) var digest: String?

    /// - Parameter offset: where the answer begins, as it was asked for.
    public init(from offset: Int64) { self.offset = offset }

    /// Whether the answer is complete: a refusal, or a file with its digest.
    public var isOver: Bool { stage == .over }

    /// What is refused where the asker has more of the file than there is.
    static func tooShort(_ size: Int64) -> String { "\(shorter)\(size) bytes" }

    /// Whether a refusal says that: the asker has the beginning of another version.
    public static func saysFileIsShorter(_ refusal: String) -> Bool { refusal.hasPrefix(shorter) }

    private static let shorter = "the file has only "

    /// Takes the next piece and hands on the content in it. False: this is no answer of a file server.
    public mutating func take<E>(_ bytes: Span<UInt8>, content: (Span<UInt8>) throws(E) -> Void) throws(E) -> Bool {
        var start = 0
        while start < bytes.count {
            switch stage {
            case .content:
                let count = Int(min(missing, Int64(bytes.count - start)))
                try content(bytes.extracting(start..<start + count))
                start += count
                missing -= Int64(count)
                if missing == 0 { stage = .digest }
            case .status, .digest:
                let byte = bytes[start]
                start += 1
                if byte == UInt8(ascii: "\n") {
                    if !read(String(decoding: line, as: UTF8.self)) { return false }
                    line = []
                } else {
                    line.append(byte)
                    if line.count > 4096 { return false }
                }
            case .over:
                return false
            }
        }
        return true
    }

    private mutating func read(_ line: String) -> Bool {
        if stage == .digest {
            guard line.utf8.count == 64, line.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
            else { return false }
            digest = line
            stage = .over
            return true
        }
        if line.hasPrefix("ERROR ") {
            error = String(line.dropFirst(6))
            stage = .over
            return true
        }
        guard line.hasPrefix("OK "), let size = Int64(line.dropFirst(3)), size >= offset else { return false }
        self.size = size
        missing = size - offset
        stage = missing > 0 ? .content : .digest
        return true
    }
}
