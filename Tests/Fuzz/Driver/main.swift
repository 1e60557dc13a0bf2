// netprobe-fuzz: runs one fuzz target under libFuzzer, whose options its arguments are.
//
//     NETPROBE_FUZZ_TARGET=pcapng netprobe-fuzz CORPUS -max_total_time=60
//     netprobe-fuzz seeds FOLDER CAPTURE …
//
// The target comes from the environment because libFuzzer starts itself again with its own arguments only.
import FuzzTargets

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// libFuzzer's loop (LLVM's FuzzerInterface.h); `-sanitize=fuzzer` links it.
@_silgen_name("LLVMFuzzerRunDriver")
func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

func say(_ text: String) {
    for byte in Array("\(text)\n".utf8) { _ = unsafe withUnsafeBytes(of: byte) { unsafe write(2, $0.baseAddress, 1) } }
}

if CommandLine.arguments.count >= 3, CommandLine.arguments[1] == "seeds" {
    do { try Seeds.write(to: CommandLine.arguments[2], from: Array(CommandLine.arguments.dropFirst(3))) } catch {
        say("netprobe-fuzz seeds: \(error)")
        exit(1)
    }
    exit(0)
}

guard Chosen.target != nil else {
    say(
        """
        netprobe-fuzz: NETPROBE_FUZZ_TARGET must be one of \
        \(FuzzTarget.allCases.map(\.rawValue).joined(separator: ", "))
        """
    )
    exit(64)
}

var count = CommandLine.argc
var arguments = unsafe CommandLine.unsafeArgv
let status = unsafe withUnsafeMutablePointer(to: &arguments) { arguments in
    unsafe runDriver(&count, arguments) { start, length in
        let input = unsafe [UInt8](UnsafeBufferPointer(start: start, count: length))
        do {
            // -1: not to be kept in the corpus.
            return try Chosen.target?.run(input) == true ? 0 : -1
        } catch {
            say("netprobe-fuzz: \(error)")
            abort()
        }
    }
}
exit(status)
