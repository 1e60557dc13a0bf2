import Addressing
import Probe
import Sockets
import Text

/// A resolution as one JSON object. A lookup has `status`: `ok`, `error` or `timeout`.
public enum ResolutionJSON {
    /// Writes the object with its line end.
    public static func write(_ resolution: NameResolution, to out: inout OutputBuffer) {
        var json = JSONWriter()
        json.beginObject(&out)
        json.member("question", resolution.question, &out)
        json.key("gethostbyname", &out)
        if let entry = resolution.hostEntry {
            begin(entry, &json, &out)
            if let answer = entry.answer {
                json.member("name", answer.name, &out)
                list("aliases", answer.aliases, &json, &out)
                list("addresses", answer.addresses.map { "\($0)" }, &json, &out)
            }
            json.endObject(&out)
        } else {
            json.null(&out)
        }
        json.key("getaddrinfo", &out)
        begin(resolution.addressList, &json, &out)
        if let answer = resolution.addressList.answer {
            json.member("name", answer.canonicalName, &out)
            json.key("addresses", &out)
            json.beginArray(&out)
            for endpoint in answer.endpoints {
                json.beginObject(&out)
                json.member("address", "\(endpoint.address)", &out)
                json.member("family", AddressFamily(of: endpoint.address) == .ipv4 ? "ipv4" : "ipv6", &out)
                if endpoint.scope != 0 { json.member("scope", Int(endpoint.scope), &out) }
                json.member("kind", endpoint.address.kind.category.rawValue, &out)
                json.endObject(&out)
            }
            json.endArray(&out)
        }
        json.endObject(&out)
        json.key("reverse", &out)
        json.beginArray(&out)
        for reverse in resolution.names {
            begin(reverse.lookup, &json, &out)
            json.member("address", "\(reverse.endpoint.address)", &out)
            json.member("name", reverse.lookup.answer, &out)
            json.endObject(&out)
        }
        json.endArray(&out)
        json.key("hosts_file", &out)
        json.beginArray(&out)
        for line in resolution.hostsLines {
            json.beginObject(&out)
            json.member("line", line.number, &out)
            json.member("address", "\(line.address)", &out)
            list("names", line.names, &json, &out)
            json.endObject(&out)
        }
        json.endArray(&out)
        json.endObject(&out)
        json.endLine(&out)
    }

    private static func begin<Answer>(_ lookup: Lookup<Answer>, _ json: inout JSONWriter, _ out: inout OutputBuffer) {
        json.beginObject(&out)
        let time: Duration
        switch lookup {
        case .answered(_, let taken):
            json.member("status", "ok", &out)
            time = taken
        case .failed(let error, let taken):
            json.member("status", "error", &out)
            json.member("code", error.symbol, &out)
            json.member("reason", error.reason, &out)
            time = taken
        case .silent(let taken):
            json.member("status", "timeout", &out)
            time = taken
        }
        json.member("time_ns", Int(clamping: time.clampedNanoseconds), &out)
    }

    private static func list(
        _ name: StaticString, _ values: [String], _ json: inout JSONWriter, _ out: inout OutputBuffer
    ) {
        json.key(name, &out)
        json.beginArray(&out)
        for value in values { json.value(value, &out) }
        json.endArray(&out)
    }
}
