"""Exits with 0 while the web server in this container answers that it is well, at its socket or at another one."""

import socket
import sys

with socket.socket(socket.AF_UNIX) as connection:
    connection.settimeout(8)
    connection.connect(sys.argv[1] if len(sys.argv) > 1 else "/run/portal/web.sock")
    connection.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    sys.exit(not connection.recv(64).startswith(b"HTTP/1.1 200 "))
