import os, socket

listener = socket.socket()
listener.bind(("127.0.0.1", 7200))
listener.listen(1)
if os.fork() == 0:
    connection, address = listener.accept()
    listener.close()
    connection.sendall(connection.recv(100).upper())
    connection.close()
    os._exit(0)
listener.close()
client = socket.create_connection(("127.0.0.1", 7200))
client.sendall(b"from one process to the other")
print(client.recv(100).decode())
client.close()
os.wait()
