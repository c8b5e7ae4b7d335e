#!/usr/bin/env python3
"""A small server: so many processes, each with one connection at a time, for as long as that stands."""

import http.server
import os
import sys
import time


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body in one packet.
    wbufsize = -1

    def do_GET(self):
        time.sleep(0.01)
        self.send_response(200)
        self.send_header("Content-Length", "3")
        self.end_headers()
        self.wfile.write(b"ok\n")

    def log_message(self, *_):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
print("ready", server.server_port, flush=True)
for _ in range(int(sys.argv[1]) - 1):
    if os.fork() == 0:
        break
server.serve_forever()
