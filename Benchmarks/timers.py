"""Deliveries that wait on timers, and those of them that come due."""
import datetime
import random
import sys
import time

import harness

PORTION = 10_000


def at(seconds):
    """A time of the wall clock, as the API takes it."""
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).isoformat(timespec="milliseconds")


def fill(gateway, count):
    """Has so many messages accepted that are due tomorrow, spread over the day."""
    day = random.Random(count)
    for done in range(0, count, PORTION):
        template = gateway.request(send_at=at(time.time() + 86_400 * (1 + day.random())))
        harness.expect_all(harness.load(gateway.port, min(PORTION, count - done), template))
        if done % 100_000 == 0:
            harness.tell(f"{done} deliveries wait")


def lateness(gateway, sink, arrivals, count=19_500, rate=300, ahead=8):
    """Milliseconds by which each of so many messages reached the provider after its `send_at`.

    They come due `rate` a second, for longer than the minute after which the auditor begins. The gateway is killed and
    started after it accepted them, so all of them have to be read from the store; the first one is due `ahead` seconds
    after they began to be accepted."""
    arrivals.write_text("")
    sink.reset()
    begin = time.time() + ahead
    due = [round(begin + number / rate, 3) for number in range(count)]
    requests = [harness.filled(gateway.request(send_at=at(when)), number) for number, when in enumerate(due)]
    harness.expect_all(harness.load(gateway.port, count, requests=requests))
    gateway.restart()
    if time.time() > begin:
        sys.exit("bench: the restart took longer than until the first timer")
    # Nothing is asked meanwhile: the gateway shares the machine.
    time.sleep(due[-1] - time.time())
    counts = sink.drain(count)
    if counts["uniq"] < count or counts["dup"]:
        harness.tell(f"{count} came due, arrived {counts['uniq']}, doubled {counts['dup']}")
    came = (line.split() for line in arrivals.read_text().splitlines())
    return [float(milliseconds) - due[int(number)] * 1_000 for number, milliseconds in came]
