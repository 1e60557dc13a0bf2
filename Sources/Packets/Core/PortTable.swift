import Addressing

/// Which protocol a port names, where a capture says nothing else.
enum PortTable {
    /// The lower port is the more likely service: it is tried first.
    @inline(__always)
    static func layer(_ transport: Transport, _ source: Port, _ destination: Port) -> LayerKind? {
        let (low, high) = source < destination ? (source, destination) : (destination, source)
        return layer(transport, low.rawValue) ?? layer(transport, high.rawValue)
    }

    private static func layer(_ transport: Transport, _ port: UInt16) -> LayerKind? {
        switch (transport, port) {
        default: nil
        }
    }
}
