#!/usr/bin/env python3
"""How fast the servers are beside what anybody would write: `serve tcp-echo` beside a minimal C epoll server and asyncio,
`serve udp-echo` beside a recvfrom/sendto loop in C, `file` beside a C pair that also writes and hashes. All take turns in one run;
medians. Exit status 1 if a target is missed.

Usage: serve.py [NETPROBE]     on loopback; the load is a process of its own (serve/echo_load.c)
"""
import os, re, statistics, subprocess, sys, tempfile, time

here = os.path.dirname(os.path.abspath(__file__))
netprobe = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else '.build/release/netprobe')
scratch = tempfile.mkdtemp(prefix='netprobe-bench-')
rounds = int(os.environ.get('ROUNDS', '5'))
missed = []


def build(name, *more):
    target = os.path.join(scratch, name)
    compiler = os.environ.get('CC', 'cc')
    subprocess.run([compiler, '-O2', '-I', f'{here}/../../Sources/CNetShims/include', '-o', target, f'{here}/serve/{name}.c', *more], check=True)
    return target


def start(command):
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
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
    running = {name: start(command) for name, (command, _) in servers.items()}
    results = {}
    for load in loads:
        for _ in range(rounds):
            for name, (_, port) in servers.items():
                run = subprocess.run([echo_load, load[0], str(port), *map(str, load[1:])], capture_output=True, text=True)
                if run.returncode:
                    sys.exit(f'{name} under {load}: {run.stdout} {run.stderr}')
                results.setdefault((load, name), []).append(float(run.stdout.split()[0]))
    for load in loads:
        median = {name: statistics.median(results[load, name]) for name in servers}
        words = f'{load[1]} connections, {load[3]} bytes' if load[0] == 'tcp' else f'{load[1]} on their way, {load[3]} bytes'
        print(f'  {words}: ' + ', '.join(f'{name} {value:,.0f}/s' for name, value in median.items()))
        verdict(f'{title}, {words}, beside C', median['netprobe'] / median['C'], 0.9)
        if 'asyncio' in median:
            verdict(f'{title}, {words}, beside asyncio', median['netprobe'] / median['asyncio'], 3)
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


echo_server, echo_load = build('echo_server'), build('echo_load')
file_pair = build('file_pair', f'{here}/../../Sources/CNetShims/SHA256Shims.c')
compare('tcp-echo', {'netprobe': ([netprobe, 'serve', 'tcp-echo', '-q', '--port', '7001'], 7001), 'C': ([echo_server, 'tcp', '7002'], 7002),
                     'asyncio': ([sys.executable, f'{here}/serve/asyncio_echo.py', '7003'], 7003)},
        [('tcp', 50, 1000, 64), ('tcp', 50, 500, 16384)])
compare('udp-echo', {'netprobe': ([netprobe, 'serve', 'udp-echo', '-q', '--port', '7001'], 7001), 'C': ([echo_server, 'udp', '7002'], 7002)},
        [('udp', 1, 0.5, 64), ('udp', 32, 0.5, 64), ('udp', 32, 0.5, 1400)])
files()
subprocess.run(['rm', '-r', scratch])
sys.exit(1 if missed else 0)
