# Sends so many bytes and checks that the server got just those. Arguments: the server's address, the number.
import hashlib
import random
import socket
import sys

content = random.Random(1).randbytes(int(sys.argv[2]))
with socket.create_connection((sys.argv[1], 7000)) as connection:
    connection.sendall(content)
    connection.shutdown(socket.SHUT_WR)
    answer = connection.recv(1024).decode()
whole = answer == f"{len(content)} {hashlib.sha256(content).hexdigest()}"
print("arrived whole" if whole else f"damaged: {answer}")
sys.exit(0 if whole else 1)
