# Receives everything that one client sends and answers with its length and digest. Argument: the address to listen on.
import hashlib
import socket
import sys

with socket.create_server((sys.argv[1], 7000)) as listener:
    connection, peer = listener.accept()
    with connection:
        digest, size = hashlib.sha256(), 0
        while data := connection.recv(65536):
            digest.update(data)
            size += len(data)
        connection.sendall(f"{size} {digest.hexdigest()}".encode())
