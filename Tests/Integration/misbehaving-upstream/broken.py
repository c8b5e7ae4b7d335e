"""What no server should do."""

import base64
import time

import sequence


def die(call):
    """Ends the connection without an answer, by `how` (as `cut` does), `when` the request was `read` or
    the body still is `unread`. With `reused`, only on a connection that has been used
    before; the first use is answered."""
    if "reused" in call.query and call.use == 1:
        return call.answer(200, body=b"first use")
    if call.option("when", "read") == "read":
        call.read_all()
    _end(call, call.option("how", "close"))


def cut(call):
    """Breaks an answer off behind `after` bytes of its body, or in its head with `after=-1`, in
    that `framing`, by `how`: `close`, `reset`, or `silence`, `ms` milliseconds later."""
    call.read_all()
    after = call.option("after", 1_000)
    if after < 0:
        call.raw("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nX-Cut")
        return _end(call, call.option("how", "close"))
    call.begin(200, [("Content-Type", call.option("type", "text/plain"))],
               framing=call.option("framing", "chunked"), length=after + 1_000)
    for piece in sequence.pieces(0, after):
        call.write(piece)
    if call.option("framing") == "chunked" and "inside" in call.query:
        call.raw("3e8\r\nnot all of it")
    time.sleep(call.option("ms", 0) / 1_000)
    _end(call, call.option("how", "close"))


def _end(call, how):
    call.entry.ended = "broken"
    if how == "silence":
        call.entry.ended = None
        call.hang()
    elif how == "reset":
        call.reset()
    else:
        call.close()


def close(call):
    """Reads the request and closes."""
    call.read_all()
    _end(call, "close")


def reset(call):
    """Reads the request and resets."""
    call.read_all()
    _end(call, "reset")


def hang(call):
    """Reads the request and says nothing."""
    call.read_all()
    call.hang()


def greeting(call):
    """Not HTTP at all."""
    _say(call, "SSH-2.0-OpenSSH_9.2p1\r\n")


def http_0_9(call):
    """A body and no head."""
    _say(call, "<html>all there is</html>")


def status_line(call):
    """`line` in place of a status line."""
    _say(call, call.option("line") + "\r\nContent-Length: 2\r\n\r\nok")


def header_bomb(call):
    """`kilobytes` of header in lines of 64 bytes."""
    call.read_all()
    call.raw("HTTP/1.1 200 OK\r\n")
    for _ in range(call.option("kilobytes", 1_024)):
        call.raw(("X-Bomb: " + "b" * 54 + "\r\n") * 16)
    call.raw("Content-Length: 2\r\n\r\nok")
    call.close()


def long_header(call):
    """One line of `kilobytes`."""
    value = "b" * (call.option("kilobytes", 200) * 1_024)
    _say(call, f"HTTP/1.1 200 OK\r\nX-Bomb: {value}\r\nContent-Length: 2\r\n\r\nok")


def endless_interim(call):
    """Interim answers until the other side has had enough."""
    call.read_all()
    while True:
        call.interim(100)


def both_lengths(call):
    """Five bytes in a chunk, and a `length` beside it (RFC 9112 §6.3: an attempt at smuggling)."""
    call.read_all()
    call.raw(f"HTTP/1.1 200 OK\r\nContent-Length: {call.option('length', 5)}\r\n"
             "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")
    _end(call, "close")


def bodied(call):
    """A `code` that has no body, or a HEAD, and a body on the wire behind it."""
    call.read_all()
    call.raw(f"HTTP/1.1 {call.option('code', 204)} Whatever\r\nContent-Length: 6\r\n\r\n"
             "ghost\n")
    call.entry.ended = "answered"


def ghost(call):
    """The caller's token, in a `shape` of answer, and a whole second answer with it that nobody asked
    for: at once, or `ms` milliseconds later, `split` in two or not. The connection is kept."""
    call.read_all()
    token = (call.header("Authorization") or "").encode()
    second = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(token), token)
    first = {
        "length": second,
        "chunked": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n"
                   % (len(token), token),
        "204": b"HTTP/1.1 204 No Content\r\n\r\n",
        "304": b"HTTP/1.1 304 Not Modified\r\nContent-Length: %d\r\n\r\n" % len(second),
        "head": b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(second),
    }[call.option("shape", "length")]
    delay = call.option("ms", 0) / 1_000
    half = len(second) // 2 if "split" in call.query else 0
    if delay:
        call.raw(first + second[:half])
        time.sleep(delay)
        call.raw(second[half:])
    else:
        call.raw(first + second)
    call.entry.ended = "answered"


def raw(call):
    """The bytes that `base64` stands for; then the connection is closed, or kept with `keep`."""
    call.read_all()
    call.raw(base64.urlsafe_b64decode(call.option("base64")))
    if "keep" not in call.query:
        _end(call, "close")


def _say(call, text):
    call.read_all()
    call.raw(text)
    _end(call, "close")
