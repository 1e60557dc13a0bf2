/// How RFC 1035 section 4.1.1 draws a message's header, with the bits of RFC 4035 section 3.
enum DNSLayout {
    static let box: @Sendable (RawSpan) -> HeaderLayout? = { _ in
        HeaderLayout(
            [], rest: "Questions and records",
            [
                .hex("Identifier", 16), .number("Q", 1), .number("Opcode", 4), .flags("ATRVZDC"), .number("Rcode", 4),
                .number("Questions", 16), .number("Answers", 16), .number("Authority records", 16),
                .number("Additional records", 16),
            ])
    }
}
