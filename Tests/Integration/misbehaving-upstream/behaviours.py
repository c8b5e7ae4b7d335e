"""From a request's path to what is done with it."""

import sys
import traceback

import broken
import control
import fickle
import honest
from call import Gone


def run(call):
    try:
        if call.behaviour == "control":
            control.run(call)
        else:
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
    for module in (honest, fickle, broken):
        found = getattr(module, name, None)
        if callable(found) and getattr(found, "__module__", None) == module.__name__:
            return found
    return honest.nothing
