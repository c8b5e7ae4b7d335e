"""HTTP/1.1 on a stream, by hand, because a server's library would not let us misbehave."""

import behaviours
from call import Call

_REASONS = {200: "OK", 204: "No Content", 206: "Partial Content", 304: "Not Modified",
            429: "Too Many Requests", 503: "Service Unavailable"}


def serve(stream, connection_number):
    reader = _Reader(stream)
    use = 0
    while True:
        head = reader.head()
        if head is None:
            stream.close()
            return
        use += 1
        call = HTTP1Call(stream, reader, head, connection_number, use)
        behaviours.run(call)
        if not call.keeps:
            stream.close()
            return


class _Reader:
    """Lines and bytes of a stream."""

    def __init__(self, stream):
        self.stream = stream
        self.rest = b""

    def _fill(self):
        data = self.stream.receive()
        if not data:
            raise EOFError
        self.rest += data

    def head(self):
        """The lines of the next head; none when the connection ends before it."""
        while b"\r\n\r\n" not in self.rest:
            try:
                self._fill()
            except EOFError:
                return None
            if not self.rest[:1].isalpha():
                # Somebody who would speak TLS.
                self.stream.send(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
                return None
        head, _, self.rest = self.rest.partition(b"\r\n\r\n")
        return head.decode("latin-1").split("\r\n")

    def line(self):
        while b"\r\n" not in self.rest:
            self._fill()
        line, _, self.rest = self.rest.partition(b"\r\n")
        return line.decode("latin-1")

    def some(self, most):
        if not self.rest:
            self._fill()
        piece, self.rest = self.rest[:most], self.rest[most:]
        return piece


class HTTP1Call(Call):
    def __init__(self, stream, reader, head, connection_number, use):
        method, target, _ = head[0].split(" ")
        headers = [(name, value.strip()) for name, _, value in
                   (line.partition(":") for line in head[1:])]
        super().__init__(method, target, headers, connection_number, use)
        self.stream = stream
        self.protocol = stream.protocol
        self.reader = reader
        self.keeps = True
        self.is_chunked = False
        self.sends_chunks = (self.header("Transfer-Encoding") or "").lower() == "chunked"
        self.owed = int(self.header("Content-Length") or 0)

    def _read(self):
        if not self.sends_chunks:
            return self._read_owed()
        if not self.owed:
            self.owed = int(self.reader.line().split(";")[0], 16)
            if not self.owed:
                while self.reader.line():
                    pass
                return b""
        piece = self._read_owed()
        if not self.owed:
            self.reader.line()
        return piece

    def _read_owed(self):
        if not self.owed:
            return b""
        piece = self.reader.some(self.owed)
        self.owed -= len(piece)
        return piece

    def _begin(self, status, headers, framing, length):
        self.is_chunked = framing == "chunked"
        if framing == "length":
            headers.append(("Content-Length", str(length)))
        elif framing == "chunked":
            headers.append(("Transfer-Encoding", "chunked"))
        elif framing == "close":
            headers.append(("Connection", "close"))
            self.keeps = False
        self.raw(_head(status, headers))

    def interim(self, status, headers=()):
        self.raw(_head(status, headers))

    def _write(self, piece):
        self.stream.send(b"%x\r\n%b\r\n" % (len(piece), piece) if self.is_chunked else piece)

    def _finish(self, trailers):
        if self.is_chunked and self.method != "HEAD":
            self.raw("0\r\n" + _fields(trailers) + "\r\n")

    def raw(self, text):
        """These bytes, or this text, whatever they do to the other side."""
        self.stream.send(text if isinstance(text, bytes) else text.encode("latin-1"))

    def is_gone(self, timeout=0.0):
        return self.stream.peer_is_gone(timeout)

    def close(self):
        self.keeps = False
        self.stream.close()

    def reset(self):
        self.keeps = False
        self.stream.reset()


def _head(status, headers):
    return f"HTTP/1.1 {status} {_REASONS.get(status, 'Whatever')}\r\n{_fields(headers)}\r\n"


def _fields(headers):
    return "".join(f"{name}: {value}\r\n" for name, value in headers)
