#!/usr/bin/env python3
"""How fast the servers are beside what anybody would write: `serve tcp-echo` beside a minimal C epoll server and asyncio,
`serve udp-echo` beside a recvfrom/sendto loop in C, `file` beside a C pair that also writes and hashes. All take turns in one run;
medians. Exit status 1 if a target is missed.

The servers have one core for themselves and the load another. Throughput says how fast a server is only where the server is what
takes the time: where its core was idle for more than a tenth, the load was the limit, and the servers are compared by messages per
second of their own CPU time instead. Both are printed.

Usage: serve.py [NETPROBE]     on loopback; the load is a process of its own (serve/echo_load.c)
"""
import os, re, resource, statistics, subprocess, sys, tempfile, time

here = os.path.dirname(os.path.abspath(__file__))
netprobe = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else '.build/release/netprobe')
scratch = tempfile.mkdtemp(prefix='netprobe-bench-')
rounds = int(os.environ.get('ROUNDS', '5'))
missed = []


def build(name, *more):
    target = os.path.join(scratch, name)
    compiler = os.environ.get('CC', 'cc')
    subprocess.run([compiler, '-O2', '-o', target, f'{here}/serve/{name}.c', *more], check=True)
    return target


cores = sorted(os.sched_getaffinity(0))


def pinned(core):
    """For preexec_fn: the process runs on one core alone, where there are two."""
    return (lambda: os.sched_setaffinity(0, {cores[core]})) if len(cores) > 1 else None


def cpu(process):
    """Seconds of CPU time of all threads."""
    folder = f'/proc/{process.pid}/task'
    return sum(int(open(f'{folder}/{thread}/schedstat').read().split()[0]) for thread in os.listdir(folder)) / 1e9


def start(command, core=None):
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=None if core is None else pinned(core))
    time.sleep(0.4)
    if process.poll() is not None:
        sys.exit(f'{command} has ended')
    return process


def peak(process):
    return int(re.search(r'VmHWM:\s+(\d+)', open(f'/proc/{process.pid}/status').read())[1]) // 1024


def verdict(what, ratio, target, at_least=True):
    good = ratio >= target if at_least else ratio <= target
    print(f'  {what}: {ratio:.2f} (target {"at least" if at_least else "at most"} {target}){"" if good else "  MISSED"}')
    if not good:
        missed.append(what)


def compare(title, servers, loads):
    """servers: name -> (command, port)."""
    print(title)
    running = {name: start(command, core=0) for name, (command, _) in servers.items()}
    results, busy, per_cpu = {}, {}, {}
    for load in loads:
        for _ in range(rounds):
            for name, (_, port) in servers.items():
                used = cpu(running[name])
                run = subprocess.run(
                    [echo_load, load[0], str(port), *map(str, load[1:])], capture_output=True, text=True, preexec_fn=pinned(1))
                if run.returncode:
                    sys.exit(f'{name} under {load}: {run.stdout} {run.stderr}')
                used = cpu(running[name]) - used
                rate, count = (float(word) for word in run.stdout.split()[:2])
                results.setdefault((load, name), []).append(rate)
                busy.setdefault((load, name), []).append(used / (count / rate))
                per_cpu.setdefault((load, name), []).append(count / used)
    for load in loads:
        median = {name: statistics.median(results[load, name]) for name in servers}
        words = f'{load[1]} connections, {load[3]} bytes' if load[0] == 'tcp' else f'{load[1]} on their way, {load[3]} bytes'
        share = {name: statistics.median(busy[load, name]) for name in servers}
        own = {name: statistics.median(per_cpu[load, name]) for name in servers}
        print(f'  {words}: ' + ', '.join(
            f'{name} {value:,.0f}/s ({share[name]:.0%} of a core, {own[name]:,.0f} a CPU second)' for name, value in median.items()))
        for other, target in (('C', 0.9), ('asyncio', 3)):
            if other not in servers:
                continue
            by_cpu = min(share['netprobe'], share[other]) < 0.9
            figures = own if by_cpu else median
            verdict(f'{title}, {words}, beside {other}{", by CPU time: the load is the limit" if by_cpu else ""}',
                    figures['netprobe'] / figures[other], target)
    print(f'  netprobe: {peak(running["netprobe"])} MB at most')
    for process in running.values():
        process.kill()
        process.wait()


def files():
    print('file, 1 GB')
    source, target = os.path.join(scratch, 'shared'), os.path.join(scratch, 'got')
    os.mkdir(source)
    with open(f'{source}/big', 'wb') as file:
        block = os.urandom(1 << 20)
        for number in range(1000):
            file.write(number.to_bytes(8, 'big') + block[8:])
    ours = start([netprobe, 'serve', 'file', source, '-q', '--port', '7005'])
    pair = start([file_pair, 'serve', '7006', f'{source}/big'])
    commands = {'netprobe': [netprobe, 'client', 'file', '127.0.0.1', 'big', '--port', '7005', '-o', target],
                'C': [file_pair, 'get', '7006', target]}
    times = {name: [] for name in commands}
    for round in range(rounds):
        for name, command in commands.items():
            if os.path.exists(target):
                os.unlink(target)
            if name == 'netprobe':
                # The server keeps digests by the file's time: each turn works it out anew, as the pair does.
                os.utime(f'{source}/big', ns=(round, round))
            begun = time.monotonic()
            subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
            times[name].append(time.monotonic() - begun)
    median = {name: statistics.median(values) for name, values in times.items()}
    print('  ' + ', '.join(f'{name} {value:.2f} s' for name, value in median.items()))
    verdict('file beside the C pair, time', median['netprobe'] / median['C'], 1.2, at_least=False)
    for process in (ours, pair):
        process.kill()
        process.wait()


# Every program started here may have as many descriptors as it may at all: 10,000 clients want them.
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
tcp_loads = [('tcp', 50, 1000, 64), ('tcp', 50, 500, 16384), ('tcp', 10_000, 10, 64)]
if hard != resource.RLIM_INFINITY and hard < 10_100:
    print(f'*** NOT MEASURED ON THIS MACHINE: 10,000 clients (at most {hard} descriptors)')
    tcp_loads.pop()
echo_server, echo_load = build('echo_server'), build('echo_load')
file_pair = build('file_pair', '-lcrypto')
compare('tcp-echo', {'netprobe': ([netprobe, 'serve', 'tcp-echo', '-q', '--port', '7001'], 7001), 'C': ([echo_server, 'tcp', '7002'], 7002),
                     'asyncio': ([sys.executable, f'{here}/serve/asyncio_echo.py', '7003'], 7003)},
        tcp_loads)
compare('udp-echo', {'netprobe': ([netprobe, 'serve', 'udp-echo', '-q', '--port', '7001'], 7001), 'C': ([echo_server, 'udp', '7002'], 7002)},
        [('udp', 1, 0.5, 64), ('udp', 32, 0.5, 64), ('udp', 32, 0.5, 1400)])
files()
subprocess.run(['rm', '-r', scratch])
sys.exit(1 if missed else 0)
