#!/usr/bin/env python3
"""Scans hosts that limit their RSTs and ICMP messages, in two network namespaces of its own joined by a wire.

    Tests/Soak/rate_limits.py NETPROBE [MIXES] [SEED]

Each mix gives 60 to 400 ports a random fate: open, closed, dropped, or refused by RST or by ICMP port unreachable at no more than a
random rate of 1 to 200 a second; beside that the kernel limits its own ICMP messages to one a second after a burst of six. netprobe must
find the state of every port; what nmap finds, and how long both take, is told where nmap is installed (NMAP=1).
"""
import json, os, random, shutil, subprocess, sys, time

os.environ["PATH"] += ":/usr/sbin:/sbin"
if not os.environ.get("NETPROBE_SOAK_NAMESPACE"):
    enter = ["unshare", "-n"] if os.geteuid() == 0 else ["unshare", "-Urn"]
    os.execvpe("unshare", enter + [sys.executable] + sys.argv, dict(os.environ, NETPROBE_SOAK_NAMESPACE="1"))

netprobe = os.path.abspath(sys.argv[1])
mixes = int(sys.argv[2]) if len(sys.argv) > 2 else 3
seed = int(sys.argv[3]) if len(sys.argv) > 3 else random.randrange(1 << 30)
dice = random.Random(seed)
print("rate limits: seed %d" % seed)
TARGET = "10.9.9.2"
SERVER = """
import socket, sys
sockets = []
for port in sys.argv[1:]:
    s = socket.socket(); s.bind(("0.0.0.0", int(port))); s.listen(64); sockets.append(s)
sys.stdout.write("ready\\n"); sys.stdout.flush(); sys.stdin.read()
"""


class Host:
    """The other end of the wire: a namespace of its own, held by one process."""

    def __init__(self):
        self.holder = subprocess.Popen(["unshare", "-n", "sh", "-c", "echo; exec cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.holder.stdout.readline()
        run = lambda *words: subprocess.run(words, check=True)
        run("ip", "link", "add", "near", "type", "veth", "peer", "name", "far", "netns", str(self.holder.pid))
        run("ip", "address", "add", "10.9.9.1/24", "dev", "near")
        run("ip", "link", "set", "near", "up")
        self.run("ip address add 10.9.9.2/24 dev far; ip link set far up; ip link set lo up")

    def enter(self, words):
        # The holder's user namespace is this one; only its network is entered.
        return ["nsenter", "--net=/proc/%d/ns/net" % self.holder.pid] + words

    def run(self, script, text=None):
        subprocess.run(self.enter(["sh", "-c", script]), input=text, text=True, check=True)

    def close(self):
        self.holder.stdin.close()
        self.holder.wait()


def fates(ports):
    """Ports by fate, and the firewall's rules for them."""
    names = ["open", "closed", "dropped", "rst", "icmp"]
    weights = [dice.choice([0, 1, 3, 10]) for _ in names]
    if sum(weights[3:]) == 0: weights[3] = 5
    kinds = dict(zip(ports, dice.choices(names, weights, k=len(ports))))
    rate, burst = dice.choice([1, 2, 5, 10, 30, 100, 200]), dice.choice([1, 5, 20])
    # A second for each hidden port is more than a test has time for.
    if rate < 10:
        for name in ("rst", "icmp"):
            for port in [p for p in ports if kinds[p] == name][12 * rate:]: kinds[port] = "closed"
    for port in [p for p in ports if kinds[p] == "icmp"][25:]: kinds[port] = "dropped"
    def ports_of(name): return ", ".join(str(p) for p in ports if kinds[p] == name)
    rules = []
    if ports_of("dropped"): rules.append("tcp dport { %s } drop" % ports_of("dropped"))
    if ports_of("rst"):
        rules.append("tcp dport { %s } limit rate %d/second burst %d packets reject with tcp reset" % (ports_of("rst"), rate, burst))
        rules.append("tcp dport { %s } drop" % ports_of("rst"))
    # The kernel's own limit of ICMP messages (icmp_ratelimit) is met here.
    if ports_of("icmp"): rules.append("tcp dport { %s } reject" % ports_of("icmp"))
    return kinds, rules, "%s; %d/s, burst %d" % (", ".join("%d %s" % (list(kinds.values()).count(n), n) for n in names), rate, burst)


wrong = 0
host = Host()
for index in range(mixes):
    ports = sorted(dice.sample(range(1, 5000), dice.randint(60, 400)))
    kinds, rules, text = fates(ports)
    host.run("nft flush ruleset; nft -f -", "table inet t {\nchain i {\ntype filter hook input priority 0;\n%s\n}\n}\n" % "\n".join(rules))
    server = subprocess.Popen(host.enter([sys.executable, "-c", SERVER] + [str(p) for p in ports if kinds[p] == "open"]), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    server.stdout.readline()
    time.sleep(2)
    expected = {p: {"open": "open", "dropped": "filtered"}.get(kinds[p], "closed") for p in ports}
    listed = ",".join(map(str, ports))
    began = time.monotonic()
    output = subprocess.run([netprobe, "scan", "-n", "-p", listed, TARGET, "--ndjson"], capture_output=True, text=True).stdout
    took = time.monotonic() - began
    lines = [json.loads(line) for line in output.splitlines()]
    found = {o["port"]: o["state"] for o in lines if o["type"] == "port"}
    mistakes = [p for p in ports if found.get(p) != expected[p]]
    wrong += len(mistakes)
    limit = [(o["rate_limited"], o.get("answers_per_second")) for o in lines if o["type"] == "host"]
    print("mix %d: %s: netprobe %d wrong in %.1f s %s %s" % (index, text, len(mistakes), took, limit, [(p, kinds[p]) for p in mistakes[:5]]))
    if os.environ.get("NMAP") and shutil.which("nmap"):
        time.sleep(7)
        began = time.monotonic()
        output = subprocess.run(["nmap", "-sT", "-Pn", "-n", "-p", listed, TARGET, "-oG", "-", "-d"], capture_output=True, text=True).stdout
        took = time.monotonic() - began
        shown = {}
        for line in output.splitlines():
            if "Ports: " in line:
                for part in line.split("Ports: ")[1].split("\t")[0].split(", "): shown[int(part.split("/")[0])] = part.split("/")[1]
        print("        nmap %d wrong in %.1f s" % (len([p for p in ports if shown.get(p) not in (None, expected[p])]), took))
    sys.stdout.flush()
    server.stdin.close()
    server.wait()
host.close()
print("%d mixes: %s" % (mixes, "all right" if wrong == 0 else "%d ports wrong" % wrong))
sys.exit(1 if wrong else 0)
