from socket import socket, AF_INET, SOCK_STREAM

client = socket(AF_INET, SOCK_STREAM)
client.connect(("127.0.0.1", 12000))
client.send(b"all in lower case")
print("From Server:", client.recv(1024).decode())
client.close()
