import socket, sys

host, port = sys.argv[1], int(sys.argv[2])
family = socket.AF_INET6 if ':' in host else socket.AF_INET
s = socket.socket(family, socket.SOCK_DGRAM)
s.bind((host, port))
print(s.getsockname()[1], flush=True)
data, address = s.recvfrom(65535)
text = 'The msg was {} bytes long'.format(len(data))
s.sendto(text.encode('ascii'), address)
