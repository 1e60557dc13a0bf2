#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A library that is used where it is installed, and that is not needed to build: `dlopen` at run time, `dlsym` for
/// each function.
///
/// Unsafe: the functions are called as the types that the callers give them, which state the C declarations.
@safe public struct SharedLibrary {
    private let handle: UnsafeMutableRawPointer

    /// nil where none of the names is a library that can be loaded.
    public init?(_ names: [String]) {
        for name in names {
            if let found = unsafe dlopen(name, RTLD_NOW | RTLD_LOCAL) {
                unsafe handle = found
                return
            }
        }
        return nil
    }

    /// nil where the library has no such function.
    public func function<Function>(_ name: String, as type: Function.Type) -> Function? {
        guard let symbol = unsafe dlsym(handle, name) else { return nil }
        return unsafe unsafeBitCast(symbol, to: Function.self)
    }
}
