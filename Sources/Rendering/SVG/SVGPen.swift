import Text

/// Writes the elements of a picture: bars and lifelines below, arrows above them, texts on top.
struct SVGPen {
    private var below: [String] = []
    private var above: [String] = []
    private var texts: [String] = []

    func write(to out: inout OutputBuffer) {
        for element in below + above + texts {
            out.append(text: element)
            out.append(ascii: 10)
        }
    }

    mutating func text(_ text: String, _ x: Double, _ y: Double, _ style: String, rotated: Double = 0) {
        if text.isEmpty { return }
        let turn = rotated == 0 ? "" : " transform=\"rotate(\(Self.px(rotated)) \(Self.px(x)) \(Self.px(y)))\""
        texts.append(
            "<text class=\"\(style)\" x=\"\(Self.px(x))\" y=\"\(Self.px(y))\"\(turn)>\(text.escapedForMarkup)</text>")
    }

    /// - Parameter title: what is shown where the pointer rests on the line.
    mutating func line(
        _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String, title: String = "",
        isBelow: Bool = false
    ) {
        let end = title.isEmpty ? "/>" : "><title>\(title.escapedForMarkup)</title></line>"
        let element =
            """
            <line class="\(style)" x1="\(Self.px(x1))" y1="\(Self.px(y1))" x2="\(Self.px(x2))" y2="\(Self.px(y2))"\(end)
            """
        if isBelow { below.append(element) } else { above.append(element) }
    }

    mutating func bar(_ x: Double, _ top: Double, _ width: Double, _ height: Double) {
        below.append(
            """
            <rect class="bar" x="\(Self.px(x))" y="\(Self.px(top))" width="\(Self.px(width))" \
            height="\(Self.px(height))" rx="2"/>
            """
        )
    }

    /// An arrow's tip, 9 pixels long and 8 wide.
    ///
    /// - Parameters:
    ///   - across: how far the arrow goes to the right.
    ///   - down: how far it goes down.
    mutating func tip(_ x: Double, _ y: Double, across: Double, down: Double, _ style: String) {
        let length = max(1, (across * across + down * down).squareRoot())
        let (ux, uy) = (across / length, down / length)
        let (backX, backY) = (x - 9 * ux, y - 9 * uy)
        let corners = [(x, y), (backX - 4 * uy, backY + 4 * ux), (backX + 4 * uy, backY - 4 * ux)]
        let path = corners.map { "\(Self.px($0.0)) \(Self.px($0.1))" }.joined(separator: "L")
        above.append("<path class=\"\(style)\" d=\"M\(path)Z\"/>")
    }

    /// A curve out of a lifeline and back to it.
    mutating func loop(_ x: Double, _ y: Double, reach: Double) {
        let (left, right) = (Self.px(x), Self.px(x + reach))
        above.append(
            """
            <path d="M\(left) \(Self.px(y - 5))C\(right) \(Self.px(y - 8)) \(right) \(Self.px(y + 8)) \
            \(Self.px(x + 7)) \(Self.px(y + 5))"/>
            """
        )
    }

    mutating func cross(_ x: Double, _ y: Double) {
        let (left, right, top, bottom) = (Self.px(x - 5), Self.px(x + 5), Self.px(y - 5), Self.px(y + 5))
        above.append("<path class=\"bad\" d=\"M\(left) \(top)L\(right) \(bottom)M\(left) \(bottom)L\(right) \(top)\"/>")
    }

    /// The angle of a small slope in degrees: the arctangent's series is exact enough below one.
    static func degrees(_ slope: Double) -> Double {
        let square = slope * slope
        return slope * (1 - square / 3 + square * square / 5) * 57.29578
    }

    /// Pixels with one decimal.
    private static func px(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0
            ? "\(tenths / 10)" : "\(tenths < 0 ? "-" : "")\(tenths.magnitude / 10).\(tenths.magnitude % 10)"
    }
}
