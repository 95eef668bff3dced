"""Signs webhooks with the official SDK: argv[1] is a JSON list of {url, fields}; one signature a line."""

import json
import os
import sys

from twilio.request_validator import RequestValidator

validator = RequestValidator(os.environ["TWILIO_AUTH_TOKEN"])
for webhook in json.loads(sys.argv[1]):
    print(validator.compute_signature(webhook["url"], webhook["fields"]))
