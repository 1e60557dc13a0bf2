import Packets

/// Packets that were copied out of a capture file together, to be worked on while the file is read on: their headers,
/// and their bytes one behind the other. Reused from batch to batch, so that nothing is allocated once it has its size.
public struct RecordBatch: Sendable {
    /// Enough packets that handing a batch from thread to thread costs nothing beside the work on it, and few enough
    /// that it stays in the processor's cache.
    public static let packetLimit = 768
    static let byteLimit = 192 * 1024

    private let limit: Int

    /// The packets' headers, in file order.
    public private(set) var headers: [RecordHeader] = []
    private var storage: [UInt8] = []
    /// Where the bytes of each packet end in `storage`.
    private var ends: [Int] = []

    /// An empty batch with room for a full one.
    /// - Parameter limit: how many packets are full.
    public init(limit: Int = RecordBatch.packetLimit) {
        self.limit = limit
        headers.reserveCapacity(limit)
        ends.reserveCapacity(limit)
        storage.reserveCapacity(Self.byteLimit + 65_536)
    }

    /// How many packets are in it.
    public var count: Int { headers.count }

    var isFull: Bool { headers.count >= limit || storage.count >= Self.byteLimit }

    /// The captured bytes of a packet.
    @_lifetime(borrow self)
    public func bytes(at index: Int) -> RawSpan {
        storage.rawSpan.extracting((index == 0 ? 0 : ends[index - 1])..<ends[index])
    }

    /// Empties it and keeps the room.
    public mutating func removeAll() {
        headers.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        storage.removeAll(keepingCapacity: true)
    }

    mutating func append(_ header: borrowing RecordHeader, from reader: borrowing CaptureFileReader) {
        headers.append(copy header)
        reader.appendBytes(to: &storage)
        ends.append(storage.count)
    }
}

extension CaptureFileReader {
    /// Reads on until the batch is full or the file ends. What the batch held before is gone; where an error is thrown,
    /// it holds the packets before the damage.
    public mutating func next(into batch: inout RecordBatch) throws(CaptureFileError) {
        batch.removeAll()
        var header = RecordHeader.none
        while !batch.isFull, try next(into: &header) { batch.append(header, from: self) }
    }
}
