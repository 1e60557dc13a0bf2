import Capture
import Lab
import Platform
import Sockets

/// Where a demo runs: a private network namespace, or the machine's own loopback.
struct DemoGround {
    let isPrivate: Bool
    let interface: String

    /// Gets a demo, or the programs of others (no demo), a place. Outside of a namespace this starts the program anew
    /// inside one, and does not return.
    static func prepare(for demo: (any Demo)? = nil, hostNetwork: Bool) throws(CommandFailure) -> DemoGround {
        if Sandbox.isInside {
            do throws(SocketError) { try Sandbox.bringLoopbackUp() } catch { throw CommandFailure(error) }
            return DemoGround(isPrivate: true, interface: "lo")
        }
        let host = DemoGround(isPrivate: false, interface: hostLoopback)
        if hostNetwork { return host }
        let reason: String
        do throws(Sandbox.Refusal) {
            let way = try Sandbox.way()
            reason = "\(Sandbox.enter(way))"
        } catch {
            reason = NamespaceAdvice.reason(error)
        }
        if let demo, let need = demo.needsPrivateNetwork {
            throw CommandFailure(
                """
                \(demo.name) needs a private network namespace (\(need)), and there is none here: \(reason). \
                \(NamespaceAdvice.remedy(forCapture: false))
                """
            )
        }
        if mayCapture(on: host.interface) {
            if reason != NamespaceAdvice.notLinux {
                Diagnostics.write("no private namespace here (\(reason)); using the machine's own loopback")
            }
            return host
        }
        throw CommandFailure(
            """
            cannot capture: \(reason), and no right to capture on \(host.interface). \
            \(NamespaceAdvice.remedy(forCapture: true))
            """
        )
    }

    /// Gets a place for two hosts of our own. Outside of a namespace this starts the program anew inside one, and does
    /// not return.
    ///
    /// - Parameter what: what wants them, for the error.
    static func prepareForTwoHosts(_ what: String) throws(CommandFailure) -> DemoGround {
        if Sandbox.isInside {
            do throws(SocketError) { try Sandbox.bringLoopbackUp() } catch { throw CommandFailure(error) }
            return DemoGround(isPrivate: true, interface: "lo")
        }
        let reason: String
        do throws(Sandbox.Refusal) { reason = "\(Sandbox.enter(try Sandbox.way()))" } catch {
            reason = NamespaceAdvice.reason(error)
        }
        throw CommandFailure(
            """
            \(what) between two hosts needs network namespaces of its own, and there are none here: \(reason). \
            \(NamespaceAdvice.remedy(forCapture: false))
            """
        )
    }

    static var hostLoopback: String { HostSystem.loopback }

    static func mayCapture(on interface: String) -> Bool {
        do throws(CaptureDeviceError) {
            _ = try LiveCapture(device: interface)
            return true
        } catch {
            return false
        }
    }
}
