#!/usr/bin/env python3
"""Writes Sources/Providers/Twilio/Answers/TwilioErrorTable.swift from the list of Twilio's error codes.

usage: scripts/generate-twilio-errors.py [--check]
--check writes nothing and exits 1 when the file is not what it would be.
"""
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SOURCE = ROOT / "Tests/Providers/Twilio/Fixtures/twilio-errors.json"
TARGET = ROOT / "Sources/Providers/Twilio/Answers/TwilioErrorTable.swift"

CLASSES = {
    "ratelimited": "r", "auth": "a", "invalid-recipient": "i", "invalid-sender": "s", "opted-out": "o",
    "content-rejected": "c", "outside-session-window": "w", "provider-down": "d", "retryable": "d", "unknown": "u",
}
ADVICE = {
    "now": "n", "now-other-address": "x", "provider": "p", "template": "t", "consent-only": "c",
    "after-retries": "a", "no": "h", "n/a": "a",
}
# Account-wide: no other message of the sender can go either. The rest of the class (trial limits, a destination that
# is not enabled) concerns one message.
STOPS_SENDER = {10001, 20003, 20005, 20006, 20403, 30002, 30037, 63001, 63020, 63051, 63112}
# The channel cannot reach this number, whoever sends. 21612 (this pair of numbers), 30011 (no MMS) and 63015 (sandbox
# not joined) depend on the sender or on the content.
MARKS_UNFIT = {21614, 21635, 30006, 63003, 63024, 63032, 63036}


def line(entry):
    code = entry["code"]
    advice = ADVICE[entry["fallback"]]
    if code in STOPS_SENDER:
        advice = "s"
    elif advice == "h" and entry["class"] in ("ratelimited", "retryable", "provider-down"):
        # Nothing in the request is wrong, so it is not held for a person.
        advice = "a"
    return f"{code} {CLASSES[entry['class']]}{advice}{'u' if code in MARKS_UNFIT else ''}"


def main():
    entries = sorted(json.loads(SOURCE.read_text())["codes"], key=lambda entry: entry["code"])
    assert len({entry["code"] for entry in entries}) == len(entries)
    lines = "\n".join("        " + line(entry) for entry in entries)
    text = f'''// Written by scripts/generate-twilio-errors.py; do not edit.

/// One line a code in rising order: the code, then letters for class, advice and, if so, `u` for unfit.
enum TwilioErrorTable {{
    static let lines: StaticString = """
{lines}
        """
}}
'''
    if "--check" in sys.argv[1:]:
        sys.exit(0 if TARGET.exists() and TARGET.read_text() == text else 1)
    TARGET.write_text(text)


main()
