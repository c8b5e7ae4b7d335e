"""Speaks FastCGI wrongly to a service's socket, for as long as it is told, and asks after each
crowd of wrong requests whether a right one is still answered.

Every case is made of the seed and its number alone, so that it can be sent again:

    fastcgi.py SOCKET [--seed N] [--seconds N] [--case N] [--threads N] [--key KEY]

With a superuser's API key, most of them come from somebody who may do everything. Ends with 1 when the service was gone or silent, and says after which cases.
"""

import argparse
import itertools
import random
import socket
import struct
import sys
import threading
import time

CASES_IN_A_CROWD = 50


def record(kind, request, content, padding=0, version=1):
    length = min(len(content), 65535)
    head = struct.pack(">BBHHBx", version, kind, request, length, padding)
    return head + content[:length] + bytes(padding)


def length(number, long=False):
    return struct.pack(">I", number | 0x80000000) if long or number > 127 else bytes([number])


def pair(name, value, chance=None):
    long = chance is not None and chance.random() < 0.2
    return length(len(name), long) + length(len(value), long) + name + value


BEGIN = record(1, 1, b"\0\1\1\0\0\0\0\0")
ADDRESS = (b"GET", b"/grantkeeper/healthz")
SOUND = (
    BEGIN
    + record(4, 1, pair(b"REQUEST_METHOD", ADDRESS[0]) + pair(b"REQUEST_URI", ADDRESS[1]))
    + record(4, 1, b"")
    + record(5, 1, b"")
)
METHODS = [b"GET", b"POST", b"PUT", b"DELETE", b"OPTIONS", b"HEAD", b"", b"get", b":x", b"G T"]
TARGETS = [
    b"/grantkeeper/session",
    b"/grantkeeper/sessions",
    b"/grantkeeper/sessions/start?ticket=%ff",
    b"/grantkeeper/integrations?start=-1&limit=1e9",
    b"/grantkeeper/openapi.json",
    b"/api/integrations/a/connect?returnTo=//x&popup=1",
    b"/api/integrations/%00/connection",
    b"/api/integrations/a/request/%2e%2e/x?y",
    b"/api/integrations/a/request",
    b"/api/integrations/a/connection",
    b"/grantkeeper/integrations",
    b"/grantkeeper/integrations/a?disconnect=true",
    b"/grantkeeper/connect/a?returnTo=/x",
    b"/grantkeeper/metrics",
    b"/api/integration-connections?start=99999999999999999999",
    b"/oauth2/callback?code=a&state=b&code=c",
    b"*",
    b"",
]
NAMES = [
    b"HTTP_ACCEPT", b"HTTP_COOKIE", b"HTTP_AUTHORIZATION", b"HTTP_ON_BEHALF_OF", b"HTTP_ORIGIN",
    b"HTTP_SEC_FETCH_SITE", b"HTTP_REFERER", b"HTTP_HOST", b"HTTP_:X", b"HTTP_:PATH", b"HTTP_",
    b"HTTP_X Y", b"HTTP_\xe9", b"HTTP_A=B", b"HTTP_On-Behalf-Of", b"HTTP_RANGE", b"CONTENT_TYPE",
    b"CONTENT_LENGTH", b"GRANTKEEPER_USER", b"GRANTKEEPER_SUPERUSER", b"GRANTKEEPER_REQUEST_ID",
    b"REQUEST_METHOD", b"REQUEST_URI", b"REMOTE_ADDR", b"HTTPS", b"", b"=", b"\0",
]  # fmt: skip
VALUES = [
    b"", b"a", b"alice", b"jos\xe9", b"jos\xc3\xa9", b"alice, bob", b"a\0b", b"-1", b"0", b"5",
    b"99999999999999999999", b"9223372036854775807", b"1e400", b"application/json", b"text/html",
    b"application/x-www-form-urlencoded", b"Bearer gk_x", b"Basic !!!", b"a=b; c", b";;=;", b"null",
    b"cross-site", b"https://a.test", b"http://[::1", b"bytes=0-", b"\xff" * 40, b"\xed\xa0\x80",
    b"grantkeeper=x; grantkeeper-browser=" + b"A" * 43,
]  # fmt: skip
BODIES = [
    b"", b"{}", b'{"userId": "\\ud800"}', b'{"userId": "a", "expiresIn": 1e400}', b"[" * 5000,
    b'{"url": "/x", "headers": {":x": "1", "a": [[[1]]]}}', b"a=%&b=%ff", b"\xff\xfe", b"0" * 70000,
    b'{"slug": "a", "authType": "bearer", "apiBaseUri": "https://127.0.0.1:1/{x}", "data": {"x": ""}}',
    b'{"slug": "a", "authType": "apikey", "apiBaseUri": "https://127.0.0.1:1", "limits": {"burst": 9e9}}',
    b'{"slug": "a", "authType": "bearer", "apiBaseUri": "https://127.0.0.1:1", "allowedUsers": [1]}',
    b'{"token": "t"}', b'{"accessToken": "t", "expiresIn": 9223372036854775807}', b"token=t&form=1",
    b'{"a": ' * 70, b'"' + b"\\u0000" * 100 + b'"', b"-", b"1e99999",
]  # fmt: skip


