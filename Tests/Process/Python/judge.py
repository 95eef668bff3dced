"""Signs webhooks with the official SDK, and lets it judge them as they arrive: argv[1] is a JSON list of cases.

A case: `url` and `fields` (pairs of name and value, or a text that is no form) as they arrive; `signed_url` and
`signed_fields` when something else was signed; `token` when another secret signed it; `signature` when nothing is
computed; `algorithm`. The output is a JSON list of {signature, valid} in the same order.
"""

import json
import os
import sys

from twilio.request_validator import RequestValidator

SECRET = os.environ["SIGNING_SECRET"]


class Fields(dict):
    """A form whose names may come more than once, as the SDK takes it from web frameworks."""

    def __init__(self, pairs):
        super().__init__(pairs)
        self.pairs = pairs

    def getall(self, name):
        return [value for key, value in self.pairs if key == name]


def body(value):
    return value if isinstance(value, str) else Fields([tuple(pair) for pair in value])


def judge(case):
    algorithm = case.get("algorithm")
    signed = body(case.get("signed_fields", case["fields"]))
    signer = RequestValidator(case.get("token", SECRET))
    signature = case.get("signature")
    if signature is None:
        form = {} if isinstance(signed, str) else signed
        signature = signer.compute_signature(case.get("signed_url", case["url"]), form, algorithm)
    valid = RequestValidator(SECRET).validate(case["url"], body(case["fields"]), signature, algorithm)
    return {"signature": signature, "valid": valid}


print(json.dumps([judge(case) for case in json.loads(sys.argv[1])]))
