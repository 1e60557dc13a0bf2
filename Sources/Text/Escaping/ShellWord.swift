extension String {
    /// As one word of a command line that somebody may paste into a shell: in single quotes where it is not plain, and
    /// never taken for an option.
    public var asShellWord: String {
        let word = hasPrefix("-") ? "./" + self : self
        let isPlain =
            !word.isEmpty
            && word.utf8.allSatisfy { byte in
                switch byte {
                case 48...57, 65...90, 97...122, 0x2e, 0x2f, 0x5f, 0x2d, 0x2b, 0x2c, 0x3a, 0x40: true
                default: false
                }
            }
        return isPlain
            ? word : "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
