import Addressing
import Testing

@testable import Probe

@Suite struct NumberFormTests {
    @Test(arguments: [
        ("127.1", "127.0.0.1"), ("1.2.3", "1.2.0.3"), ("0x7f.1", "127.0.0.1"), ("2130706433", "127.0.0.1"),
        ("0177.0.0.01", "127.0.0.1"),
        ("0", "0.0.0.0"), ("0xffffffff", "255.255.255.255"), ("1.65535", "1.0.255.255"),
        ("1.16777215", "1.255.255.255"), ("1.2.65535", "1.2.255.255"),
    ])
    func readsWhatInetAtonReads(text: String, address: String) {
        #expect(NumberForm.address(text).map { "\($0)" } == address)
    }

    @Test(arguments: [
        "", ".", "1.", ".1", "1..2", "1.2.3.4.5", "256.1", "1.16777216", "1.2.65536", "4294967296", "09", "0x", "0xg",
        "+1", "-1", "0x-1", "1.2.3.256", "localhost", "1 ", "99999999999999999999",
    ])
    func everythingElseIsAName(text: String) { #expect(NumberForm.address(text) == nil) }
}
