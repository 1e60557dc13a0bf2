import ArgumentParser
import Services

/// An option of `serve` or `client` that does something for some services only. Who gives it to another expects
/// something that will not happen: wrong usage.
enum UselessOption {
    /// - Parameter form: how the service runs, where that is the reason: ` with --simple`.
    static func error(_ option: String, for service: ServiceDescription, form: String = "") -> ValidationError {
        ValidationError("\(option) does nothing for \(service.name)\(form).")
    }
}
