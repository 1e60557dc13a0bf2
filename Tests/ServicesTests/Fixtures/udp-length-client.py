import socket, sys

host, port = sys.argv[1], int(sys.argv[2])
family = socket.AF_INET6 if ':' in host else socket.AF_INET
s = socket.socket(family, socket.SOCK_DGRAM)
s.settimeout(20)
text = 'This is another message'
s.sendto(text.encode('ascii'), (host, port))
data, address = s.recvfrom(65535)
print('The server', address, 'replied', repr(data.decode()))
assert data.decode() == 'The msg was %d bytes long' % len(text)
