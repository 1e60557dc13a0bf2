import ArgumentParser
import Services

/// An option of `serve` or `client` that does something for some services only. Who gives it to another expects
/// something that will not happen: wrong usage.
struct UselessOption {
    private let name: String
    private let isUseless: Bool

    /// - Parameters:
    ///   - isGiven: whether it stands on the command line.
    ///   - isOf: whether it does something there.
    init(_ name: String, isGiven: Bool, isOf does: Bool) {
        self.name = name
        isUseless = isGiven && !does
    }

    static func refuse(for service: CourseService, form: String = "", _ options: [UselessOption]) throws {
        if let useless = options.first(where: \.isUseless) {
            throw ValidationError("\(useless.name) does nothing for \(service.name)\(form).")
        }
    }
}
