import Addressing
import Logging
import Packets
import Rendering
import Services
import Sockets
import Synchronization
import SystemPackage
import Text

/// Writes a server's log to standard error, a line an entry: time of day, level, text. What others chose is escaped
/// here and nowhere else.
struct StandardErrorLog: LogHandler {
    private static let times = LogTimes()

    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    init(level: Logger.Level) { logLevel = level }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        Self.write(event.level == .info ? "\(event.message)" : "\(event.level): \(event.message)")
    }

    /// `--calls`: as strace writes it, with the time that it took.
    static let printCall: @Sendable (SocketCall) -> Void = { call in
        let time = call.finish.map { " <\(DurationText.text(nanoseconds: $0.nanoseconds(since: call.start)))>" } ?? ""
        write("\(call.text)\(time)")
    }

    /// A line with the time before it.
    static func write(_ text: String) {
        var line = ByteCollector()
        times.write(SystemClock.now(), to: &line)
        line.append(escaping: text)
        line.append(ascii: 10)
        LogOutput.errors.write(line.bytes.rawSpan)
    }
}

/// The times of a log's lines, from any thread. A class, because Swift 6.3.1's optimizer loses the zone's function when
/// a global Mutex holds it (the first line crashed release builds).
private final class LogTimes: Sendable {
    private let column: Mutex<TimeColumn>

    init() { column = Mutex(TimeColumn(.timeOfDay, zone: LocalTimeZone.offset)) }

    func write(_ time: Timestamp, to line: inout ByteCollector) { column.withLock { $0.write(time, to: &line) } }
}

/// Tells a server's events.
struct ServiceLog: Sendable {
    private let logger: Logger

    init(_ service: ServiceDescription, quiet: Bool) {
        logger = Logger(label: service.name) { _ in StandardErrorLog(level: quiet ? .warning : .info) }
    }

    func warn(_ text: String) { logger.warning("\(text)") }

    func report(_ event: ServiceEvent) {
        switch event {
        case .listening, .listeningAt: break
        case .connected(let peer): logger.info("\(Self.name(peer)) joins")
        case .finished(let peer, nil): logger.info("\(Self.name(peer)) leaves")
        case .finished(let peer, let error?): logger.warning("\(Self.name(peer)) leaves: \(error)")
        case .dismissed(let peer, .idle): logger.warning("\(Self.name(peer)) is sent away: idle for too long")
        case .dismissed(let peer, .tooSlow):
            logger.warning("\(Self.name(peer)) is sent away: does not read what it is sent")
        case .unanswered(let peer, let error): logger.warning("\(Self.name(peer)) is not answered: \(error)")
        case .passedOver(let peer, .port):
            logger.warning(
                "\(peer) is not answered: who answers at port \(peer.port) could answer each answer, for ever (RFC 862)"
            )
        case .passedOver(let peer, .rate):
            logger.warning("\(peer) is answered no faster: it has had as many answers this second as anybody gets")
        case .remark(let peer, .text(let text)): logger.info("\(peer.map { Self.name($0) + " " } ?? "")\(text)")
        case .remark(let peer, .data(let bytes)): Self.printData(bytes, from: peer)
        case .full(let count):
            logger.warning("\(count) clients are being served, as many as may be; the next wait in the queue")
        case .exhausted(let error):
            logger.warning("cannot accept: \(error); those who wait are accepted when there is room again")
        }
    }

    private static func name(_ peer: Endpoint) -> String { peer == .localClient ? "a client" : "\(peer)" }

    /// What a service is there to show goes to standard output.
    private static func printData(_ bytes: [UInt8], from peer: Endpoint?) {
        var line = ByteCollector()
        line.append(escaping: "\(peer.map(name) ?? "") sent \(bytes.count) bytes: ")
        line.append(escaping: bytes.rawSpan)
        line.append(ascii: 10)
        LogOutput.results.write(line.bytes.rawSpan)
    }
}
