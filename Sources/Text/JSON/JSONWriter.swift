/// Writes JSON (RFC 8259) into an output buffer, member by member, with the commas where they belong.
///
/// Text is escaped as JSON wants it and, beyond that, so that nothing in it can act on a terminal that shows the raw
/// JSON (`append(json:)`).
public struct JSONWriter: ~Copyable {
    private var needsComma = false

    /// A writer at the beginning of a document or line.
    public init() {}

    /// Begins an object, as a value of an array, of a key, or on its own.
    public mutating func beginObject(_ out: inout OutputBuffer) {
        separate(&out)
        out.append(ascii: 123)
        needsComma = false
    }

    /// Ends the innermost object.
    public mutating func endObject(_ out: inout OutputBuffer) {
        out.append(ascii: 125)
        needsComma = true
    }

    /// Begins an array, as a value of an array, of a key, or on its own.
    public mutating func beginArray(_ out: inout OutputBuffer) {
        separate(&out)
        out.append(ascii: 91)
        needsComma = false
    }

    /// Ends the innermost array.
    public mutating func endArray(_ out: inout OutputBuffer) {
        out.append(ascii: 93)
        needsComma = true
    }

    /// The next member's name, which needs no escaping; its value follows.
    public mutating func key(_ name: StaticString, _ out: inout OutputBuffer) {
        separate(&out)
        out.append(ascii: 34)
        out.append(name)
        out.append("\":")
        needsComma = false
    }

    /// Writes a string.
    public mutating func value(_ text: String, _ out: inout OutputBuffer) {
        separate(&out)
        out.append(ascii: 34)
        out.append(json: text)
        out.append(ascii: 34)
        needsComma = true
    }

    /// Writes a whole number.
    public mutating func value(_ number: Int64, _ out: inout OutputBuffer) {
        separate(&out)
        if number < 0 { out.append(ascii: 45) }
        out.append(decimal: number.magnitude)
        needsComma = true
    }

    /// Writes `true` or `false`.
    public mutating func value(_ truth: Bool, _ out: inout OutputBuffer) {
        separate(&out)
        out.append(truth ? "true" : "false")
        needsComma = true
    }

    /// Writes `null`.
    public mutating func null(_ out: inout OutputBuffer) {
        separate(&out)
        out.append("null")
        needsComma = true
    }

    /// Ends a line of newline-delimited JSON.
    public mutating func endLine(_ out: inout OutputBuffer) {
        out.append(ascii: 10)
        needsComma = false
    }

    private mutating func separate(_ out: inout OutputBuffer) {
        if needsComma { out.append(ascii: 44) }
        needsComma = false
    }
}

extension JSONWriter {
    /// A member with a string, or `null`.
    public mutating func member(_ name: StaticString, _ text: String?, _ out: inout OutputBuffer) {
        key(name, &out)
        if let text { value(text, &out) } else { null(&out) }
    }

    /// A member with a whole number, or `null`.
    public mutating func member(_ name: StaticString, _ number: Int?, _ out: inout OutputBuffer) {
        key(name, &out)
        if let number { value(Int64(number), &out) } else { null(&out) }
    }

    /// A member that is `true` or `false`.
    public mutating func member(_ name: StaticString, _ truth: Bool, _ out: inout OutputBuffer) {
        key(name, &out)
        value(truth, &out)
    }
}
