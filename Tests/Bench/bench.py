#!/usr/bin/env python3
"""How fast netprobe show is beside the peers that are installed, on the same files, in one run.

    Tests/Bench/bench.py NETPROBE [--packets N] [--runs N] [--folder DIR] [--captures DIR] [--corpus DIR]

It makes its own input: a repeatable synthetic capture (traffic.py; 1,000,000 packets are about 450 MB), a tenth of it, one of
web traffic (web.py, a fiftieth), one of very many conversations, and the packets of captures/ and of the folder that --corpus names, repeated. The files are kept in the folder and made only once. Each comparison
runs netprobe and the peer in turn, so that whatever else the machine does meets both, with output to /dev/null, and takes the
medians. Exit 1 where a target is missed.
"""
import argparse
import os
import shutil
import statistics
import struct
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import traffic
import web

TEN_FIELDS = ["frame.number", "frame.time_epoch", "frame.len", "ip.src", "ip.dst", "ip.proto", "tcp.srcport", "tcp.dstport", "tcp.flags", "tcp.len"]
ENVIRONMENT = dict(os.environ, TZ="UTC0")


def run(command):
    """Seconds that the command took, and its peak memory in MB."""
    with open(os.devnull, "wb") as nowhere:
        start = time.perf_counter()
        child = subprocess.Popen(command, stdout=nowhere, stderr=nowhere, env=ENVIRONMENT)
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in (0, 1):
        raise SystemExit("%s ended with %s" % (" ".join(command), child.returncode))
    return seconds, usage.ru_maxrss / 1024


def made(folder, name, make):
    path = os.path.join(folder, name)
    if not os.path.exists(path):
        print("making %s …" % path, file=sys.stderr)
        make(path + ".part")
        os.rename(path + ".part", path)
    return path


def conversations(path, count):
    """A SYN each from so many clients."""
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        for number in range(count):
            tcp = struct.pack("!HHIIBBHHH", 1024 + number % 60000, 80, number, 0, 0x50, 2, 1024, 0, 0)
            packet = traffic.MAC_B + traffic.MAC_A + b"\x08\x00" + traffic.ipv4_header(40, 6, (10 << 24) + number, 1 << 24, number & 0xFFFF) + tcp
            file.write(struct.pack("<IIII", traffic.START, number % 1000000, len(packet), len(packet)) + packet)


