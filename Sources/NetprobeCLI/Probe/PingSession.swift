import Addressing
import ArgumentParser
import Probe
import Rendering
import Sockets

/// One run of `netprobe ping-udp`: what the pinger reports becomes lines.
struct PingSession {
    let command: PingUDPCommand
    let peer: Endpoint
    let local: Endpoint?
    let interfaceMTU: Int?

    private var text: PingText { PingText(host: command.host, peer: peer, size: command.size) }

    func ping(_ network: consuming PingSocket, _ plan: PingPlan) throws {
        let output = StandardOutput()
        var out = output.buffer(colour: command.colour.choice)
        var json = PingJSON()
        let text = text
        // A line an answer would be slower than the answers.
        let isQuiet = command.quiet || plan.pace == .flood && !command.ndjson
        if !command.ndjson {
            text.writeHead(from: command.interface == nil ? nil : local, to: &out)
            out.flush()
        }
        var pinger = UDPEchoPinger(
            network: network, plan: plan, session: .random(in: .min ... .max), interimSignal: SignalNumbers.quit)
        let start = MonotonicClock.now()
        var advised = false
        do throws(SocketError) {
            _ = try pinger.run { report in
                switch report {
                case .answer(let verdict):
                    if isQuiet { return }
                    let now = command.ndjson || command.timestamps ? SystemClock.now() : nil
                    if command.ndjson {
                        json.write(verdict, time: now ?? .epoch, to: &out)
                    } else {
                        text.write(verdict, time: now, to: &out)
                    }
                case .unanswered(let sequence):
                    if isQuiet || !command.outstanding { return }
                    let now = SystemClock.now()
                    if command.ndjson {
                        json.writeUnanswered(sequence, time: now, to: &out)
                    } else {
                        text.writeUnanswered(sequence, time: command.timestamps ? now : nil, to: &out)
                    }
                case .undeliverable(let sequence, let failure):
                    if !advised, let advice = text.advice(failure) { Diagnostics.write(advice) }
                    advised = true
                    if isQuiet { return }
                    let now = SystemClock.now()
                    if command.ndjson {
                        json.write(failure, sequence: sequence, time: now, to: &out)
                    } else {
                        text.write(failure, sequence: sequence, time: command.timestamps ? now : nil, to: &out)
                    }
                case .interim(let figures):
                    let duration = MonotonicClock.now() - start
                    if command.ndjson {
                        json.write(
                            figures, type: "interim", host: command.host, peer: peer, duration: duration, to: &out)
                    } else {
                        PingSummary.writeLine(figures, duration: duration, to: &out)
                    }
                }
                if plan.pace != .flood { out.flush() }
            }
        } catch {
            out.flush()
            if error.code == .messageTooLong { throw CommandFailure(text.explainTooLong(interfaceMTU: interfaceMTU)) }
            throw CommandFailure(error)
        }
        let figures = pinger.statistics
        let duration = MonotonicClock.now() - start
        if command.ndjson {
            json.write(figures, type: "statistics", host: command.host, peer: peer, duration: duration, to: &out)
        } else {
            PingSummary.write(figures, host: command.host, duration: duration, to: &out)
            if command.histogram { PingSummary.writeHistogram(figures, columns: Terminal.columns, to: &out) }
        }
        try output.finish(&out)
        try judge(figures, plan)
    }

    /// ping's exit status: no answer at all is "no", and so are fewer answers than asked for by the deadline.
    private func judge(_ figures: PingStatistics, _ plan: PingPlan) throws {
        if figures.answered == 0 {
            if figures.undeliverable == 0, figures.sent > 0 { Diagnostics.write(text.silenceAdvice) }
            throw Status.no
        }
        if plan.deadline != nil, let count = plan.count, figures.answered < count { throw Status.no }
    }

    // MARK: --mtu

    func findMTU(_ network: consuming PingSocket) throws {
        let isIPv6 = AddressFamily(of: peer.address) == .ipv6
        let patience = Int64((command.pace.wait ?? 3) * 1e9)
        var prober = PathMTUProber(
            network: network, isIPv6: isIPv6, session: .random(in: .min ... .max), patience: patience)
        let outcome: PathMTUOutcome
        do throws(SocketError) { outcome = try prober.run(interfaceMTU: interfaceMTU) } catch {
            throw CommandFailure(error)
        }
        switch outcome {
        case .found(let result):
            let output = StandardOutput()
            var out = output.buffer(colour: command.colour.choice)
            if command.ndjson {
                PathMTUText.writeJSON(result, host: command.host, peer: peer, to: &out)
            } else {
                PathMTUText.write(result, host: command.host, peer: peer, to: &out)
            }
            try output.finish(&out)
        case .unreachable(let failure):
            Diagnostics.write(
                "\(command.host): \(PingText.words(failure))" + (text.advice(failure).map { "; \($0)" } ?? ""))
            throw Status.no
        case .silent:
            Diagnostics.write("\(command.host): \(text.silenceAdvice)")
            throw Status.no
        case .interrupted:
            Diagnostics.write("\(command.host): interrupted before the path MTU was known")
            throw Status.no
        }
    }
}
