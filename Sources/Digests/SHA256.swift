import CCrypto

/// SHA-256 (FIPS 180-4) of what comes piece by piece, to check that a file arrived as it was sent.
@safe
public struct SHA256: ~Copyable {
    private let context: OpaquePointer?
    private var isWhole = true

    /// An empty message: EVP_DigestInit_ex2(3).
    public init() { unsafe context = DigestAlgorithm.sha256.begin() }

    deinit { unsafe EVP_MD_CTX_free(context) }

    /// Takes the next piece: EVP_DigestUpdate(3).
    public mutating func add(_ bytes: Span<UInt8>) {
        guard let context = unsafe context else { return }
        let done = unsafe bytes.withUnsafeBufferPointer { unsafe EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
        if done != 1 { isWhole = false }
    }

    /// The digest of everything so far, as 64 hexadecimal digits; more may be added afterwards. nil where the system's
    /// libcrypto could not work it out.
    public func hexadecimal() -> String? {
        guard isWhole, let context = unsafe context, let copy = unsafe EVP_MD_CTX_new() else { return nil }
        defer { unsafe EVP_MD_CTX_free(copy) }
        var digest = [UInt8](repeating: 0, count: DigestAlgorithm.sha256.size)
        guard unsafe EVP_MD_CTX_copy_ex(copy, context) == 1 && EVP_DigestFinal_ex(copy, &digest, nil) == 1 else {
            return nil
        }
        var text: [UInt8] = []
        for byte in digest { text += [Self.digit(byte >> 4), Self.digit(byte & 15)] }
        return String(decoding: text, as: UTF8.self)
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
