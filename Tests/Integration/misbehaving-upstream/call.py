"""A request under way."""

import hashlib
import json
import urllib.parse

import record


class Gone(Exception):
    """The other side has closed."""


class Call:
    """A subclass reads the body and writes the answer: `_read`, `_begin`, `_write`, `_finish`,
    `interim`, `is_gone`, `close`, `reset`; `protocol` is what TLS agreed on (RFC 7301)."""

    protocol = None

    def __init__(self, method, target, headers, connection_number, use):
        self.method = method
        self.target = target
        self.path, _, query = target.partition("?")
        self.query = urllib.parse.parse_qs(query, keep_blank_values=True)
        self.headers = headers
        self.connection_number = connection_number
        self.use = use
        self.has_begun = False
        self.hash = hashlib.sha256()
        self.entry = record.Entry(self)

    @property
    def behaviour(self):
        return self.path.split("/")[1].replace("-", "_").replace(".", "_")

    def option(self, name, default=""):
        """A value of the query, of the default's type."""
        return type(default)(self.query[name][0]) if name in self.query else default

    def options(self, name):
        return self.query.get(name, [])

    def header(self, name):
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    # The body -----------------------------------------------------------------------------------

    def read(self):
        """The next bytes of the body; empty at the end."""
        piece = self._read()
        self.entry.body_length += len(piece)
        if piece:
            self.hash.update(piece)
        else:
            self.entry.checksum = self.hash.hexdigest()
        return piece

    def read_all(self):
        while self.entry.checksum is None:
            self.read()

    # The answer ---------------------------------------------------------------------------------

    def begin(self, status=200, headers=(), framing="chunked", length=None):
        """The head. Framing is `length`, `chunked` or `close`, or `none` for no field that says so."""
        self.has_begun = True
        self._begin(status, list(headers), framing, length)

    def write(self, piece):
        if self.method != "HEAD":
            self._write(piece)
            self.entry.sent += len(piece)

    def finish(self, trailers=()):
        self._finish(list(trailers))
        self.entry.ended = "answered"

    def answer(self, status=200, headers=(), body=b"", framing="length", trailers=()):
        """All of an answer, with its length; the request's body is read first."""
        self.read_all()
        self.begin(status, headers, framing, len(body))
        if body:
            self.write(body)
        self.finish(trailers)

    def answer_json(self, value, status=200):
        body = json.dumps(value).encode()
        self.answer(status, [("Content-Type", "application/json")], body)

    def hang(self):
        """Until the other side has had enough."""
        while not self.is_gone(1.0):
            pass
        raise Gone

    def await_release(self, key):
        if not record.await_release(key, self.is_gone):
            raise Gone
