import Addressing
import Capture

/// One end of a wire of which a file has both: what an interface is, as its description says.
public struct WireEnd: Hashable, Sendable {
    /// `client` or `server`, or the file that `merge` took the packets from.
    public let name: String
    /// The end's own addresses; none where only `merge` tells of it.
    public private(set) var addresses: [IPAddress] = []
    /// Whether it is a wire that netprobe made: only of such a one it is known that it lost what is not in the file.
    public let isOurWire: Bool

    /// How the description of an interface begins that `merge` took from another file: the file's name follows.
    public static let mergedOrigin = "from "

    /// Reads `client end: 10.0.0.1, fd00::1`, which demos and runs write, or `from a.pcapng: …`, which `merge` does;
    /// nil for any other interface.
    public init?(_ interface: CaptureInterface) {
        guard let text = interface.description else { return nil }
        for name in ["client", "server"] where text.hasPrefix("\(name) end: ") {
            let addresses = text.dropFirst("\(name) end: ".count).split(separator: ",").compactMap { part in
                IPAddress(part.drop { $0 == " " })
            }
            if addresses.isEmpty { return nil }
            (self.name, self.addresses, isOurWire) = (name, addresses, true)
            return
        }
        guard text.hasPrefix(Self.mergedOrigin) else { return nil }
        (name, isOurWire) = (String(text.dropFirst(Self.mergedOrigin.count).prefix { $0 != ":" }), false)
    }
}
