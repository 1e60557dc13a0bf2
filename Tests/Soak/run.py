#!/usr/bin/env python3
"""What takes long of `netprobe run`: the courses' programs many times, with every call of theirs compared with what strace wrote;
and a thousand connections.

Usage: run.py NETPROBE [RUNS]      as an ordinary user: root becomes nobody first
"""
import json, os, random, re, shutil, subprocess, sys, tempfile, time
from decimal import Decimal
from strace_text import calls as strace_calls

here = os.path.dirname(os.path.abspath(__file__))
runs = int(sys.argv[2]) if len(sys.argv) > 2 else 20
scratch = tempfile.mkdtemp(prefix='netprobe-soak-')
os.chmod(scratch, 0o777)
netprobe = shutil.copy(sys.argv[1], f'{scratch}/netprobe')
programs = shutil.copytree(f'{here}/../Programs', f'{scratch}/programs')
failures = []
ordinary = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--inh-caps=-all', '--bounding-set=-all'] if os.geteuid() == 0 else []
surroundings = {**os.environ, 'PATH': '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'HOME': scratch}
library = re.search(r'(\S+)/libswiftCore', subprocess.run(['ldd', netprobe], capture_output=True, text=True).stdout)
if library:
    surroundings['LD_LIBRARY_PATH'] = library[1]


def check(what, good):
    print(f'{"ok    " if good else "FAILED"} {what}', flush=True)
    if not good:
        failures.append(what)


def run(arguments, folder, timeout=120):
    """Runs programs under netprobe; gives what it wrote as NDJSON, and its status."""
    os.makedirs(folder)
    os.chmod(folder, 0o777)
    command = [*ordinary, netprobe, 'run', '--ndjson', '--keep-trace', folder, '--write', f'{folder}/run.pcapng', *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, cwd=programs, env=surroundings, stdin=subprocess.DEVNULL)
    return [json.loads(line) for line in done.stdout.splitlines()], done


def result(call):
    text = call['result']
    if text == '?':
        return text
    return text.split()[1] if text.startswith('-1 ') else text.split()[0]


def differences(objects, folder, program):
    """Compares the calls of one program, thread by thread, with strace's text; gives what differs and the largest distances."""
    expected, found = {}, {}
    for call in strace_calls(open(f'{folder}/{program}.strace').read()):
        expected.setdefault(call.thread, []).append(call)
    for call in objects:
        if call['type'] == 'call' and call['end'].split('/')[0] == program:
            found.setdefault(call['end'], []).append(call)
    wrong, starts, ends = [], [Decimal(0)], [Decimal(0)]
    lanes = sorted(found.values(), key=lambda lane: Decimal(lane[0]['start']))
    threads = sorted(expected.values(), key=lambda lane: lane[0].start)
    if len(lanes) != len(threads):
        wrong.append(f'{program}: {len(lanes)} lanes for {len(threads)} threads')
    for lane, thread in zip(lanes, threads):
        if len(lane) != len(thread):
            wrong.append(f"{lane[0]['end']}: {len(lane)} calls, strace has {len(thread)}")
        for call, truth in zip(lane, thread):
            if (call['name'], call['descriptor'], result(call)) != (truth.name, truth.descriptor, truth.result):
                wrong.append(f"{call['end']}: {call['name']}({call['descriptor']}) = {call['result']}, strace has {truth}")
                continue
            starts.append(abs(Decimal(call['start']) - truth.start))
            if (call['return'] is None) != (truth.duration is None):
                wrong.append(f"{call['end']}: {call['name']} returned {call['return']}, strace has {truth}")
            elif truth.duration is not None:
                ends.append(abs(Decimal(call['return']) - truth.start - truth.duration))
    return wrong, sum(map(len, expected.values())), max(starts), max(ends)


def rows(text):
    """How many calls a ladder draws: each where it begins or, with nothing in between, where it is whole."""
    return len(re.findall(r'(?<!… )\b[a-z_0-9]+\((?!\))[^()]*\)|(?<!… )\b(?:accept4?|recv|recvfrom|read|getsockname|getpeername|dup)\(\)', text))


def course(name, arguments, sides):
    total, wrong, starts, ends, drawn, conversations = 0, [], Decimal(0), Decimal(0), 0, set()
    moved = 0
    for number in range(runs):
        folder = f'{scratch}/{name.replace(" ", "-")}-{number}'
        objects, done = run(arguments, folder)
        if done.returncode not in (0, 1):
            wrong.append(f'status {done.returncode}: {done.stderr}')
            continue
        count = 0
        for program in sides:
            differing, calls, start, end = differences(objects, folder, program)
            wrong += differing
            count += calls
            starts, ends = max(starts, start), max(ends, end)
        total += count
        moved += sum(1 for call in objects if call['type'] == 'call' and call.get('running_until'))
        ladder = subprocess.run([netprobe, 'ladder', '--full', f'{folder}/run.pcapng'], capture_output=True, text=True, env=surroundings).stdout
        streams = {packet['stream'] for packet in objects if packet['type'] == 'packet'}
        conversations.add(len(streams))
        shown = rows(ladder)
        drawn += shown
        # A listener's calls stand in the ladder of each of its connections.
        if shown != count if len(streams) == 1 else shown < count:
            wrong.append(f'run {number}: {shown} calls drawn of {count}')
        if not wrong:
            shutil.rmtree(folder)
    check(f'{name}, {runs} runs: {total} calls, {drawn} drawn in {"/".join(map(str, sorted(conversations)))} conversation(s), starts within '
          f'{starts * 1_000_000:.0f} µs of strace\'s, ends within {ends * 1_000_000:.0f} µs; {moved} drawn later than strace\'s end', not wrong)
    for text in wrong[:5]:
        print('       ', text)


def thousand(name, arguments, connections=1000, limit=60):
    folder = f'{scratch}/{name.replace(" ", "-")}'
    start = time.time()
    objects, done = run(arguments, folder, 300)
    seconds = time.time() - start
    wrong = [] if done.returncode == 0 else [f'status {done.returncode}: {done.stderr[-500:]}']
    packets = [packet for packet in objects if packet['type'] == 'packet']
    streams = {}
    for packet in packets:
        streams.setdefault(packet['stream'], []).append(packet)
    whole = sum(1 for those in streams.values() if those[0]['flags'].startswith('SYN') and sum('FIN' in packet['flags'] for packet in those) == 2)
    count = 0
    for program in ('server', 'client'):
        differing, calls, _, _ = differences(objects, folder, program)
        wrong += differing
        count += calls
    # Both ends of each connection: who accepted, and who connected.
    pairs = {frozenset((those[0]['source'], those[0]['destination'])) for those in streams.values()}
    matched = {'connect': 0, 'accept4': 0, 'send': 0, 'recv': 0, 'close': 0}
    for call in objects:
        if call['type'] != 'call' or call['name'] not in matched:
            continue
        local, peer = call['local'], call['peer']
        if call['name'] == 'accept4' and ' accepted ' in call['result']:
            peer = call['result'].split()[2]
            local = next(iter({packet['destination'] for packet in streams[0][:1]}), None)
        if frozenset((local, peer)) in pairs:
            matched[call['name']] += 1
    drawn, longest = 0, 0
    for stream in random.sample(sorted(streams), min(20, len(streams))):
        begun = time.time()
        ladder = subprocess.run([netprobe, 'ladder', '--stream', str(stream), f'{folder}/run.pcapng'], capture_output=True, text=True, env=surroundings)
        longest = max(longest, time.time() - begun)
        text = ladder.stdout
        expected = (('connect(', 1), ('accept4(', 1), ('send(', 2), ('recv(', 4), ('socket(', 1), ('bind(', 1))
        lacking = [word for word, least in expected if len(re.findall(r'(?<!… )\b' + re.escape(word), text)) < least]
        if lacking or ladder.returncode:
            wrong.append(f'stream {stream} lacks {lacking}: {ladder.stderr}')
        drawn += 1
    check(f'{name}: {len(streams)} connections in {seconds:.1f} s (limit {limit}), {len(packets)} packets, {whole} from SYN to both FINs; {count} calls as '
          f'strace has them, {matched} matched; {drawn} ladders drawn, {longest:.2f} s at most; {done.stderr.count("gaps")} gaps',
          not wrong and seconds < limit and whole == connections and matched['connect'] == matched['accept4'] == connections
          and 'netprobe:' not in done.stderr)
    for text in wrong[:5]:
        print('       ', text)


subprocess.run([os.environ.get('CC', 'cc'), '-o', f'{programs}/echo_pair', f'{programs}/echo_pair.c'], check=True, stderr=subprocess.DEVNULL)
try:
    course('echo', ['--server', 'python3 echo_server.py', '--', 'python3', 'echo_client.py'], ['server', 'client'])
    course('upper', ['--server', 'python3 upper_server.py', '--', 'python3', 'upper_client.py'], ['server', 'client'])
    course('adder', ['--server', 'python3 adder_server.py', '--', 'python3', 'adder_client.py'], ['server', 'client'])
    course('udp', ['--server', 'python3 udp_server.py', '--', 'python3', 'udp_client.py'], ['server', 'client'])
    course('chat with threads', ['--server', 'python3 chat_server.py', '--client', 'python3 chat_client.py talk', '--', 'python3', 'chat_client.py', 'listen'],
           ['server', 'client', 'client-2'])
    course('C with fork, poll and epoll', ['--', './echo_pair'], ['client'])
    thousand('a thousand connections, one after the other', ['--server', 'python3 many_server.py', '--', 'python3', 'many_client.py', '1000', '1'])
    thousand('a thousand connections, ten threads', ['--server', 'python3 many_server.py', '--', 'python3', 'many_client.py', '1000', '10'])
finally:
    if failures:
        print(f'kept: {scratch}')
    else:
        shutil.rmtree(scratch, ignore_errors=True)
print(f'soak of run: {len(failures)} failed')
sys.exit(1 if failures else 0)
