import socket, sys

host, port = sys.argv[1], int(sys.argv[2])
family = socket.AF_INET6 if ':' in host else socket.AF_INET
s = socket.socket(family, socket.SOCK_DGRAM)
s.bind((host, port))
print(s.getsockname()[1], flush=True)
s.settimeout(20)
data, address = s.recvfrom(1024)
print('received message:', data, flush=True)
assert data == b'This is a datagram. Nobody will answer it.'
