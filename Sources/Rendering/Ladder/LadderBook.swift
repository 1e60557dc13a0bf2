import Conversations
import Sockets
import Text
import Timeline

/// In which form ladders are drawn.
public enum LadderFormat: Hashable, Sendable {
    /// - Parameter columns: those of the terminal; nil for a file or a pipe, which have as many as it takes.
    case text(columns: Int?)
    /// A table in GitHub's Markdown.
    case markdown
    /// Mermaid's language, which shows one conversation.
    case mermaid
    /// One picture, with the ladders below each other.
    case svg
}

/// The ladders of what was recorded, one for each conversation, and one for the calls that belong to none.
public struct LadderBook: Sendable {
    private let scenes: SceneBuilder
    private let chosen: [Int]
    private let isWhole: Bool
    private let abridged: Bool
    private let inOnePicture: Bool

    /// - Parameters:
    ///   - chosen: which conversations, by position; nil for all.
    ///   - isWhole: whether all that was recorded is to be drawn. Then calls that belong to no conversation are drawn
    ///     too: into the only ladder, or in one of their own.
    ///   - abridged: whether long runs of ordinary rows are left out.
    ///   - inOnePicture: whether there is one ladder of everything, with a lane for each program, instead of one for
    ///     each conversation.
    public init(
        _ scenes: SceneBuilder, of chosen: [Int]? = nil, isWhole: Bool = true, abridged: Bool = true,
        inOnePicture: Bool = false
    ) {
        self.scenes = scenes
        self.inOnePicture = inOnePicture
        self.chosen = chosen ?? Array(0..<scenes.count)
        self.isWhole = isWhole
        self.abridged = abridged
    }

    /// Writes all ladders, with a blank line between where they are text.
    /// - Parameters:
    ///   - before: how many others were written before.
    ///   - titled: whether each has a title, also an only one.
    public func write(
        _ format: LadderFormat, after before: Int = 0, titled: Bool = false, to out: inout OutputBuffer
    ) {
        let pages = pages(titled: titled || before > 0)
        switch format {
        case .text(let columns):
            for (index, page) in pages.enumerated() where out.isOpen {
                if index + before > 0 { out.append(ascii: 10) }
                if let title = page.title { Self.writeTitle(title, &out) }
                let scene = scene(page)
                LadderText(columns: columns, abridged: abridged).write(scene, to: &out)
                for (title, scene) in transits(scene) {
                    if let title { Self.writeTitle(title, &out) }
                    TransitText.write(scene, columns: columns, to: &out)
                }
            }
            LadderText.writeNote(scenes.calls, to: &out)
        case .markdown:
            for (index, page) in pages.enumerated() where out.isOpen {
                if index + before > 0 { out.append(ascii: 10) }
                if let title = page.title { out.append(text: "## \(title)\n\n") }
                let scene = scene(page)
                LadderMarkdown.write(scene, abridged: abridged, to: &out)
                for (title, scene) in transits(scene) {
                    if let title { out.append(text: "\n\(title)\n") }
                    TransitText.writeMarkdown(scene, to: &out)
                }
            }
        case .mermaid:
            if let first = pages.first { LadderMermaid.write(scene(first), abridged: abridged, to: &out) }
        case .svg:
            if !pages.isEmpty { LadderSVG.write(pages.map(scene), abridged: abridged, to: &out) }
        }
    }

    private static func writeTitle(_ title: String, _ out: inout OutputBuffer) {
        out.append(style: .bold)
        out.append(text: title)
        out.append(style: .plain)
        out.append(ascii: 10)
    }

    // MARK: Pages

    /// What one ladder shows, and what stands above it where there are several.
    private struct Page {
        let content: Content
        var title: String?

        enum Content {
            case everything
            case conversation(Int)
            /// The calls that belong to no conversation.
            case others
        }
    }

    private func pages(titled: Bool) -> [Page] {
        if inOnePicture { return [Page(content: .everything)] }
        var pages = chosen.map { number in
            Page(content: .conversation(number), title: titled || scenes.count > 1 ? scenes.name(of: number) : nil)
        }
        if isWhole, scenes.count != 1, !scenes.others.isEmpty {
            pages.append(
                Page(
                    content: .others,
                    title: scenes.count == 0 && !titled ? nil : "Calls that belong to no conversation"))
        }
        return pages
    }

    private func scene(_ page: Page) -> Scene {
        switch page.content {
        case .everything: scenes.whole()
        case .conversation(let number): scenes.scene(of: number, withOthers: isWhole && scenes.count == 1)
        case .others: Scene(calls: scenes.others)
        }
    }

    /// The conversations of which it is told how their packets crossed, with their names where there are several.
    private func transits(_ scene: Scene) -> [(title: String?, scene: Scene)] {
        if !scene.hasBothEnds { return [] }
        if !scene.showsPrograms { return [(nil, scene)] }
        return (0..<scenes.count).map { (scenes.count > 1 ? scenes.name(of: $0) : nil, scenes.scene(of: $0)) }
    }
}
