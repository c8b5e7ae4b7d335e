"""Uploads of a byte every 2 s: URL SESSION NUMBER. Prints the status and code of each answer."""

import re
import select
import socket
import sys

url, session, number = sys.argv[1:]
host, port, path = re.fullmatch(r"http://([^:]+):(\d+)(.*)", url).groups()
head = (
    f"POST {path} HTTP/1.1\r\nHost: {host}:{port}\r\nCookie: grantkeeper={session}\r\n"
    "Content-Type: text/plain\r\nContent-Length: 1000000\r\n\r\n"
)
clients = [socket.create_connection((host, int(port))) for _ in range(int(number))]
for client in clients:
    client.sendall(head.encode() + b"x")
while clients:
    readable, _, _ = select.select(clients, [], [], 2)
    for client in readable:
        clients.remove(client)
        answer = client.recv(65536).decode(errors="replace")
        code = re.search(r'"code":"(\w+)"', answer)
        print(answer[9:12] or "closed", code and code[1], flush=True)
    for client in clients:
        try:
            client.sendall(b"x")
        except OSError:
            pass  # Its answer is read next.
