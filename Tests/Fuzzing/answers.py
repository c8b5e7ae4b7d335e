"""A server whose answers are malformed, and users whose calls get them, for as long as it is told.

Plays the API of an integration and its provider at once: token, revocation and metadata endpoints.
Every answer follows from the seed and its number alone. Whatever it says, no user may get an answer
to another's token, and the service must go on.

    answers.py BASE --key KEY [--kind upstream|provider] [--seed N] [--seconds N] [--threads N]
        [--certificate FILE]

BASE is where the service is reached, KEY a superuser's API key; with a certificate the server speaks
TLS. Ends with 1 when a user got what is not theirs, or the service was gone.
"""

import argparse
import gzip
import http.client
import itertools
import json
import random
import socket
import ssl
import struct
import threading
import time
import urllib.parse

USERS = 8
MARK = "token-of-"

STATUS_LINES = [
    b"HTTP/1.1 200 OK", b"HTTP/1.1 200", b"HTTP/1.0 200 OK", b"HTTP/1.1 204 No Content",
    b"HTTP/1.1 304 Not Modified", b"HTTP/1.1 100 Continue", b"HTTP/1.1 101 Switching Protocols",
    b"HTTP/1.1 401 Unauthorized", b"HTTP/1.1 429 Too Many", b"HTTP/1.1 503 No", b"HTTP/1.1 302 Found",
    b"HTTP/2 200", b"HTTP/1.1  200 OK", b"HTTP/1.1 2000 OK", b"HTTP/1.1 -20 OK", b"ICY 200 OK", b"",
    b"HTTP/1.1 999 x", b"HTTP/1.1 200 " + b"r" * 9000, b"\x16\x03\x01\x02", b"HTTP/1.1 205 Reset",
]  # fmt: skip
FIELDS = [
    b" folded: y", b"\tfolded", b"X: y\r\n folded", b"no colon", b": nameless", b"Bad Name: x",
    b"X-\xff: \xff", b"X: a\0b", b"X: a\rb", b"X:" + b"v" * 70_000, b"X: " + b"v" * 3_000,
    b"Content-Length: 5", b"Content-Length: 0", b"Content-Length: -1", b"Content-Length: 5, 5",
    b"Content-Length: 5, 6", b"Content-Length: 99999999999999999999", b"Content-Length: 1\r\n 2",
    b"Content-Length:", b"Content-Length: 0x5", b"Transfer-Encoding: chunked",
    b"Transfer-Encoding: gzip, chunked", b"Transfer-Encoding: identity", b"Transfer-Encoding : chunked",
    b"Transfer-Encoding: chunked, chunked", b"Connection: close", b"Connection: keep-alive, x, close",
    b"Keep-Alive: timeout=1", b"Keep-Alive: timeout=-1", b"Upgrade: h2c", b"Trailer: X",
    b"Content-Encoding: gzip", b"Content-Encoding: br", b"Retry-After: 99999999999999999999",
    b"Retry-After: -1", b"Retry-After: 1e400", b"Retry-After: Fri, 31 Dec 9999 23:59:59 GMT",
    b"Location: //evil.test/\xff", b"Location: " + b"../" * 3_000, b"Link: <" + b"x" * 2_000 + b">; rel=next",
    b"Link: <x>; rel=\"", b"Set-Cookie: a=b", b"Content-Type: text/html\tx", b"Date: never",
    b"X-RateLimit-Reset: 99999999999999999999", b"WWW-Authenticate: Bearer error=\"\xff\"",
]  # fmt: skip
CHUNK_LINES = [
    b"5", b"0", b"5;x=y", b"-5", b"0x5", b"ffffffffffffffff", b"7fffffffffffffff", b"", b"z",
    b"5;" + b"x" * 9_000, b"00000000000000000005",
]  # fmt: skip
TOKEN_ANSWERS = [
    {"access_token": None}, {"access_token": ""}, {"access_token": 5}, {"access_token": "a\0b"},
    {"expires_in": 1e300}, {"expires_in": -1}, {"expires_in": "3600"}, {"expires_in": 9223372036854775807},
    {"expires_in": [1]}, {"expires_at": 1e18}, {"expires_at": "9999-12-31T23:59:60Z"},
    {"refresh_token_expires_in": 9223372036854775807}, {"token_type": "mac"}, {"token_type": None},
    {"scope": ["a", 1]}, {"scope": "\ud800"}, {"scope": "x" * 70_000}, {"refresh_token": {}},
    {"error": "invalid_grant"}, {"error": "server_error"}, {"error": 1}, {"error": "\0"},
]  # fmt: skip


