import socket, sys

host, port = sys.argv[1], int(sys.argv[2])
with socket.create_connection((host, port), timeout=20) as s:
    s.sendall('Input lowercase sentence: straße'.encode())
    modified = s.recv(1024)
print('From Server:', modified.decode())
assert modified.decode() == 'INPUT LOWERCASE SENTENCE: STRASSE'