def records_of(netprobe, capture, part):
    """The Ethernet packets of a capture as records of a classic pcap file with microseconds, and their number."""
    subprocess.run([netprobe, "show", "-w", part, capture], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if not os.path.exists(part):
        return b"", 0
    with open(part, "rb") as file:
        data = bytearray(file.read())
    os.unlink(part)
    if len(data) < 24:
        return b"", 0
    magic, link = struct.unpack_from("<I", data)[0], struct.unpack_from("<I", data, 20)[0]
    if magic not in (0xA1B2C3D4, 0xA1B23C4D) or link != 1:
        return b"", 0
    count, offset = 0, 24
    while offset < len(data):
        if magic == 0xA1B23C4D:
            struct.pack_into("<I", data, offset + 4, struct.unpack_from("<I", data, offset + 4)[0] // 1000)
        offset += 16 + struct.unpack_from("<I", data, offset + 8)[0]
        count += 1
    return bytes(data[24:]), count


def repeated(netprobe, folder, path, packets):
    """The packets of all captures in a folder, again and again."""
    once, count = b"", 0
    for where, _, files in sorted(os.walk(folder)):
        for name in sorted(files):
            records, more = records_of(netprobe, os.path.join(where, name), path + ".pcap")
            once += records
            count += more
    if not count:
        raise SystemExit("%s has no capture of Ethernet packets" % folder)
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        for _ in range(max(1, packets // count)):
            file.write(once)


class Table:
    def __init__(self, runs):
        self.runs, self.missed = runs, 0
        print("%-44s %9s %8s  %-22s %9s %8s %8s" % ("netprobe", "ms", "MB", "peer", "ms", "ratio", "target"))

    def compare(self, title, ours, peer=None, theirs=None, target=None, runs=None):
        """Runs both in turn; the ratio is the median of the pairs' ratios."""
        pairs = []
        for _ in range(runs or self.runs):
            our_seconds, memory = run(ours)
            pairs.append((our_seconds, run(theirs)[0] if theirs else None, memory))
        ours_ms = statistics.median(pair[0] for pair in pairs) * 1000
        memory = max(pair[2] for pair in pairs)
        if not theirs:
            print("%-44s %9.0f %8.1f" % (title, ours_ms, memory))
            return ours_ms, memory
        ratio = statistics.median(pair[1] / pair[0] for pair in pairs)
        verdict = "" if target is None else ("≥ %g" % target if target != 1 else "> 1")
        good = target is None or (ratio > 1 if target == 1 else ratio >= target)
        self.missed += not good
        print("%-44s %9.0f %8.1f  %-22s %9.0f %7.1f× %8s%s" % (
            title, ours_ms, memory, peer, statistics.median(pair[1] for pair in pairs) * 1000, ratio, verdict, "" if good else "  MISSED"))
        return ours_ms, memory

    def check(self, what, value, limit, unit):
        good = value <= limit
        self.missed += not good
        print("%-44s %9.1f %s, at most %.1f%s" % (what, value, unit, limit, "" if good else "  MISSED"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("netprobe")
    parser.add_argument("--packets", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--folder", default=os.path.join(os.environ.get("TMPDIR", "/tmp"), "netprobe-bench"))
    parser.add_argument("--captures", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "captures"))
    parser.add_argument("--corpus", default="/work/shared/corpus", help="more captures to repeat, where the folder is there")
    options = parser.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    netprobe = os.path.abspath(options.netprobe)
    big = made(options.folder, "synthetic-%d.pcap" % options.packets, lambda path: traffic.write(path, options.packets))
    small = made(options.folder, "synthetic-%d.pcap" % (options.packets // 10), lambda path: traffic.write(path, options.packets // 10))
    many_count = options.packets // 4
    many = made(options.folder, "conversations-%d.pcap" % many_count, lambda path: conversations(path, many_count))
    demos = made(options.folder, "demos-%d.pcap" % options.packets, lambda path: repeated(netprobe, options.captures, path, options.packets))
    visits = made(options.folder, "web-%d.pcap" % (options.packets // 50), lambda path: web.write(path, options.packets // 50))
    files = [big, small, many, demos]
    if os.path.isdir(options.corpus):
        corpus = made(options.folder, "corpus-%d.pcap" % options.packets, lambda path: repeated(netprobe, options.corpus, path, options.packets))
        files.append(corpus)
    print("%s: %.0f MB, %d packets; medians of %d, peers in turn" % (big, os.path.getsize(big) / 1e6, options.packets, options.runs))
    for path in files + [visits]:
        with open(path, "rb") as file:
            while file.read(1 << 20):
                pass
    fields = [argument for field in TEN_FIELDS for argument in ("-e", field)]
    show = [netprobe, "show", "-n"]
    have = {peer: shutil.which(peer) for peer in ("tcpdump", "capinfos", "tshark")}
    for peer, path in have.items():
        if not path:
            print("%s is not installed: left out" % peer, file=sys.stderr)

    table = Table(options.runs)

    def peer(name, *arguments):
        return [have[name], *arguments] if have[name] else None

    lines_ms, lines_mb = table.compare("show -n", show + [big], "tcpdump -n -r", peer("tcpdump", "-n", "-r", big), 4)
    table.compare("show -n, demos repeated", show + [demos], "tcpdump -n -r", peer("tcpdump", "-n", "-r", demos), 4)
    if len(files) > 4:
        table.compare("show -n, corpus repeated", show + [corpus], "tcpdump -n -r", peer("tcpdump", "-n", "-r", corpus), 4)
    _, absolute_mb = table.compare("show -n -S", show + ["-S", big])
    table.compare("show --count", [netprobe, "show", "--count", big], "capinfos -c", peer("capinfos", "-c", big), 1)
    table.compare("show -T fields, 10 fields, a tenth", show + ["-T", "fields", *fields, small], "tshark -n -T fields",
                  peer("tshark", "-n", "-r", small, "-T", "fields", *fields), 20)
    _, fields_mb = table.compare("show -T fields, 10 fields", show + ["-T", "fields", *fields, big])
    table.compare("show --count -Y 'tcp.port == 443'", show + ["--count", "-Y", "tcp.port == 443", big])
    table.compare("show --count tcp port 443", show + ["--count", big, "tcp", "port", "443"], "tcpdump -w", peer("tcpdump", "-r", big, "-w", os.devnull, "tcp", "port", "443"))
    table.compare("show -T ndjson, a tenth", show + ["-T", "ndjson", small])
    table.compare("show -v, web traffic", show + ["-v", visits], "tshark -V", peer("tshark", "-n", "-r", visits, "-V"), 10)
    table.compare("show -T json, web traffic", show + ["-T", "json", visits], "tshark -T json", peer("tshark", "-n", "-r", visits, "-T", "json"), 10)
    tenth_ms, _ = table.compare("show -n, a tenth", show + [small])
    _, many_mb = table.compare("show -n, %d conversations" % many_count, show + [many])
    table.check("memory, relative numbers", lines_mb, 30, "MB")
    table.check("memory, absolute numbers", absolute_mb, 30, "MB")
    table.check("memory, fields", fields_mb, 30, "MB")
    table.check("memory, %d conversations" % many_count, many_mb, 30 + many_count * 128 / 1048576, "MB")
    table.check("time of all beside ten times a tenth", lines_ms / (10 * tenth_ms), 1.5, "×")
    return 1 if table.missed else 0


if __name__ == "__main__":
    sys.exit(main())
