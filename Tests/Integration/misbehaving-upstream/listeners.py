"""The ports, and a thread for each connection."""

import itertools
import socket
import ssl
import threading

import http1
from streams import PlainStream, TLSStream

_connection_numbers = itertools.count(1)
_threads = []
# What is accepted and then left alone must not be collected, which would close it.
_kept = []


def serve_http(name, port):
    def serve(connection, number):
        http1.serve(PlainStream(connection), number)

    _accept(name, _listen(name, port), serve)


def serve_tls(name, certificate, protocols):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.set_alpn_protocols(protocols)

    def serve(connection, number):
        http1.serve(TLSStream(connection, context), number)

    _accept(name, _listen(name, 0), serve)


def serve_nothing(name):
    if name == "full":
        _fill(_listen(name, 0, backlog=0))
        return

    def serve(connection, number):
        if name == "deaf":
            connection.close()
        elif name == "rude":
            PlainStream(connection).reset()
        else:
            _kept.append(connection)

    _accept(name, _listen(name, 0), serve)


def wait():
    for thread in _threads:
        thread.join()


def _listen(name, port, backlog=1_024):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(backlog)
    print(name, listener.getsockname()[1], flush=True)
    return listener


def _fill(listener):
    """Nobody accepts; when the queue is full, the kernel drops who knocks."""
    _kept.append(listener)
    for _ in range(4):
        guest = socket.socket()
        guest.setblocking(False)
        guest.connect_ex(listener.getsockname())
        _kept.append(guest)


def _accept(name, listener, serve):
    def run():
        while True:
            connection, _ = listener.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            number = next(_connection_numbers)
            threading.Thread(target=_serve, args=(serve, connection, number), daemon=True).start()

    thread = threading.Thread(target=run, name=name, daemon=True)
    thread.start()
    _threads.append(thread)


def _serve(serve, connection, number):
    try:
        serve(connection, number)
    except (OSError, ssl.SSLError, EOFError):
        pass
