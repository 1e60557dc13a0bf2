import Sockets

/// Where `FileServer` finds files: a folder of the system (`SystemFolder`), or whatever a test puts in its place.
public protocol FileFolder: Sendable {
    func open(_ name: ServedName) throws(FileRefusal) -> OpenFile
    /// The files right inside, by name.
    func entries() throws(FileRefusal) -> [FileEntry]
}

/// A file and its size, as `LIST` tells it.
public struct FileEntry: Hashable, Sendable {
    /// Its name relative to the folder.
    public let name: String
    /// Octets.
    public let size: Int64

    /// A file of this name and size.
    public init(name: String, size: Int64) {
        self.name = name
        self.size = size
    }
}

/// Why a file is not sent. The text goes to the client: it says nothing about what lies outside of the folder.
public enum FileRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    case absolute, parent, control, empty, tooLong
    /// There is no such file, or it is none, or it may not be read, or the name leads out of the folder.
    case unavailable(String)

    public var description: String {
        switch self {
        case .absolute: "a name may not begin with a slash"
        case .parent: "a name may not have .. in it"
        case .control: "a name may not have control characters in it"
        case .empty: "the name is empty"
        case .tooLong: "the name is too long"
        case .unavailable(let reason): reason
        }
    }
}

/// A file's name, relative to the folder, that asks for nothing improper. That no link leads out is for the folder to
/// see to.
public struct ServedName: Hashable, Sendable {
    /// The name as it was asked for.
    public let text: String

    /// - Throws: what is improper about it; whether there is such a file is not looked at.
    public init(_ text: String) throws(FileRefusal) {
        if text.isEmpty { throw .empty }
        if text.utf8.count > 1024 { throw .tooLong }
        if text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) { throw .control }
        if text.utf8.first == UInt8(ascii: "/") { throw .absolute }
        // Compared as bytes: `/` with a combining mark is one Character that is not a slash.
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        if parts.contains(where: { $0.elementsEqual("..".utf8) }) { throw .parent }
        self.text = text
    }

    /// Whether it, or a folder on its way, begins with a dot, as `.ssh/id_ed25519` does; `./notes.txt` does not.
    var isHidden: Bool {
        text.utf8.split(separator: UInt8(ascii: "/")).contains { $0.first == UInt8(ascii: ".") && $0.count > 1 }
    }
}

/// A folder of this machine.
public struct SystemFolder: FileFolder {
    private let folder: ServedFolder
    /// Whether files are served whose names, or folders, begin with a dot.
    private let showsHidden: Bool

    /// - Parameter showsHidden: whether files are served whose names, or those of their folders, begin with a dot.
    /// - Throws: why the folder cannot be opened.
    public init(_ path: String, showsHidden: Bool = false) throws(SocketError) {
        folder = try ServedFolder(path)
        self.showsHidden = showsHidden
    }

    /// Opens a file for reading. Names and links that lead out of the folder are `unavailable`.
    public func open(_ name: ServedName) throws(FileRefusal) -> OpenFile {
        // Answered as if there were none: that a hidden file exists is not told either.
        if name.isHidden, !showsHidden { throw .unavailable("there is no such file") }
        do throws(SocketError) {
            return try folder.open(name.text)
        } catch {
            throw .unavailable(Self.reason(error))
        }
    }

    /// The regular files right inside, by name.
    public func entries() throws(FileRefusal) -> [FileEntry] {
        guard let files = folder.files() else { throw .unavailable("the folder cannot be read") }
        return files.compactMap { file -> FileEntry? in
            guard let name = try? ServedName(file.name), showsHidden || !name.isHidden else { return nil }
            return FileEntry(name: file.name, size: file.size)
        }.sorted { $0.name < $1.name }
    }

    private static func reason(_ error: SocketError) -> String {
        switch error.codeName {
        case "ENOENT", "ENOTDIR", "EISDIR", "EINVAL": "there is no such file"
        case "EACCES", "EPERM": "the file may not be read"
        case "EXDEV", "ELOOP": "the name leads out of the folder"
        case "EMFILE", "ENFILE": "too many files are open; try again"
        default: "the file cannot be opened"
        }
    }
}
