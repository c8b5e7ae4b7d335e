"""An upstream that misbehaves on demand, for the tests of the proxy.

    misbehaving-upstream [--certificates DIRECTORY] [--port PORT]
    misbehaving-upstream --content BYTES

Serves on the loopback interface and prints, for each port that it listens on, a line `NAME PORT`,
then `ready`. What it does with a request is the first segment of its path: a function of `honest.py`
or of `broken.py`. What it has seen, and its orders, are below `/control/`.

    http           HTTP/1.1
    deaf, rude     closes, or resets, each connection before it reads anything
    mute           takes connections, and never says a word
    full           takes no connection: its queue is full
    NAME           HTTP/1.1 over TLS with each certificate NAME.pem of the directory
    NAME-h2        the same, which would choose HTTP/2 where that is offered

With --content it only writes what `/content` serves, to be compared or uploaded.
"""

import argparse
import os
import sys

sys.dont_write_bytecode = True

import sequence
import listeners


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--certificates")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--content", type=int)
    options = parser.parse_args()
    if options.content is not None:
        for piece in sequence.pieces(0, options.content):
            sys.stdout.buffer.write(piece)
        return
    listeners.serve_http("http", options.port)
    for name in ("deaf", "rude", "mute", "full"):
        listeners.serve_nothing(name)
    for file in sorted(os.listdir(options.certificates)) if options.certificates else []:
        name, ending = os.path.splitext(file)
        if ending == ".pem":
            path = os.path.join(options.certificates, file)
            listeners.serve_tls(name, path, ["http/1.1"])
            listeners.serve_tls(name + "-h2", path, ["h2", "http/1.1"])
    print("ready", flush=True)
    listeners.wait()


try:
    main()
except (KeyboardInterrupt, BrokenPipeError):
    pass
