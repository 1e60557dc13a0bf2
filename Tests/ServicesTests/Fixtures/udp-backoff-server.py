import socket, sys

host, port = sys.argv[1], int(sys.argv[2])
family = socket.AF_INET6 if ':' in host else socket.AF_INET
s = socket.socket(family, socket.SOCK_DGRAM)
s.bind((host, port))
print(s.getsockname()[1], flush=True)
for number in range(3):
    data, address = s.recvfrom(65535)
    if number < 2:
        print('Pretending to drop packet from', address)
        continue
    s.sendto('The msg was {} bytes long'.format(len(data)).encode('ascii'), address)
