/// Unpacks a compressed stream piece by piece. Compressed bytes go into a buffer of its own, unpacked ones into the
/// window of the block reader. Memory stays the same however long the stream is.
protocol StreamUnpacker: AnyObject {
    /// What the packed format is called in messages.
    var format: StaticString { get }
    /// A part of the stream that stands by itself has ended, and no byte of a next one has been seen: here it may end.
    var isBetweenMembers: Bool { get }
    /// What it unpacks.
    var input: PackedInput { get }
    /// Unpacks into `room` what the input gives.
    func unpack(into room: UnsafeMutableRawBufferPointer) -> UnpackingStep
}

enum UnpackingStep: ~Copyable {
    case produced(Int)
    case needsInput
    case damaged(String)
}
