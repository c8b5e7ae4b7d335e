"""A connection's bytes, plain or over TLS, and the ways to end it."""

import select
import socket
import ssl
import struct
import threading


class PlainStream:
    protocol = None

    def __init__(self, connection):
        self.socket = connection
        self.poll = select.poll()
        self.poll.register(connection, select.POLLRDHUP)

    def receive(self):
        """The next bytes; empty at the end."""
        return self.socket.recv(262_144)

    def send(self, data):
        self.socket.sendall(data)

    def peer_is_gone(self, timeout=0.0):
        """Whether the other side has closed, after so many seconds at most."""
        return bool(self.poll.poll(timeout * 1_000))

    def close(self):
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.socket.close()

    def reset(self):
        """Ends the connection with an RST, what was not sent yet thrown away."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()


class TLSStream(PlainStream):
    """Python lets no two threads use one TLS socket; here a lock guards what OpenSSL does, and
    reading and writing wait outside it."""

    def __init__(self, connection, context):
        super().__init__(connection)
        self.incoming = ssl.MemoryBIO()
        self.outgoing = ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.incoming, self.outgoing, server_side=True)
        self.lock = threading.Lock()
        self.send_lock = threading.Lock()
        self._shake_hands()
        self.protocol = self.tls.selected_alpn_protocol()

    def _shake_hands(self):
        while True:
            try:
                self.tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                self._flush()
                self._fill()
            except ssl.SSLError:
                # The alert that says why.
                self._flush()
                self.close()
                raise
        self._flush()

    def receive(self):
        while True:
            try:
                with self.lock:
                    return self.tls.read(262_144)
            except ssl.SSLWantReadError:
                self._fill()
            except ssl.SSLZeroReturnError:
                return b""

    def send(self, data):
        with self.send_lock:
            with self.lock:
                self.tls.write(data)
                encrypted = self.outgoing.read()
            self.socket.sendall(encrypted)

    def _fill(self):
        data = self.socket.recv(262_144)
        with self.lock:
            if data:
                self.incoming.write(data)
            else:
                self.incoming.write_eof()

    def _flush(self):
        data = self.outgoing.read()
        if data:
            self.socket.sendall(data)