INTEGRATION = b'{"slug": "a", "authType": "bearer", "apiBaseUri": "https://127.0.0.1:1"}'
# What does something when it comes unchanged.
SENSIBLE = [
    (b"POST", b"/grantkeeper/sessions", b'{"userId": "a", "expiresIn": 60}'),
    (b"GET", b"/grantkeeper/session", b""),
    (b"POST", b"/grantkeeper/integrations", INTEGRATION),
    (b"PUT", b"/grantkeeper/integrations/a", INTEGRATION),
    (b"DELETE", b"/grantkeeper/integrations/a?disconnect=true", b""),
    (b"POST", b"/api/integrations/a/connect", b'{"token": "t"}'),
    (b"POST", b"/api/integrations/a/request", b'{"url": "/x", "headers": {"X": ["1", 2]}}'),
    (b"GET", b"/api/integrations/a/request/x?y=%20", b""),
    (b"GET", b"/api/integration-connections?limit=1", b""),
]


class Case:
    """One connection's bytes, and how they are sent."""

    def __init__(self, options, number):
        self.chance = random.Random(f"{options.seed} {number}")
        self.key = options.key
        self.bytes = b"".join(self._request() for _ in range(self.chance.choice([1, 1, 1, 2])))
        if self.chance.random() < 0.4:
            self.bytes = self._damaged(self.bytes)
        self.leaves_at_once = self.chance.random() < 0.2
        self.is_cut = self.chance.random() < 0.15

    def _request(self):
        chance = self.chance
        method, target, body = chance.choice(METHODS), chance.choice(TARGETS), chance.choice(BODIES)
        if chance.random() < 0.5:
            method, target, body = chance.choice(SENSIBLE)
            body = chance.choice([body, body, body, self._damaged(body)]) if body else body
        pairs = [(b"REQUEST_METHOD", method), (b"REQUEST_URI", target)]
        if chance.random() < 0.8:
            pairs.append((b"CONTENT_LENGTH", str(len(body)).encode()))
        count = chance.choice([0, 0, 1, 2, 8])
        pairs += [(self._text(NAMES), self._text(VALUES)) for _ in range(count)]
        if self.key and chance.random() < 0.7:
            pairs.append((b"HTTP_AUTHORIZATION", b"Bearer " + self.key.encode()))
            pairs.append((b"CONTENT_TYPE", b"application/json"))
        if chance.random() < 0.03:
            pairs += [(b"N%d" % n, b"") for n in range(20000)]
        chance.shuffle(pairs)
        encoded = b"".join(pair(name, value, chance) for name, value in pairs)
        if chance.random() < 0.1:
            encoded += length(chance.choice([0, 127, 1 << 20, 0x7FFFFFFF]), True) * 2
        kept = chance.choice([0, 1])
        begin = record(1, 1, bytes([0, chance.choice([1, 1, 1, 1, 1, 2, 0]), kept, 0, 0, 0, 0, 0]))
        parts = list(self._records(4, encoded)) + [record(4, 1, b"")]
        stream = list(self._records(5, body)) + [record(5, 1, b"", chance.choice([0, 0, 0, 8]))]
        for records in (parts, stream):
            if chance.random() < 0.25:
                records.insert(chance.randrange(len(records) + 1), self._stray())
        return begin + b"".join(parts) + b"".join(stream)

    def _text(self, texts):
        text = self.chance.choice(texts)
        return text * self.chance.choice([1] * 30 + [3, 200]) if text else text

    def _records(self, kind, content):
        while content:
            count = self.chance.choice([1, 8, 100, 65535, 65535, 65535])
            yield record(kind, 1, content[:count], self.chance.choice([0, 0, 0, 5, 255]))
            content = content[count:]

    def _stray(self):
        chance = self.chance
        names = b"".join(
            pair(chance.choice([b"FCGI_MAX_CONNS", b"FCGI_MAX_REQS", b"FCGI_MPXS_CONNS", b"x"]), b"")
            for _ in range(chance.choice([0, 1, 3, 300]))
        )
        huge = length(0x7FFFFFFF, True) * 2 + b"x" * 20
        return chance.choice(
            [
                record(9, 0, names),
                record(9, 0, huge),
                record(chance.randrange(256), 0, chance.randbytes(chance.randrange(40))),
                record(chance.randrange(256), chance.choice([1, 2, 65535]), chance.randbytes(8)),
                record(1, chance.choice([0, 1, 2]), b"\0\1\1\0\0\0\0\0"),
                record(2, 1, b""),
                record(5, 1, b"", version=chance.randrange(256)),
            ]
        )

    def _damaged(self, content):
        content = bytearray(content)
        for _ in range(self.chance.randrange(1, 6)):
            place = self.chance.randrange(len(content))
            what = self.chance.randrange(3)
            if what == 0:
                content[place] = self.chance.randrange(256)
            elif what == 1:
                del content[place : place + self.chance.randrange(1, 20)]
            else:
                content[place:place] = self.chance.randbytes(self.chance.randrange(1, 20))
            if not content:
                break
        return bytes(content)

    def send(self, path):
        with connect(path, 0.3) as connection:
            try:
                half = self.chance.randrange(len(self.bytes) + 1) if self.is_cut else None
                connection.sendall(self.bytes[:half])
                if not self.leaves_at_once:
                    connection.shutdown(socket.SHUT_WR)
                    while connection.recv(65536):
                        pass
            except (BrokenPipeError, ConnectionResetError, TimeoutError):
                pass


