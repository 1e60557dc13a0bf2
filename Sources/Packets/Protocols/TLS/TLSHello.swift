import Addressing

/// A Client Hello or Server Hello (RFC 8446 sections 4.1.2 and 4.1.3), read as far as it is here.
///
///     legacy version (2), random (32), session id <0..32>,
///     client: cipher suites <2..>, compression methods <1..>      server: cipher suite (2), compression method (1)
///     extensions <8..>: type (2), length (2), data …
struct TLSHello {
    let isClient: Bool
    let version: UInt16
    /// The random bytes, in the record.
    let random: Range<Int>
    /// The session's identifier, which may be empty; nil where it is not here in full.
    private(set) var session: Range<Int>?
    /// The cipher suites, two bytes each.
    private(set) var cipherSuites = 0..<0
    /// What a client's lists claim to be long, and the extensions of both; nil where that is not here.
    private(set) var cipherSuitesLength: UInt16?
    private(set) var compressionsLength: UInt8?
    private(set) var extensionsLength: UInt16?
    /// The compression methods, a byte each; a server's has one.
    private(set) var compressions = 0..<0
    private var extensions = 0..<0

    init?(_ bytes: RawSpan, _ message: TLSHandshakes.Message) {
        switch message.type {
        case TLSHandshakes.clientHello: isClient = true
        case TLSHandshakes.serverHello: isClient = false
        default: return nil
        }
        let end = message.body.upperBound
        var position = message.body.lowerBound
        guard position &+ 34 <= end else { return nil }
        version = bytes.uint16(at: position)
        random = position &+ 2..<position &+ 34
        position &+= 34
        guard position < end else { return }
        let identifier = position &+ 1..<position &+ 1 &+ Int(bytes.uint8(at: position))
        if identifier.upperBound <= end { session = identifier }
        position = identifier.upperBound
        if isClient {
            guard position &+ 2 <= end else { return }
            let length = Int(bytes.uint16(at: position))
            cipherSuitesLength = bytes.uint16(at: position)
            position &+= 2
            cipherSuites = position..<min(end, position &+ length & ~1)
            if cipherSuites.count % 2 != 0 { cipherSuites = cipherSuites.lowerBound..<cipherSuites.upperBound &- 1 }
            position &+= length
            guard position < end else { return }
            compressionsLength = bytes.uint8(at: position)
            let methods = position &+ 1..<position &+ 1 &+ Int(bytes.uint8(at: position))
            compressions = methods.clamped(to: 0..<end)
            position = methods.upperBound
        } else {
            guard position &+ 3 <= end else { return }
            cipherSuites = position..<position &+ 2
            compressions = position &+ 2..<position &+ 3
            position &+= 3
        }
        guard position &+ 2 <= end else { return }
        let length = Int(bytes.uint16(at: position))
        extensionsLength = bytes.uint16(at: position)
        extensions = position &+ 2..<min(end, position &+ 2 &+ length)
    }

    struct Extension {
        var type: UInt16
        /// What the extension claims.
        var length: UInt16
        /// The data, as far as it is here.
        var data: Range<Int>
    }

    /// Walks through the extensions.
    struct Extensions {
        fileprivate var position: Int
        fileprivate let end: Int

        mutating func next(_ bytes: RawSpan) -> Extension? {
            guard position &+ 4 <= end else { return nil }
            let length = bytes.uint16(at: position &+ 2)
            let first = position &+ 4
            let found = Extension(
                type: bytes.uint16(at: position), length: length, data: first..<min(end, first &+ Int(length)))
            position = first &+ Int(length)
            return found
        }
    }

    var allExtensions: Extensions { Extensions(position: extensions.lowerBound, end: extensions.upperBound) }

    /// The server's name that the client asks for (RFC 6066 section 3), as far as it is here in full.
    func serverName(_ bytes: RawSpan) -> Range<Int>? {
        var walk = allExtensions
        while let found = walk.next(bytes) {
            guard found.type == 0, isClient else { continue }
            // List length, then name type 0 (host_name) and the name's length.
            let start = found.data.lowerBound
            guard found.data.count >= 5, bytes.uint8(at: start &+ 2) == 0 else { return nil }
            let length = Int(bytes.uint16(at: start &+ 3))
            let name = start &+ 5..<start &+ 5 &+ length
            return name.upperBound <= found.data.upperBound && length > 0 ? name : nil
        }
        return nil
    }

    /// The version that the hello really offers or chooses: TLS 1.3 says it in an extension (RFC 8446 section 4.2.1).
    func supportedVersion(_ bytes: RawSpan) -> UInt16? {
        var walk = allExtensions
        while let found = walk.next(bytes) {
            guard found.type == 43 else { continue }
            if !isClient { return found.data.count >= 2 ? bytes.uint16(at: found.data.lowerBound) : nil }
            var best: UInt16?
            var position = found.data.lowerBound &+ 1
            while position &+ 2 <= found.data.upperBound {
                let version = bytes.uint16(at: position)
                // Reserved values that clients send to keep servers tolerant (RFC 8701) have the form 0x?a?a.
                if version & 0x0f0f != 0x0a0a { best = max(best ?? 0, version) }
                position &+= 2
            }
            return best
        }
        return nil
    }
}
