import ArgumentParser
import Capture
import Lab
import Rendering
import Sockets
import Text

/// `netprobe doctor`
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Say for each way to capture whether it works here, and the one command that would make it work.",
        discussion: "Exit status: 0 when the demos can run, 1 when no way to capture works.")

    /// What the second start, inside the namespace, is asked to do.
    @Flag(help: .hidden)
    var insideNamespace = false

    @OptionGroup var colour: ColourOption

    private struct Finding {
        let way: String
        let works: Bool
        let detail: String
        /// What would make it work; nil where it does.
        let remedy: String?
    }

    func run() throws {
        if insideNamespace { return try captureInside() }
        let findings = [Self.privateNamespace(), Self.hostLoopback(), Self.otherInterfaces()]
        let output = StandardOutput()
        var out = output.buffer(colour: colour.choice)
        for finding in findings {
            out.append(style: finding.works ? .green : .red)
            out.append(finding.works ? "yes  " : "no   ")
            out.append(style: .plain)
            out.append(escaping: "\(finding.way): \(finding.detail)")
            out.append(ascii: 10)
            if let remedy = finding.remedy {
                out.append("     to make it work: ")
                out.append(escaping: remedy)
                out.append(ascii: 10)
            }
        }
        try output.finish(&out)
        if !findings[0].works && !findings[1].works { throw Status.no }
    }

    /// Inside the namespace: loopback up and captured on, or exit status 2 with the reason.
    private func captureInside() throws {
        guard Sandbox.isInside else { throw CommandFailure("not inside a private namespace") }
        do throws(SocketError) { try Sandbox.bringLoopbackUp() } catch { throw CommandFailure(error) }
        do throws(CaptureDeviceError) { _ = try LiveCapture(device: "lo") } catch { throw CommandFailure(error) }
    }

    private static func privateNamespace() -> Finding {
        let way = "a private namespace (demos; no root, no other traffic)"
        do throws(Sandbox.Refusal) {
            let found = try Sandbox.way()
            let command = "unshare " + found.options.joined(separator: " ")
            let ending: ProcessLaunch.Ending
            do throws(SocketError) {
                ending = try Sandbox.run(found, arguments: ["doctor", "--inside-namespace"])
            } catch {
                return Finding(
                    way: way, works: false, detail: "\(error)", remedy: NamespaceAdvice.remedy(forCapture: true))
            }
            if ending.status == 0 {
                return Finding(way: way, works: true, detail: "works, through \(command)", remedy: nil)
            }
            let reason = ending.errors.split(separator: "\n").first.map(String.init) ?? "exit status \(ending.status)"
            return Finding(
                way: way, works: false, detail: "\(command) works, capturing inside does not: \(reason)",
                remedy: NamespaceAdvice.setcap)
        } catch {
            return Finding(
                way: way, works: false, detail: NamespaceAdvice.reason(error),
                remedy: NamespaceAdvice.remedy(forCapture: true))
        }
    }

    private static func hostLoopback() -> Finding {
        let device = DemoGround.hostLoopback
        return finding("the machine's own loopback, \(device) (demo --host-network, capture -i \(device))", device)
    }

    private static func otherInterfaces() -> Finding {
        let way = "the machine's other interfaces (capture -i IF)"
        do throws(CaptureDeviceError) {
            guard let device = try CaptureDevices.all().first(where: { $0.isUp && !$0.isLoopback && $0.name != "any" })
            else {
                return Finding(way: way, works: false, detail: "there is none that is up", remedy: nil)
            }
            return finding(
                "the machine's other interfaces, first \(device.name) (capture -i \(device.name))", device.name)
        } catch {
            return Finding(way: way, works: false, detail: "\(error)", remedy: NamespaceAdvice.setcap)
        }
    }

    private static func finding(_ way: String, _ device: String) -> Finding {
        do throws(CaptureDeviceError) {
            _ = try LiveCapture(device: device)
            return Finding(way: way, works: true, detail: "works", remedy: nil)
        } catch {
            let remedy =
                error.kind == .permissionDenied || error.kind == .promiscuousDenied ? NamespaceAdvice.setcap : nil
            return Finding(
                way: way, works: false, detail: error.kind == .permissionDenied ? "no permission" : error.message,
                remedy: remedy)
        }
    }
}
