import socket, sys

host, port = sys.argv[1], int(sys.argv[2])
family = socket.AF_INET6 if ':' in host else socket.AF_INET
s = socket.socket(family, socket.SOCK_DGRAM)
s.settimeout(20)
message = b'This is the message. It will be repeated to me.'
s.sendto(message, (host, port))
data, server = s.recvfrom(4096)
print('Received', repr(data))
assert data == message and server[1] == port
