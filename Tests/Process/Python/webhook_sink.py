"""Takes webhooks and lets the official SDK judge their signatures.

Voice URLs are answered with TwiML that gathers a digit, redirects, records, and ends, so that a simulated call sends
every kind of webhook. GET /verdicts lists what came. The first line of the output is the base URL.
"""

import json
import os
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from twilio.request_validator import RequestValidator, get_signature_algorithm

VALIDATOR = RequestValidator(os.environ["SIGNING_SECRET"])
VERDICTS = []
LOCK = threading.Lock()
TWIML = {
    "/voice": '<Response><Gather numDigits="1" timeout="5" action="/gathered?a=1&amp;b=%C3%BC"><Say>Press</Say></Gather></Response>',
    "/gathered": '<Response><Redirect method="GET">/last?x=1</Redirect></Response>',
    "/last": '<Response><Record timeout="1" action="/recorded?n=1" recordingStatusCallback="/recording?r=%20"/></Response>',
    "/recorded": "<Response><Hangup/></Response>",
}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def judge(self, fields):
        url = f"http://{self.headers['Host']}{self.path}"
        signature = self.headers.get("X-Twilio-Signature", "")
        algorithm = get_signature_algorithm(self.headers.get("X-Twilio-Webhooks-Signature-Settings"))
        with LOCK:
            VERDICTS.append({
                "path": urllib.parse.urlsplit(self.path).path, "method": self.command,
                "algorithm": algorithm, "valid": VALIDATOR.validate(url, fields, signature, algorithm),
                "valid_when_changed": VALIDATOR.validate(url, dict(fields, Body="changed"), signature, algorithm),
                "fields": sorted(fields), "status": fields.get("MessageStatus") or fields.get("CallStatus") or "",
            })

    def answer(self, body, kind):
        body = body.encode()
        self.send_response(200 if body else 204)
        if body:
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path == "/verdicts":
            with LOCK:
                self.answer(json.dumps(VERDICTS), "application/json")
            return
        self.judge({})
        self.answer(TWIML.get(urllib.parse.urlsplit(self.path).path, ""), "text/xml")

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        self.judge(dict(urllib.parse.parse_qsl(body, keep_blank_values=True)))
        self.answer(TWIML.get(urllib.parse.urlsplit(self.path).path, ""), "text/xml")

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
    server.serve_forever()
