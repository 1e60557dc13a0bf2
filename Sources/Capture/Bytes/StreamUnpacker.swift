/// Unpacks a compressed stream piece by piece: compressed bytes go into a buffer of its own, what they give comes out into
/// the window of the block reader. Memory stays the same however long the stream is.
protocol StreamUnpacker: AnyObject {
    /// What the packed format is called in messages.
    var format: StaticString { get }
    /// A part of the stream that stands by itself has ended, and no byte of a next one has been seen: here it may end.
    var isBetweenMembers: Bool { get }
    /// Where the next compressed bytes go; asked for only when all of the last ones are used up.
    var inputRoom: UnsafeMutableRawBufferPointer { get }
    /// So many bytes were put there.
    func received(_ count: Int)
    /// Starts with bytes that were read before anyone knew what they are.
    func take(_ bytes: UnsafeRawBufferPointer)
    /// Unpacks into `room` what the input gives.
    func unpack(into room: UnsafeMutableRawBufferPointer) -> UnpackingStep
}

enum UnpackingStep: ~Copyable {
    case produced(Int)
    case needsInput
    case damaged(String)
}
