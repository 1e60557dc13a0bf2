import Addressing
import Sockets

extension InterfaceAddress {
    /// Whether an address lies in the network of this one.
    func contains(_ other: IPAddress) -> Bool {
        guard let prefixLength else { return false }
        switch (address, other) {
        case (.v4(let mine), .v4(let other)):
            guard prefixLength > 0 else { return false }
            return (mine.rawValue ^ other.rawValue) >> UInt32(32 - prefixLength) == 0
        case (.v6(let mine), .v6(let other)):
            guard prefixLength > 0 else { return false }
            return (mine.high ^ other.high) >> UInt64(64 - min(64, prefixLength)) == 0
                && (mine.low ^ other.low) >> UInt64(128 - max(64, prefixLength)) == 0
        default: return false
        }
    }
}
