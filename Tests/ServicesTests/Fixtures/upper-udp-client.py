import socket, sys

host, port = sys.argv[1], int(sys.argv[2])
family = socket.AF_INET6 if ':' in host else socket.AF_INET
s = socket.socket(family, socket.SOCK_DGRAM)
s.settimeout(20)
s.sendto(b'input lowercase sentence', (host, port))
modified, server = s.recvfrom(2048)
print(modified.decode())
assert modified == b'INPUT LOWERCASE SENTENCE'
