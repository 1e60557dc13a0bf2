from socket import socket, AF_INET, SOCK_STREAM

listener = socket(AF_INET, SOCK_STREAM)
listener.bind(("", 12000))
listener.listen(1)
print("The server is ready to receive", flush=True)
while True:
    connection, address = listener.accept()
    sentence = connection.recv(1024).decode()
    connection.send(sentence.upper().encode())
    connection.close()
