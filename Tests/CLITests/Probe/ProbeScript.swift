import Foundation
import TestSupport
import Testing

/// Runs a shell script in a network namespace of its own with loopback up, where nothing can leave the machine:
/// NETPROBE names the executable, `ready FILE` waits for a helper that writes it, the working folder is the test's own.
enum ProbeScript {
    static func run(_ text: String, mounts: Bool = false, files: [String: String] = [:]) throws -> Netprobe.Run {
        let folder = try TemporaryFolder()
        for (name, content) in files { try content.write(toFile: folder.path(name), atomically: true, encoding: .utf8) }
        let start = """
            set -u; PATH=$PATH:/usr/sbin:/sbin; ip link set lo up
            ready() { for i in $(seq 500); do [ -s "$1" ] && return; sleep 0.02; done; echo "no $1" >&2; exit 99; }
            # The test runner blocks SIGTERM, and its children inherit that.
            trap 'kill -KILL $(jobs -p) 2>/dev/null' EXIT

            """
        return try Netprobe.execute(
            ["unshare", mounts ? "-Urnm" : "-Urn", "bash", "-c", start + text],
            environment: ["NETPROBE": Netprobe.path], folder: folder.url)
    }

    /// The last line of a run as a JSON object.
    static func object(_ run: Netprobe.Run) throws -> [String: Any] {
        let line = try #require(run.output.split(separator: "\n").last, "\(run.errors)")
        return try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
}
