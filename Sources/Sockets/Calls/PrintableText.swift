/// Text with everything but printable ASCII written as `\u{hex}`, so that nothing in it can steer a terminal or break
/// a line. The common case, nothing to escape, costs one look at the bytes.
func printable(_ text: String) -> String {
    if text.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) { return text }
    var result = ""
    for scalar in text.unicodeScalars {
        if (0x20...0x7e).contains(scalar.value) {
            result.unicodeScalars.append(scalar)
        } else {
            result += "\\u{\(String(scalar.value, radix: 16))}"
        }
    }
    return result
}
