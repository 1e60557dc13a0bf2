#!/usr/bin/env python3
"""How fast `netprobe flows` is beside tshark's conversation list and capinfos, and what a conversation costs in memory.

    Tests/Bench/flows.py NETPROBE [--packets N] [--conversations N] [--runs N] [--folder DIR]

The input is bench.py's: a repeatable synthetic capture (1,000,000 packets are about 450 MB) and one with a conversation a packet. tshark
and capinfos run in turn with netprobe, so that whatever else the machine does meets all; tshark, which takes long, only once a
pair. Exit 1 where a target is missed.
"""
import argparse
import os
import statistics

from bench import Table, conversations, made, run
import traffic


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("netprobe")
    parser.add_argument("--packets", type=int, default=1_000_000)
    parser.add_argument("--conversations", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--folder", default=os.path.join(os.environ.get("TMPDIR", "/tmp"), "netprobe-bench"))
    options = parser.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    big = made(options.folder, "synthetic-%d.pcap" % options.packets, lambda path: traffic.write(path, options.packets))
    many = made(options.folder, "conversations-%d.pcap" % options.conversations, lambda path: conversations(path, options.conversations))
    few = made(options.folder, "conversations-%d.pcap" % (options.conversations // 10), lambda path: conversations(path, options.conversations // 10))
    for path in (big, many, few):
        # Into the page cache: nobody is to pay for the disk.
        with open(path, "rb") as file:
            while file.read(1 << 20):
                pass
    flows = [options.netprobe, "flows"]
    table = Table(options.runs)
    table.compare("flows, %d packets" % options.packets, flows + [big], "tshark -z conv,tcp", ["tshark", "-q", "-z", "conv,tcp", "-r", big], 50, 2)
    table.compare("flows, %d packets" % options.packets, flows + [big], "capinfos -c", ["capinfos", "-c", big], 1)
    table.compare("flows --csv, %d conversations" % options.conversations, flows + ["--csv", many])
    peak = statistics.median(run(flows + ["--csv", many])[1] for _ in range(3))
    small = statistics.median(run(flows + ["--csv", few])[1] for _ in range(3))
    table.check("%d conversations in one file" % options.conversations, peak, 1500, "MB")
    table.check("a conversation more", (peak - small) * 1e6 / (options.conversations * 0.9), 1024, "bytes")
    raise SystemExit(1 if table.missed else 0)


if __name__ == "__main__":
    main()
