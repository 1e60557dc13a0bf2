import CCrypto

/// A hash function of libcrypto (OpenSSL 3), fetched once: EVP_MD_fetch(3) searches the providers, and would do so for
/// every message otherwise.
@safe
final class DigestAlgorithm: @unchecked Sendable {
    // Not changed after this, and counted by libcrypto: threads may share it.
    private let algorithm: OpaquePointer?
    /// How many bytes a digest has.
    let size: Int

    static let sha1 = DigestAlgorithm("SHA1", size: 20)
    static let sha256 = DigestAlgorithm("SHA256", size: 32)

    private init(_ name: String, size: Int) {
        unsafe algorithm = EVP_MD_fetch(nil, name, nil)
        self.size = size
    }

    /// The digest of one message: EVP_Digest(3). nil where this system's libcrypto does not offer the function, as some
    /// configurations do with SHA-1, or has no memory.
    func digest(_ message: Span<UInt8>) -> [UInt8]? {
        guard let algorithm = unsafe algorithm else { return nil }
        var digest = [UInt8](repeating: 0, count: size)
        let done = unsafe message.withUnsafeBufferPointer { bytes in
            unsafe EVP_Digest(bytes.baseAddress, bytes.count, &digest, nil, algorithm, nil)
        }
        return done == 1 ? digest : nil
    }

    /// A message that comes in pieces: EVP_DigestInit_ex2(3). nil as above.
    func begin() -> OpaquePointer? {
        guard let algorithm = unsafe algorithm, let context = unsafe EVP_MD_CTX_new() else { return nil }
        if unsafe EVP_DigestInit_ex2(context, algorithm, nil) == 1 { return unsafe context }
        unsafe EVP_MD_CTX_free(context)
        return nil
    }
}
