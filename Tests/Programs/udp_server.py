from socket import socket, AF_INET, SOCK_DGRAM

s = socket(AF_INET, SOCK_DGRAM)
s.bind(("127.0.0.1", 1060 + 10000))
while True:
    data, address = s.recvfrom(65535)
    s.sendto(f"The msg was {len(data)} bytes long".encode(), address)
