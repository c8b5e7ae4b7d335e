"""What a good server does too, though perhaps slowly."""

import gzip
import re
import time

import sequence

_MODIFIED = "Tue, 01 Jul 2025 10:00:00 GMT"


def nothing(call):
    call.answer(404, body=b"no such behaviour\n")


def echo(call):
    """What has arrived, as JSON; the body's length and checksum in place of it."""
    call.read_all()
    call.answer_json(call.entry.as_json() | {"ended": "answered"})


def status(call):
    """`code`, `body`, and any number of `header=Name:value`, in their order."""
    headers = [tuple(header.split(":", 1)) for header in call.options("header")]
    code = call.option("code", 200)
    if code in (204, 304):
        call.answer(code, headers, framing="none")
    else:
        call.answer(code, headers, call.option("body").encode(), call.option("framing", "length"))


def content(call):
    """`size` bytes in that `framing`."""
    call.read_all()
    size = call.option("size", 100_000)
    headers = [("Content-Type", call.option("type", "application/octet-stream"))]
    call.begin(200, headers, call.option("framing", "length"), size)
    if call.method != "HEAD":
        for piece in sequence.pieces(0, size):
            call.write(piece)
    call.finish()


def file(call):
    """Content with a validator, for ranges (RFC 9110 §14) and conditions (§13)."""
    call.read_all()
    size = call.option("size", 100_000)
    headers = [("ETag", '"v1"'), ("Last-Modified", _MODIFIED), ("Accept-Ranges", "bytes"),
               ("Content-Type", "application/octet-stream")]
    if call.header("If-Match") not in (None, '"v1"'):
        return call.answer(412, headers)
    if call.header("If-None-Match") == '"v1"' or call.header("If-Modified-Since") == _MODIFIED:
        return call.answer(304, headers, framing="none")
    start, end, code = 0, size, 200
    wanted = re.fullmatch(r"bytes=(\d*)-(\d*)", call.header("Range") or "")
    if wanted and call.header("If-Range") in (None, '"v1"', _MODIFIED):
        first, last = wanted.groups()
        start = int(first) if first else size - int(last)
        end = min(int(last) + 1, size) if first and last else size
        if start >= size:
            headers.append(("Content-Range", f"bytes */{size}"))
            return call.answer(416, headers)
        code = 206
        headers.append(("Content-Range", f"bytes {start}-{end - 1}/{size}"))
    call.begin(code, headers, "length", end - start)
    if call.method != "HEAD":
        for piece in sequence.pieces(start, end):
            call.write(piece)
    call.finish()


def drip(call):
    """`count` bytes, one each `ms` milliseconds."""
    call.read_all()
    call.begin(200, framing=call.option("framing", "chunked"), length=call.option("count", 10))
    for _ in range(call.option("count", 10)):
        call.write(b".")
        time.sleep(call.option("ms", 100) / 1_000)
    call.finish()


def events(call):
    """An event stream: each event when the test releases `key`, from the one behind
    `Last-Event-ID` on, `count` on each connection; with `silent`, the head alone at first."""
    call.read_all()
    call.begin(200, [("Content-Type", call.option("type", "text/event-stream"))])
    if "silent" not in call.query:
        call.write(b"retry: 100\n\n")
    first = int(call.header("Last-Event-ID") or 0) + 1
    for number in range(first, first + call.option("count", 3)):
        call.await_release(call.option("key"))
        call.write(b"id: %d\ndata: event %d\n\n" % (number, number))
    call.finish()


def hold(call):
    """Answers when the test releases `key`."""
    call.read_all()
    call.await_release(call.option("key"))
    call.answer(200, body=b"released")


def slow_head(call):
    """The head a piece each `ms` milliseconds."""
    call.read_all()
    for piece in ("HTTP/1.1 2", "00 OK\r\nContent-", "Length: 4\r\n", "\r\n"):
        call.raw(piece)
        time.sleep(call.option("ms", 100) / 1_000)
    call.raw("slow")
    call.entry.ended = "answered"


def gzipped(call):
    """Encoded, whatever the caller accepts."""
    body = gzip.compress(b"the same again and again " * 1_000, mtime=0)
    type = call.option("type", "text/plain")
    call.answer(200, [("Content-Encoding", "gzip"), ("Content-Type", type)], body)


def trailers(call):
    call.answer(200, [("Trailer", "X-Checksum, Set-Cookie")], b"with trailers", "chunked",
                [("X-Checksum", "abc"), ("Set-Cookie", "grantkeeper=stolen")])


def sink(call):
    """Takes a body, `rate` bytes a second when that is given, and says what it was."""
    rate = call.option("rate", 0)
    while piece := call.read():
        if rate:
            time.sleep(len(piece) / rate)
    call.answer_json({"length": call.entry.body_length, "sha256": call.entry.checksum})


def gated_sink(call):
    """Begins to take the body when the test releases `key`."""
    call.await_release(call.option("key"))
    sink(call)


def early(call):
    """Answers 413 before it has read the body, and closes."""
    call.begin(413, [("Connection", "close")], "length", 9)
    call.write(b"too large")
    call.finish()
    call.keeps = False


def interim(call):
    """`count` interim answers with `code`, and then a final one."""
    call.read_all()
    for _ in range(call.option("count", 1)):
        call.interim(call.option("code", 103), [("Link", "</style.css>; rel=preload")])
    call.answer(200, body=b"final")
