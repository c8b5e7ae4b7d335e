"""What a server does the first time, and then otherwise. Times are counted by the path."""

import behaviours
import record


def flaky(call):
    """Does `how`, whose options are beside it, the first `failures` times; then answers 200."""
    attempt = record.count(call.path)
    if attempt <= call.option("failures", 1):
        behaviours.find(call.option("how"))(call)
    else:
        call.answer(200, body=b"attempt %d" % attempt)


def scripted(call):
    """Answers with one of the `codes` after the other, and the last again and again."""
    codes = call.option("codes", "200").split(",")
    call.answer(int(codes[min(record.count(call.path), len(codes)) - 1]))


def late(call):
    """Says 503 and asks for two seconds; from then on says nothing."""
    if record.count(call.path) == 1:
        call.answer(503, [("Retry-After", "2")])
    else:
        behaviours.find("hang")(call)
