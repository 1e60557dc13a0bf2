extension String {
    /// The text with the characters that mean something in a format spelled as that format wants them.
    func respelled(_ spellings: [Unicode.Scalar: String]) -> String {
        guard unicodeScalars.contains(where: { spellings[$0] != nil }) else { return self }
        var result = ""
        for character in unicodeScalars {
            if let spelling = spellings[character] {
                result += spelling
            } else {
                result.unicodeScalars.append(character)
            }
        }
        return result
    }
}