class Server:
    """Listens on the loopback interface, a thread for each connection."""

    def __init__(self, seed, certificate):
        self.seed = seed
        self.numbers = itertools.count(1)
        self.context = None
        if certificate:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(certificate)
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(512)
        scheme = "https" if certificate else "http"
        self.base = f"{scheme}://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            connection, _ = self.listener.accept()
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        try:
            connection.settimeout(20)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.context:
                connection = self.context.wrap_socket(connection, server_side=True)
            rest = b""
            while True:
                request, rest = read_request(connection, rest)
                if request is None:
                    break
                chance = random.Random(f"{self.seed}/{next(self.numbers)}")
                if not self._answer(connection, chance, *request):
                    break
        except (OSError, ValueError, ssl.SSLError):
            pass
        finally:
            connection.close()

    def _answer(self, connection, chance, target, fields):
        """Whether the connection goes on."""
        sound = chance.random() < 0.3
        body, content_type = content(chance, target, fields, sound, self.base)
        answer = framed(chance, body, content_type) if sound else malformed(chance, body, content_type)
        if not sound and chance.random() < 0.3:
            answer = mutated(chance, answer)
        if chance.random() < 0.3:
            # A second one, that nobody asked for.
            answer += framed(chance, body, content_type)
        for piece in pieces(chance, answer):
            connection.sendall(piece)
            if chance.random() < 0.3:
                time.sleep(chance.random() * 0.01)
        ending = chance.random()
        if ending < 0.1 and not self.context:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return ending > 0.4


def read_request(connection, rest):
    """The target and the fields of the next request, its body read over, and what is behind it."""
    while b"\r\n\r\n" not in rest:
        more = connection.recv(65_536)
        if not more:
            return None, b""
        rest += more
    head, _, rest = rest.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    length = int(fields.get("content-length", 0))
    while len(rest) < length:
        more = connection.recv(65_536)
        if not more:
            return None, b""
        rest += more
    fields["body"] = rest[:length].decode("latin-1")
    return (lines[0].split(" ")[1], fields), rest[length:]


def content(chance, target, fields, sound, base):
    """What the request asks for, and its type."""
    if target.startswith("/token"):
        form = dict(urllib.parse.parse_qsl(fields["body"]))
        user = form.get("refresh_token", "").split("/")[0] or "nobody"
        answer = {"access_token": user, "token_type": "Bearer", "expires_in": 1,
                  "refresh_token": f"{user}/{chance.random()}"}
        if not sound:
            answer |= chance.choice(TOKEN_ANSWERS)
        text = json.dumps(answer).encode()
        return (text if sound else spoiled(chance, text)), b"application/json"
    if ".well-known" in target:
        answer = {"issuer": base, "authorization_endpoint": base + "/authorize",
                  "token_endpoint": base + "/token", "revocation_endpoint": base + "/revoke"}
        text = json.dumps(answer).encode()
        return (text if sound else spoiled(chance, text)), b"application/json"
    return fields.get("authorization", "").removeprefix("Bearer ").encode("latin-1"), b"text/plain"


def spoiled(chance, text):
    return chance.choice([
        lambda: mutated(chance, text), lambda: text[: chance.randrange(len(text))],
        lambda: text + b"\xff", lambda: b"\xef\xbb\xbf" + text, lambda: text.decode().encode("utf-16"),
        lambda: gzip.compress(text), lambda: b"[" * 100_000, lambda: b'{"a":' * 70 + text,
        lambda: text.replace(b":", b": NaN //"), lambda: b"", lambda: text,
    ])()  # fmt: skip


