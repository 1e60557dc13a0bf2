import socket, sys

host, port = sys.argv[1], int(sys.argv[2])
family = socket.AF_INET6 if ':' in host else socket.AF_INET
s = socket.socket(family, socket.SOCK_DGRAM)
s.settimeout(20)
s.sendto(b'Hello, World!', (host, port))
s.settimeout(0.2)
try:
    data, server = s.recvfrom(1024)
    assert False, data
except socket.timeout:
    print('no answer, as it should be')