def connect(path, timeout):
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(timeout)
    connection.connect(path)
    return connection


def is_well(path):
    """Whether a sound request is answered, also when the service needs a while."""
    for _ in range(60):
        try:
            with connect(path, 10) as connection:
                connection.sendall(SOUND)
                if b"Status: 200" in connection.recv(65536):
                    return True
        except ConnectionRefusedError:
            return False
        except OSError:
            pass
        time.sleep(0.25)
    return False


class Fuzzer:
    def __init__(self, options):
        self.path = options.socket
        self.options = options
        self.end = time.monotonic() + options.seconds
        self.crowds = itertools.count()
        self.sent = 0
        self.lock = threading.Lock()
        self.broken = None

    def run(self):
        while time.monotonic() < self.end and self.broken is None:
            first = next(self.crowds) * CASES_IN_A_CROWD
            for number in range(first, first + CASES_IN_A_CROWD):
                try:
                    Case(self.options, number).send(self.path)
                except OSError:
                    break
            if not is_well(self.path):
                self.broken = first
                return
            with self.lock:
                self.sent += CASES_IN_A_CROWD


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("socket")
    parser.add_argument("--seed", type=int, default=12)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--case", type=int, help="send only that one")
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--key", help="a superuser's API key")
    options = parser.parse_args()
    if options.case is not None:
        Case(options, options.case).send(options.socket)
        sys.exit(0 if is_well(options.socket) else 1)
    fuzzer = Fuzzer(options)
    threads = [threading.Thread(target=fuzzer.run) for _ in range(options.threads)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if fuzzer.broken is not None:
        last = fuzzer.broken + CASES_IN_A_CROWD - 1
        print(f"no answer after the cases {fuzzer.broken} to {last} of the seed {options.seed}")
        sys.exit(1)
    print(f"{fuzzer.sent} wrong connections, all survived; seed {options.seed}")


main()