def framed(chance, body, content_type):
    head = b"HTTP/1.1 200 OK\r\nContent-Type: " + content_type
    if chance.random() < 0.5:
        return head + b"\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    return head + b"\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)


def malformed(chance, body, content_type):
    status = chance.choice(STATUS_LINES) if chance.random() < 0.5 else STATUS_LINES[0]
    lines = chance.sample(FIELDS, chance.randrange(4))
    if chance.random() < 0.7:
        lines.append(b"Content-Type: " + content_type)
    kind = chance.random()
    if kind < 0.3:
        lines.append(b"Content-Length: %d" % (len(body) + chance.choice([0, 0, -1, 1, 500])))
    elif kind < 0.8:
        lines.append(b"Transfer-Encoding: chunked")
        parts = [chance.choice(CHUNK_LINES + [b"%x" % len(body)] * 5) + b"\r\n" + body
                 for _ in range(chance.randrange(1, 4))]
        body = b"\r\n".join(parts) + chance.choice([b"\r\n0\r\n\r\n", b"\r\n0\r\nX: y\r\n\r\n", b"", b"\r\n"])
    chance.shuffle(lines)
    end = chance.choice([b"\r\n", b"\r\n", b"\r\n", b"\n", b"\r"])
    answer = end.join([status, *lines]) + end + end + body
    if chance.random() < 0.1:
        answer = b"HTTP/1.1 103 Early\r\nLink: x\r\n\r\n" * chance.randrange(200) + answer
    return answer


def mutated(chance, data):
    data = bytearray(data or b" ")
    for _ in range(chance.randrange(1, 5)):
        place = chance.randrange(len(data))
        kind = chance.randrange(4)
        if kind == 0:
            data[place] = chance.randrange(256)
        elif kind == 1:
            data[place:place] = bytes([chance.choice(b"\r\n\0 :;,\t\xff")])
        elif kind == 2 and len(data) > 1:
            del data[place : place + chance.randrange(1, 20)]
        else:
            data[place:place] = data[: chance.randrange(40)]
        if not data:
            data = bytearray(b" ")
    return bytes(data)


def pieces(chance, data):
    while data and chance.random() < 0.7:
        place = chance.randrange(1, len(data) + 1)
        yield data[:place]
        data = data[place:]
    if data:
        yield data


class User(threading.Thread):
    """Calls with a user's token and looks whether what comes back is the user's."""

    def __init__(self, run, number):
        super().__init__()
        self.run_ = run
        self.slug = run.slugs[0]
        self.name = f"user-{number % USERS}"
        self.chance = random.Random(f"{run.options.seed}/{self.name}/{number}")

    def run(self):
        while not self.run_.is_over():
            try:
                self._once()
            except (OSError, http.client.HTTPException):
                # What breaks off upstream breaks off here, and a service that is gone is a 502.
                self.run_.count("broken")

    def _once(self):
        self.slug = self.chance.choice(self.run_.slugs)
        if self.run_.options.kind == "provider":
            status = self._ask("POST", "connect", {"accessToken": MARK + self.name, "expiresIn": 1,
                                                   "refreshToken": f"{MARK}{self.name}/0"})
            if status == 429:
                time.sleep(0.2)
                return
            for _ in range(3):
                if self._ask("GET", "request/x") == 409:
                    break
            if self.chance.random() < 0.2:
                self._ask("DELETE", "connection")
            if self.chance.random() < 0.02:
                self.run_.add_by_metadata(self.chance)
            return
        method = self.chance.choice(["GET", "GET", "GET", "HEAD", "POST", "DELETE", "PUT"])
        status = self._ask(method, "request/x", b"body" if method in ("POST", "PUT") else None)
        if status == 409:
            self._ask("POST", "connect", {"accessToken": MARK + self.name})

    def _ask(self, method, path, body=None):
        connection = http.client.HTTPConnection(self.run_.host, timeout=60)
        headers = {"Authorization": "Bearer " + self.run_.options.key, "On-Behalf-Of": self.name}
        if isinstance(body, dict):
            body = json.dumps(body)
            headers["Content-Type"] = "application/json"
        try:
            connection.request(method, f"/api/integrations/{self.slug}/{path}", body, headers)
            answer = connection.getresponse()
            text = b""
            try:
                # Not read(): that makes room for as much as a length says, which may be anything.
                while piece := answer.read1(65_536):
                    text += piece
            except http.client.IncompleteRead as error:
                text += error.partial
            self.run_.look(self.name, answer, text)
            return answer.status
        finally:
            connection.close()


