#!/usr/bin/env python3
"""Compares `netprobe scan` with nmap's connect scan and with a bare C loop, in turns, in a network namespace of its own.

    Tests/Bench/scan.py [--netprobe FILE] [--rounds N] [--only loopback|dropped|memory]

Each way of scanning must find exactly the ports that listen. Exit 1 where a target is missed.
"""
import argparse, os, re, shutil, statistics, subprocess, sys, tempfile, time

here = os.path.dirname(os.path.abspath(__file__))
parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--netprobe", default=".build/release/netprobe")
parser.add_argument("--rounds", type=int, default=5)
parser.add_argument("--only", choices=["loopback", "dropped", "memory"])
given = parser.parse_args()
netprobe = os.path.abspath(given.netprobe)

# Nothing may leave this machine, and the firewall's rules must not be its own.
if not os.environ.get("NETPROBE_BENCH_NAMESPACE"):
    enter = ["unshare", "-n"] if os.geteuid() == 0 else ["unshare", "-Urn"]
    os.execvpe("unshare", enter + [sys.executable] + sys.argv, dict(os.environ, NETPROBE_BENCH_NAMESPACE="1"))

listening = [22, 80, 5432, 8080]
dropped = "1-10000"
folder = tempfile.mkdtemp()
peer = os.path.join(folder, "scan_peer")
nmap = shutil.which("nmap")
missed = 0


def run(*command):
    """Seconds, peak memory in MB, and what was printed."""
    started = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    text = child.stdout.read().decode()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise SystemExit("%s ended with %s" % (" ".join(command), child.returncode))
    return time.perf_counter() - started, usage.ru_maxrss / 1024, text


def scan(command, hosts=1):
    seconds, memory, text = run(*command)
    found = re.findall(r"^(\d+)/tcp +open", text, re.MULTILINE)
    if sorted(map(int, found)) != sorted(listening * hosts):
        raise SystemExit("%s found %s instead of %s" % (" ".join(command), found, listening * hosts))
    return seconds, memory


def loop():
    seconds, memory, text = run(peer, "loop")
    if int(text) < len(listening):
        raise SystemExit("the C loop connected to %s ports only" % text)
    return seconds, memory


def in_turns(ways, rounds):
    found = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            found[name].append(way())
    for name, values in found.items():
        seconds = [value[0] for value in values]
        print("  %-24s %8.3f s (%.3f to %.3f) %6.1f MB" % (
            name, statistics.median(seconds), min(seconds), max(seconds), max(value[1] for value in values)))
    return found


def ratio(found, of, to):
    """The median of the pairs' ratios."""
    return statistics.median(a[0] / b[0] for a, b in zip(found[of], found[to]))


def check(what, value, limit, at_least=False):
    global missed
    good = value >= limit if at_least else value <= limit
    missed += not good
    print("  %s: %.2f, at %s %g%s" % (what, value, "least" if at_least else "most", limit, "" if good else "  MISSED"))


def ours(*arguments):
    return [netprobe, "scan", "-n", *arguments]


def theirs(*arguments):
    return [nmap, "-n", "-Pn", "-sT", *arguments]


def loopback():
    print("127.0.0.1, all 65,535 ports, %d listen" % len(listening))
    ways = {"netprobe scan": lambda: scan(ours("127.0.0.1", "-p-")), "bare C loop": loop}
    if nmap:
        ways["nmap -sT"] = lambda: scan(theirs("127.0.0.1", "-p-"))
    found = in_turns(ways, given.rounds)
    check("time beside the C loop", ratio(found, "netprobe scan", "bare C loop"), 1.3)
    if nmap:
        check("time beside nmap", ratio(found, "netprobe scan", "nmap -sT"), 1)


def firewall():
    """nmap takes half a minute here: two rounds are enough for a factor of ten."""
    print("10,000 ports of which 9,996 are dropped")
    rules = "table inet bench { chain input { type filter hook input priority 0; tcp dport { %s } accept; tcp dport %s drop; }; }"
    subprocess.run(["nft", rules % (", ".join(map(str, listening)), dropped)], check=True)
    ways = {"netprobe scan": lambda: scan(ours("-Pn", "127.0.0.1", "-p", dropped))}
    if nmap:
        ways["nmap -sT"] = lambda: scan(theirs("127.0.0.1", "-p", dropped))
    found = in_turns(ways, min(2, given.rounds))
    subprocess.run(["nft", "delete", "table", "inet", "bench"], check=True)
    if nmap:
        check("times as fast as nmap", ratio(found, "nmap -sT", "netprobe scan"), 10, at_least=True)


def memory():
    print("16 hosts, all 65,535 ports of each")
    found = in_turns({"netprobe scan": lambda: scan(ours("127.0.1.0/28", "-p-"), hosts=16)}, 1)
    check("peak memory in MB", found["netprobe scan"][0][1], 40)


try:
    subprocess.run(["cc", "-O2", "-o", peer, os.path.join(here, "scan_peer.c")], check=True)
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    server = subprocess.Popen([peer, "listen", *map(str, listening)], stdout=subprocess.PIPE)
    try:
        if server.stdout.readline() != b"ready\n":
            raise SystemExit("the server does not listen")
        if not nmap:
            print("nmap is not installed: not compared", file=sys.stderr)
        for name, part in (("loopback", loopback), ("dropped", firewall), ("memory", memory)):
            if given.only in (None, name):
                part()
    finally:
        server.kill()
finally:
    shutil.rmtree(folder)
sys.exit(1 if missed else 0)
