"""What the upstream has seen, what tests have counted and released. Guarded by one lock."""

import collections
import threading
import time

_changed = threading.Condition()
_seen = []
_counts = collections.Counter()
_released = collections.Counter()


class Entry:
    """One request. `ended` is how: `answered`, `gone` when the other side went first, `broken` when
    we broke it off; nothing while it is under way."""

    def __init__(self, call):
        self.call = call
        self.time = time.time()
        self.body_length = 0
        self.checksum = None
        self.sent = 0
        self.ended = None
        with _changed:
            _seen.append(self)

    def as_json(self):
        return {
            "method": self.call.method, "target": self.call.target, "path": self.call.path,
            "headers": self.call.headers, "protocol": self.call.protocol,
            "connection": self.call.connection_number, "use": self.call.use,
            "bodyLength": self.body_length, "sha256": self.checksum, "sent": self.sent,
            "time": self.time, "ended": self.ended,
        }


def seen(path=None):
    with _changed:
        return [entry for entry in _seen if path is None or entry.call.path == path]


def forget(entry):
    with _changed:
        _seen.remove(entry)


def count(key):
    """So often, this time included."""
    with _changed:
        _counts[key] += 1
        return _counts[key]


def release(key, number):
    with _changed:
        _released[key] += number
        _changed.notify_all()


def await_release(key, is_gone):
    """Waits for one release; false when whoever is waited for went away before."""
    with _changed:
        while not _released[key]:
            _changed.wait(0.05)
            if is_gone():
                return False
        _released[key] -= 1
        return True