class Run:
    def __init__(self, options):
        self.options = options
        self.host = urllib.parse.urlsplit(options.base).netloc
        self.end = time.monotonic() + options.seconds
        self.lock = threading.Lock()
        self.counts = {}
        self.foreign = []
        self.silent = 0
        self.server = Server(options.seed, options.certificate)
        # Several, because a user may connect each of them only now and then.
        self.slugs = [f"fuzz-{urllib.parse.urlsplit(self.server.base).scheme}-{number}" for number in range(16)]
        for slug in self.slugs:
            status = self.add({
                "slug": slug, "apiBaseUri": self.server.base + "/api",
                "authUri": self.server.base + "/authorize", "tokenUri": self.server.base + "/token",
                "revocationUri": self.server.base + "/revoke", "clientId": "c", "clientSecret": "s",
                "timeouts": {"head": 3, "idle": 3},
            })  # fmt: skip
            if status != 201:
                raise SystemExit(f"the integration was not made: {status}")

    def is_over(self):
        return time.monotonic() > self.end or self.silent > 200

    def add(self, fields):
        connection = http.client.HTTPConnection(self.host, timeout=60)
        try:
            connection.request("POST", "/grantkeeper/integrations", json.dumps(fields), {
                "Authorization": "Bearer " + self.options.key, "Content-Type": "application/json"})
            answer = connection.getresponse()
            answer.read()
            return answer.status
        finally:
            connection.close()

    def add_by_metadata(self, chance):
        self.add({"slug": f"m-{chance.randrange(10**9)}", "issuer": self.server.base, "clientId": "c",
                  "clientSecret": "s"})

    def count(self, what):
        with self.lock:
            self.counts[what] = self.counts.get(what, 0) + 1

    def look(self, user, answer, text):
        self.count(answer.status)
        # nginx says so for a service that is gone or silent.
        gone = answer.status == 502 and b"service_unreachable" in text
        with self.lock:
            self.silent = self.silent + 1 if gone else 0
        theirs = (MARK + user).encode()
        everything = text + str(answer.headers).encode("latin-1", "replace")
        for other in range(USERS):
            name = f"{MARK}user-{other}".encode()
            if name != theirs and name in everything:
                with self.lock:
                    self.foreign.append(f"{user} got {text[:200]!r}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("base")
    parser.add_argument("--key", required=True)
    parser.add_argument("--kind", choices=["upstream", "provider"], default="upstream")
    parser.add_argument("--seed", type=int, default=12)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--threads", type=int, default=32)
    parser.add_argument("--certificate")
    run = Run(parser.parse_args())
    users = [User(run, number) for number in range(run.options.threads)]
    for user in users:
        user.start()
    for user in users:
        user.join()
    print(json.dumps({"kind": run.options.kind, "seed": run.options.seed,
                      "answers": {str(key): value for key, value in sorted(run.counts.items(), key=str)}}))
    for line in run.foreign[:10]:
        print("FOREIGN:", line)
    if run.silent > 200:
        print("the service is gone")
    if not run.counts.get(200):
        print("no call was answered")
    raise SystemExit(1 if run.foreign or run.silent > 200 or not run.counts.get(200) else 0)


main()
