import Packets
import Testing

/// What is wrong, and the caret under it.
@Suite struct FilterErrorTests {
    private func failure(_ text: String) -> DisplayFilterError? {
        do throws(DisplayFilterError) {
            _ = try DisplayFilter(text)
            return nil
        } catch { return error }
    }

    @Test(arguments: [
        ("ip.sorc == 1", "^~~~~~~", "\"ip.sorc\" is neither a field nor a protocol"),
        ("ip.src == 1 =", "            ^", "\"=\" compares nothing: write == (equal), or eq"),
        ("tcp.port = 80", "         ^", "\"=\" compares nothing: write == (equal), or eq"),
        ("tcp and", "       ^", "the filter ends too early"),
        ("(tcp", "    ^", "the filter ends too early"),
        ("tcp)", "   ^", "\")\" was not expected here"),
        ("tcp udp", "    ^~~", "\"udp\" was not expected here"),
        ("and", "^~~", "\"and\" was not expected here"),
        ("", "^", "the filter ends too early"),
        ("tcp.port == 70000", "            ^~~~~", "\"70000\" is too big for this field, the largest is 65535"),
        ("tcp.port == abc", "            ^~~", "\"abc\" is not a number"),
        // Under characters that take two columns, or none of their own.
        ("frame contains \"日本\" and ip.ttl == é", "                                    ^", "\"é\" is not a number"),
        ("ip.ttl == 日本", "          ^~~~", "\"日本\" is not a number"),
        ("ip.ttl == e\u{301}x", "          ^~", "\"e\u{301}x\" is not a number"),
        ("ip.ttl == 1.5", "          ^~~", "\"1.5\" is not a number"),
        ("ip.src == 10.0.0.300", "          ^~~~~~~~~~", "\"10.0.0.300\" is not an IPv4 address"),
        ("ip.src == 10.0.0.1/33", "          ^~~~~~~~~~~", "\"/33\" is not a prefix: 0 to 32 bits"),
        ("ip.src == ::1", "          ^~~", "\"::1\" is not an IPv4 address"),
        ("eth.src == d0:50:99", "           ^~~~~~~~", "\"d0:50:99\" has 3 bytes, a MAC address has 6"),
        ("tcp.port in {}", "             ^", "the set is empty"),
        ("tcp.port in 80", "            ^~", "a set needs braces: in {80, 443, 8000..8080}"),
        ("tcp.port in {80", "               ^", "the set has no closing }"),
        ("frame contains \"abc", "               ^~~~", "the string has no closing quote"),
        ("frame contains \"\\q\"", "                ^~", "\\q is no escape; a backslash itself is written \\\\"),
        ("ip.ttl contains 1", "^~~~~~", "an unsigned number contains nothing: only text and bytes do"),
        ("ip.src + 1 == 2", "^~~~~~", "an IPv4 address cannot be calculated with, except by &"),
        ("ip.src == tcp.port", "^~~~~~~~~~~~~~~~~~", "an IPv4 address and an unsigned number cannot be compared"),
        ("tcp.port[0] == 1", "^~~~~~~~", "an unsigned number cannot be cut into bytes"),
        (
            "eth.src[a] == 1", "       ^~~",
            "a slice is written [start:length], [from-to], [place], [:length] or [start:]"
        ),
        ("eth.src[-3-2] == 1", "       ^~~~~~", "both places of a slice count from the start, or both from the end"),
        ("eth.src[-2--3] == 1", "       ^~~~~~~", "a slice ends where it begins or later"),
        ("eth.src[0:3 == 1", "       ^~~~~~~~~", "the bracket has no closing ]"),
        ("foo(tcp.port) == 1", "^~~", "\"foo\" is no function"),
        ("max(ip.ttl, 5)", "^~~~~~~~~~~~~~", "a function alone is no test: compare what it gives"),
        ("max(5, 6) == 6", "^~~~~~~~~", "max() needs a field"),
        ("max(ip.ttl, ip.src) == 6", "            ^~~~~~", "max() takes values of one kind"),
        ("len(5) == 1", "    ^", "\"5\" is a value; a field or a function was expected here"),
        ("len(ip, tcp) == 1", "^~~~~~~~~~~~", "len() takes one field"),
        (
            "eth.src contains \"d0\"", "                 ^~~~",
            "a MAC address contains bytes: write them as 0a:1b, without quotes"
        ),
        // Only a protocol's name may be meant as a value's.
        (
            "frame.interface_name == tcp.flags.syn", "^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~",
            "text and a boolean cannot be compared"
        ),
        ("ip.proto == foo", "            ^~~", "\"foo\" is neither a number nor a name of a value of this field"),
        ("tcp AND udp", "    ^~~", "\"AND\" was not expected here"),
        ("NOT tcp", "^~~", "\"NOT\" was not expected here"),
        ("1", "^", "\"1\" is a value; a field or a function was expected here"),
        ("\"a\" == \"a\"", "^~~", "a field or a function was expected here"),
        ("tcp @ udp", "    ^", "\"@\" was not expected here"),
        (
            "frame.time_epoch > yesterday", "                   ^~~~~~~~~",
            "\"yesterday\" is not a time: write seconds since 1970, or \"2026-01-31 12:00:00.5\" in UTC"
        ),
        ("tcp.flags.syn == maybe", "                 ^~~~~", "\"maybe\" is neither 0, 1, True nor False"),
        ("any tcp.port", "            ^", "\"any\" and \"all\" need a comparison after the field"),
    ])
    func told(filter: String, pointer: String, message: String) throws {
        let error = try #require(failure(filter))
        #expect(error.message == message)
        #expect(error.marked == "    \(filter)\n    \(pointer)")
    }

    @Test func hints() {
        #expect(failure("tcp.prot == 1")?.hint?.contains("tcp.port") == true)
        #expect(failure("tcp OR udp")?.hint == "Operators are written small: or.")
        #expect(failure("tcp port 80")?.hint?.contains("capture filter") == true)
        #expect(failure("tcp udp")?.hint == nil)
        #expect(failure("port 80")?.hint?.contains("capture filter") == true)
        #expect(failure("ip.ttl-1 == 3")?.hint == "To calculate, put spaces around the operator.")
        #expect(
            failure("eth.src == d0:50:99")?.hint == "To compare the first bytes only, write [0:3] behind the field.")
        #expect(failure("srcport == 1")?.hint?.contains("tcp.srcport") == true)
    }

    @Test func badPatternsAreTold() throws {
        let error = try #require(failure("frame matches \"(\""))
        #expect(error.message.hasPrefix("the pattern cannot be used"))
    }

    @Test func nothingInAFilterReachesTheTerminal() throws {
        let error = try #require(failure("ip.\u{1B}[31m\u{202E}src == 1"))
        #expect(!error.description.contains("\u{1B}"))
        #expect(!error.description.contains("\u{202E}"))
    }

    @Test func depthIsBounded() throws {
        let deep = String(repeating: "(", count: 5000) + "tcp" + String(repeating: ")", count: 5000)
        #expect(try #require(failure(deep)).message == "too many parentheses inside each other")
        let arithmetic = "ip.ttl == " + String(repeating: "{", count: 5000)
        #expect(try #require(failure(arithmetic)).message == "too many parentheses inside each other")
        _ = try DisplayFilter(String(repeating: "(", count: 100) + "tcp" + String(repeating: ")", count: 100))
        _ = try DisplayFilter(String(repeating: "!", count: 5000) + "tcp")
    }
}
