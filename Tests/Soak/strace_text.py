"""Socket calls out of what strace wrote, read independently of netprobe: regular expressions over whole lines.

Only the calls that concern a TCP or UDP socket, by what strace -yy wrote behind the descriptor itself; nothing is remembered of
earlier calls, but for what epoll_ctl was given.
"""
import re
from collections import namedtuple
from decimal import Decimal

Call = namedtuple('Call', 'thread name descriptor result start duration')

SOCKET = re.compile(r'(\d+)<(?:TCP|UDP|TCPv6|UDPv6):\[')
LINE = re.compile(r'^(\d+) +(\d+\.\d+) (.*)$')
CALL = re.compile(r'^(\w+)\((.*)\) += (-?\d+|\?)(?:<[^>]*(?:->[^>]*)?>)?(?: (E\w+))?.*?(?: <(\d+\.\d+)>)?$', re.S)
SAME = {'ppoll': 'poll', 'pselect6': 'select', 'epoll_pwait': 'epoll_wait', 'epoll_pwait2': 'epoll_wait', 'dup2': 'dup', 'dup3': 'dup'}
SILENT = {'execve', 'clone', 'clone3', 'fork', 'vfork', 'epoll_ctl'}


def lines(text):
    """(thread, start, the text of the call), those in two pieces put together, in the order of their starts."""
    pending, found = {}, []
    for line in text.split('\n'):
        match = LINE.match(line)
        if not match:
            continue
        thread, time, rest = int(match[1]), Decimal(match[2]), match[3]
        if rest.endswith('<unfinished ...>'):
            pending[thread] = (time, rest[:-len('<unfinished ...>')])
        elif rest.startswith('<... '):
            time, first = pending.pop(thread)
            found.append((thread, time, first + rest[rest.index(' resumed>') + len(' resumed>'):]))
        elif rest.startswith('+++'):
            if thread in pending:
                time, first = pending.pop(thread)
                found.append((thread, time, first + ') = ?'))
        elif not rest.startswith('---'):
            found.append((thread, time, rest))
    for thread, (time, first) in pending.items():
        found.append((thread, time, first + ') = ?'))
    return sorted(found, key=lambda line: line[1])


def calls(text):
    found, watched = [], {}
    for thread, start, line in lines(text):
        match = CALL.match(line)
        assert match, line
        name, arguments, value, errno, duration = match.groups()
        arguments = arguments.rstrip()  # a space where it was interrupted
        if name == 'epoll_ctl':
            epoll, descriptor = re.match(r'(\d+)', arguments)[1], re.search(r'EPOLL_CTL_\w+, (\d+)', arguments)
            watched = {key: value for key, value in watched.items() if not descriptor or value[:2] != (epoll, descriptor[1])}
            data = re.search(r'u64=(\w+)', arguments)
            if data and descriptor and 'EPOLL_CTL_DEL' not in arguments and len(SOCKET.findall(arguments)) == 1:
                watched[data[1]] = (epoll, descriptor[1], thread)
        if name == 'close':
            closed = re.match(r'(\d+)', arguments)
            # A child's descriptor of the same number is another one.
            watched = {key: value for key, value in watched.items() if not closed or value[1:] != (closed[1], thread)}
        if name in SILENT or name == 'fcntl' and 'F_DUPFD' not in arguments:
            continue
        first = re.match(r'(\d+)', arguments)
        if name == 'socket':
            concerned = re.match(r'AF_INET6?, SOCK_(STREAM|DGRAM)', arguments) or errno and re.match('AF_INET6?,|AF_PACKET,', arguments)
        elif name in ('poll', 'ppoll', 'select', 'pselect6'):
            concerned = SOCKET.search(arguments)
        elif name.startswith('epoll_'):
            concerned = any(data in watched for data in re.findall(r'u64=(\w+)', arguments))
            # One that waited in vain concerns what it watched.
            if value == '0' and not re.match(r'\d+\S*, \[\], \d+, 0\b', arguments):
                concerned = any(entry[0] == first[1] for entry in watched.values())
        elif name in ('sendfile', 'splice'):
            concerned = SOCKET.search(arguments)
        else:
            concerned = SOCKET.match(arguments)
        if not concerned:
            continue
        # The C library's two functions in one system call.
        if name == 'sendto' and re.search(r', NULL, 0$', arguments):
            name = 'send'
        if name == 'recvfrom' and re.search(r', NULL, NULL$', arguments):
            name = 'recv'
        if value == '?' and not errno:
            result, duration = '?', None
        else:
            result = errno or value
        found.append(Call(thread, SAME.get(name, name), int(first[1]) if first and SAME.get(name, name) not in ('socket', 'poll', 'select') else None, result, start,
                          Decimal(duration) if duration else None))
    return found
