import Packets

/// The beginning of a payload, where that is text: the words that a program sent.
public struct PayloadText: Hashable, Sendable {
    /// So many bytes are looked at.
    public static let limit = 40

    /// The text, as it was sent; empty where the payload is none. It may hold anything: escape it.
    public let text: String
    /// Whether the payload goes on behind it.
    public let isCut: Bool

    /// Whether the payload is empty, or no text.
    public var isEmpty: Bool { text.isEmpty }
    /// In quotation marks, with an ellipsis where it goes on.
    public var quoted: String { isCut ? "\"\(text)…\"" : "\"\(text)\"" }

    /// Looks at the beginning of a payload.
    public init(_ payload: RawSpan) {
        self.init((0..<min(Self.limit, payload.byteCount)).map { payload.uint8(at: $0) }, of: payload.byteCount)
    }

    /// The same of bytes that are all there is.
    public init(_ bytes: [UInt8]) { self.init(Array(bytes.prefix(Self.limit)), of: bytes.count) }

    private init(_ bytes: [UInt8], of length: Int) {
        var bytes = bytes
        // A character that the limit cut through is left out.
        if length > bytes.count, let start = bytes.lastIndex(where: { $0 & 0xc0 != 0x80 }), bytes[start] >= 0xc0 {
            bytes.removeSubrange(start...)
        }
        let text = String(validating: bytes, as: UTF8.self) ?? ""
        self.text = text.unicodeScalars.allSatisfy(Self.isText) ? text : ""
        isCut = length > bytes.count
    }

    private static func isText(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control: scalar == "\n" || scalar == "\r" || scalar == "\t"
        case .unassigned, .privateUse, .surrogate, .format: false
        default: true
        }
    }
}
