"""From a request's path to what is done with it."""

import sys
import traceback

import broken
import control
import honest
import record
from call import Gone


def run(call):
    try:
        if call.behaviour == "control":
            control.run(call)
            return
        find(call.behaviour)(call)
    except (Gone, OSError, EOFError):
        call.entry.ended = call.entry.ended or "gone"
        call.close()
    except Exception:
        traceback.print_exc(file=sys.stderr)
        call.entry.ended = "failed"
        call.close()


def find(name):
    """The function of that name, which takes a call."""
    if name == "flaky":
        return _flaky
    for module in (honest, broken):
        found = getattr(module, name, None)
        if callable(found) and getattr(found, "__module__", None) == module.__name__:
            return found
    return honest.nothing


def _flaky(call):
    """Does `how`, whose options are beside it, the first `failures` times; then answers 200."""
    attempt = record.count(call.path)
    if attempt <= call.option("failures", 1):
        find(call.option("how"))(call)
    else:
        call.answer(200, body=b"attempt %d" % attempt)
