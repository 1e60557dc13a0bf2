import socket, sys

host, port = sys.argv[1], int(sys.argv[2])
family = socket.AF_INET6 if ':' in host else socket.AF_INET
s = socket.socket(family, socket.SOCK_DGRAM)
s.bind((host, port))
print(s.getsockname()[1], flush=True)
message, client = s.recvfrom(2048)
s.sendto(message.decode().upper().encode(), client)
