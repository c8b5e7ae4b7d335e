"""The orders that a test gives, and what it asks, below /control/."""

import record


def run(call):
    record.forget(call.entry)
    order = call.path.removeprefix("/control/")
    if order == "seen":
        call.answer_json([entry.as_json() for entry in record.seen(call.option("path") or None)])
    elif order == "release":
        record.release(call.option("key"), call.option("count", 1))
        call.answer(204, framing="none")
    else:
        call.answer(404)
