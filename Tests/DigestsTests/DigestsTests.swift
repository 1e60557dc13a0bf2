import Digests
import Testing

@Suite struct DigestsTests {
    private func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }

    /// RFC 3174 section 7.3, and the empty message.
    @Test(arguments: [
        ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"), ("", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
        ("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "84983e441c3bd26ebaae4aa1f95129e5e54670f1"),
    ])
    func sha1IsThatOfTheRFC(message: String, digest: String) {
        let bytes = Array(message.utf8)
        let found = SHA1.digest(bytes.span)
        #expect(hexadecimal(found ?? []) == digest)
    }

    /// FIPS 180-4's examples, and the empty message.
    @Test(arguments: [
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ])
    func sha256IsThatOfTheStandard(message: String, digest: String) {
        var hash = SHA256()
        hash.add(Array(message.utf8).span)
        #expect(hash.hexadecimal() == digest)
    }

    @Test func piecesGiveTheSameAsTheWhole() {
        let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var whole = SHA256()
        whole.add(bytes.span)
        for size in [1, 7, 63, 64, 65, 999] {
            var hash = SHA256()
            var start = 0
            while start < bytes.count {
                let end = min(start + size, bytes.count)
                hash.add(bytes.span.extracting(start..<end))
                // Asked in between, it goes on all the same.
                _ = hash.hexadecimal()
                start = end
            }
            #expect(hash.hexadecimal() == whole.hexadecimal())
        }
    }
}
