import Sockets

/// What a logic wants done in answer to an event. The driver makes one and uses it again and again.
public struct ServiceAnswer: Sendable {
    /// What is to be sent first.
    public private(set) var bytes: [UInt8] = []
    /// What is to be sent after `bytes`, in order; empty for most services.
    public private(set) var parts: [AnswerPart] = []
    /// What goes to others.
    public private(set) var letters: [Letter] = []
    /// What the operator of the server is told.
    public private(set) var remarks: [Remark] = []
    /// Whether anything was answered. An empty datagram is an answer too.
    public private(set) var isGiven = false
    /// Whether the connection is to be closed once everything is sent.
    public private(set) var closes = false

    /// What goes to another member of a group.
    public struct Letter: Sendable {
        /// To whom.
        public let member: MemberID
        /// What is sent.
        public let bytes: [UInt8]
    }

    /// Nothing is answered.
    public init() {}

    /// Sends bytes after those already answered.
    public mutating func send(_ more: Span<UInt8>) {
        isGiven = true
        if parts.isEmpty {
            bytes.append(copying: more)
        } else {
            var copy: [UInt8] = []
            copy.append(copying: more)
            parts.append(.bytes(copy))
        }
    }

    /// Sends text as UTF-8.
    public mutating func send(_ text: String) {
        isGiven = true
        if parts.isEmpty { bytes.append(contentsOf: text.utf8) } else { parts.append(.bytes(Array(text.utf8))) }
    }

    /// Sends bytes that are kept elsewhere too, without copying them: a long text that many clients ask for is in
    /// memory once.
    public mutating func send(shared more: [UInt8]) {
        isGiven = true
        parts.append(.bytes(more))
    }

    /// Sends a region of an open file.
    public mutating func send(_ region: FileRegion) {
        isGiven = true
        parts.append(.file(region))
    }

    /// Sends the SHA-256 of a whole file as 64 hexadecimal digits.
    public mutating func send(digestOf file: OpenFile) {
        isGiven = true
        parts.append(.digest(file))
    }

    /// Sends bytes to another member of the group.
    public mutating func send(_ bytes: [UInt8], to member: MemberID) {
        letters.append(Letter(member: member, bytes: bytes))
    }

    /// Tells the operator of the server.
    public mutating func remark(_ remark: Remark) { remarks.append(remark) }

    /// Ends the connection from this side.
    public mutating func close() { closes = true }

    /// Makes it empty and keeps its memory.
    public mutating func reset() {
        bytes.removeAll(keepingCapacity: true)
        if !parts.isEmpty { parts.removeAll(keepingCapacity: true) }
        if !letters.isEmpty { letters.removeAll(keepingCapacity: true) }
        if !remarks.isEmpty { remarks.removeAll(keepingCapacity: true) }
        isGiven = false
        closes = false
    }
}

/// A piece of an answer.
public enum AnswerPart: Sendable {
    case bytes([UInt8])
    /// The driver reads the file as it sends, or lets the system do both (sendfile).
    case file(FileRegion)
    /// The driver works the digest out beside its other work.
    case digest(OpenFile)
}

/// Some octets of an open file.
public struct FileRegion: Sendable {
    /// The file, which stays open as long as this value.
    public let file: OpenFile
    /// Where the region begins, in octets.
    public var offset: Int64
    /// How many octets it has.
    public var count: Int64

    /// - Parameters:
    ///   - offset: where it begins, in octets.
    ///   - count: how many octets it has.
    public init(_ file: OpenFile, offset: Int64, count: Int64) {
        self.file = file
        self.offset = offset
        self.count = count
    }
}

/// What a logic tells the operator of the server.
public enum Remark: Hashable, Sendable {
    /// What a client sent, where the service is to print it.
    case data([UInt8])
    /// One line. Parts that a client chose are not escaped: that is for whoever writes it.
    case text(String)
}
