import Text
import Timeline

/// Draws a scene as an SVG picture: slanted arrows, calls as bars beside their end, losses as crosses.
///
/// Downwards is time. Rows keep their order and their distances grow with the time between them, but not without limit:
/// what is close stays readable, and a silence is cut and labelled. An arrow's slant is the time that the packet was
/// under way. Where both ends were captured, that was measured, and each host's times stand beside its lifeline; else
/// it is what the quickest answers tell: the capture saw the packet pass at one place, and the quickest answer of each
/// end locates that place between them. Where nobody answered, the slant is the same for all and means the direction
/// alone.
///
/// The picture needs nothing from elsewhere and has no identifiers, so that many can stand in one page; colours follow
/// the reader's light or dark scheme, and print in black on white.
public struct LadderSVG {
    private let scene: Scene
    private let layout: LadderPicture

    /// - Parameter abridged: whether long runs of ordinary rows are left out.
    public init(_ scene: Scene, abridged: Bool = true) {
        self.scene = scene
        layout = LadderPicture(scene, abridged: abridged)
    }

    /// The picture's width in CSS pixels.
    public var width: Int { layout.columns.width }
    /// The picture's height in CSS pixels.
    public var height: Int { layout.height }

    /// The rules for the picture's classes: once in a page, or in the picture itself.
    public static let style = """
        .np-ladder{font:12px ui-sans-serif,system-ui,sans-serif;--ink:#1b1f24;--dim:#6a737d;--wire:#0b63c5;\
        --bad:#c4232b;--state:#1a7f37;--bar:#dbe6f4;--edge:#7a8fa8;--back:#fff;background:var(--back)}
        .np-ladder text{fill:var(--ink);stroke:none}
        .np-ladder .back{fill:var(--back)}
        .np-ladder .mono{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:11px}
        .np-ladder .end{text-anchor:end}
        .np-ladder .middle{text-anchor:middle}
        .np-ladder .head{font-weight:600}
        .np-ladder .time,.np-ladder .note{fill:var(--dim);font-size:11px}
        .np-ladder .note{font-style:italic}
        .np-ladder .state{fill:var(--state);font-size:10.5px;font-weight:600}
        .np-ladder .failed{fill:var(--bad)}
        .np-ladder line,.np-ladder path{stroke:var(--wire);stroke-width:1.4;fill:none}
        .np-ladder .life{stroke:var(--edge);stroke-width:1.2}
        .np-ladder .cut{stroke:var(--edge);stroke-dasharray:2 4}
        .np-ladder .tip{fill:var(--wire);stroke:none}
        .np-ladder .bad{stroke:var(--bad)}
        .np-ladder .tip.bad{fill:var(--bad);stroke:none}
        .np-ladder .lost{stroke:var(--bad);stroke-dasharray:5 4}
        .np-ladder .halo{paint-order:stroke;stroke:var(--back);stroke-width:4px}
        .np-ladder rect.bar{fill:var(--bar);stroke:var(--edge);stroke-width:.8}
        @media (prefers-color-scheme:dark){.np-ladder{--ink:#e6edf3;--dim:#8b949e;--wire:#6cb0ff;--bad:#ff7b72;\
        --state:#56d364;--bar:#22364f;--edge:#6e7f94;--back:#0d1117}}
        @media print{.np-ladder{--ink:#000;--dim:#444;--wire:#003a80;--bad:#a00;--state:#050;--bar:#e8e8e8;--edge:#666;\
        --back:#fff}}
        """

    /// Writes the picture.
    /// - Parameters:
    ///   - embedded: without the style, which the page has.
    ///   - x: the place in a picture that holds several.
    public func write(embedded: Bool = false, x: Int = 0, y: Int = 0, to out: inout OutputBuffer) {
        let place = x == 0 && y == 0 ? "" : " x=\"\(x)\" y=\"\(y)\""
        out.append(
            text:
                """
                <svg xmlns="http://www.w3.org/2000/svg" class="np-ladder"\(place) width="\(width)" height="\(height)" \
                viewBox="0 0 \(width) \(height)" role="img">\n
                """
        )
        out.append(text: "<title>\(layout.title.escapedForMarkup)</title>\n")
        if !embedded { out.append(text: "<style>\n\(Self.style)\n</style>\n") }
        out.append(text: "<rect class=\"back\" width=\"\(width)\" height=\"\(height)\"/>\n")
        var canvas = Canvas(layout)
        canvas.draw(scene)
        canvas.write(to: &out)
        out.append("</svg>\n")
    }

    /// Several ladders below each other in one picture.
    public static func write(_ scenes: [Scene], abridged: Bool = true, to out: inout OutputBuffer) {
        let pictures = scenes.map { LadderSVG($0, abridged: abridged) }
        if pictures.count == 1, let only = pictures.first { return only.write(to: &out) }
        let width = pictures.map(\.width).max() ?? 0
        let height = pictures.reduce(0) { $0 + $1.height }
        out.append(
            text:
                """
                <svg xmlns="http://www.w3.org/2000/svg" class="np-ladder" width="\(width)" height="\(height)" \
                viewBox="0 0 \(width) \(height)">\n<style>\n\(style)\n</style>\n\
                <rect class="back" width="\(width)" height="\(height)"/>\n
                """
        )
        var top = 0
        for picture in pictures where out.isOpen {
            picture.write(embedded: true, x: 0, y: top, to: &out)
            top += picture.height
        }
        out.append("</svg>\n")
    }
}
