import Addressing
import Capture

/// One end of a wire of which a file has both: what an interface is, as its description says.
struct WireEnd: Hashable {
    let name: String
    var addresses: [IPAddress] = []
    /// Only a wire of ours is known to have lost what is not in the file.
    var isOurWire: Bool

    /// Reads `client end: 10.0.0.1, fd00::1`, which demos and runs write, or `from a.pcapng: …`, which `merge` does;
    /// nil for any other interface.
    init?(_ interface: CaptureInterface) {
        guard let text = interface.description else { return nil }
        for name in ["client", "server"] where text.hasPrefix("\(name) end: ") {
            let addresses = text.dropFirst("\(name) end: ".count).split(separator: ",").compactMap { part in
                IPAddress(part.drop { $0 == " " })
            }
            if addresses.isEmpty { return nil }
            (self.name, self.addresses, isOurWire) = (name, addresses, true)
            return
        }
        guard text.hasPrefix(MergedFile.origin) else { return nil }
        (name, isOurWire) = (String(text.dropFirst(MergedFile.origin.count).prefix { $0 != ":" }), false)
    }
}
