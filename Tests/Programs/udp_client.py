from socket import socket, AF_INET, SOCK_DGRAM

s = socket(AF_INET, SOCK_DGRAM)
s.sendto(b"hello there", ("127.0.0.1", 11060))
data, address = s.recvfrom(65535)
print(data.decode())
s.close()
