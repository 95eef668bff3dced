"""A small server of Twilio's shape that shares no code with the gateway or its simulator.

Its webhooks are signed by the official SDK. WhatsApp messages are accepted and fail, SMS are accepted and stay
undelivered, a call is answered and presses 1 when a Gather asks for a digit. GET /log tells what came and went.
The first line of its output is its base URL.
"""

import base64
import json
import os
import queue
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
import xml.etree.ElementTree as ElementTree
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from twilio.request_validator import RequestValidator

ACCOUNT = os.environ["TWILIO_ACCOUNT_SID"]
TOKEN = os.environ["TWILIO_AUTH_TOKEN"]
VALIDATOR = RequestValidator(TOKEN)
LOG = {"requests": [], "webhooks": []}
LOCK = threading.Lock()
WORK = queue.Queue()


def post(url, fields):
    """Sends a signed webhook; its status and body."""
    request = urllib.request.Request(url, data=urllib.parse.urlencode(fields).encode(), method="POST")
    request.add_header("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
    request.add_header("X-Twilio-Signature", VALIDATOR.compute_signature(url, fields))
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            status, body = answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        status, body = error.code, error.read().decode()
    with LOCK:
        LOG["webhooks"].append({"url": url, "fields": fields, "status": status, "body": body})
    return body


def deliver(form, sid):
    base = {"MessageSid": sid, "SmsSid": sid, "AccountSid": ACCOUNT, "From": form["From"], "To": form["To"]}
    final = ("failed", "63024") if form["To"].startswith("whatsapp:") else ("undelivered", "30003")
    steps = [("queued", ""), ("sent", ""), final] if final[0] == "undelivered" else [("queued", ""), final]
    for status, code in steps:
        fields = dict(base, MessageStatus=status, SmsStatus=status)
        if code:
            fields["ErrorCode"] = code
        post(form["StatusCallback"], fields)


def ring(form, sid):
    base = {
        "CallSid": sid, "AccountSid": ACCOUNT, "From": form["From"], "To": form["To"], "Direction": "outbound-api",
        "ApiVersion": "2010-04-01",
    }
    for number, status in enumerate(["initiated", "ringing", "in-progress"]):
        post(form["StatusCallback"], dict(base, CallStatus=status, SequenceNumber=str(number)))
    if "AsyncAmdStatusCallback" in form:
        post(form["AsyncAmdStatusCallback"], {"CallSid": sid, "AccountSid": ACCOUNT, "AnsweredBy": "human"})
    url, fields = form["Url"], dict(base, CallStatus="in-progress")
    for _ in range(5):
        document = ElementTree.fromstring(post(url, fields))
        gather = document.find("Gather")
        if gather is None:
            break
        url = urllib.parse.urljoin(url, gather.get("action"))
        fields = dict(base, CallStatus="in-progress", Digits="1", FinishedOnKey="")
    post(form["StatusCallback"], dict(base, CallStatus="completed", CallDuration="7", SequenceNumber="3"))


def work():
    while True:
        job, form, sid = WORK.get()
        job(form, sid)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path == "/log":
            with LOCK:
                self.answer(200, LOG)
        else:
            self.answer(404, {"code": 20404, "message": "not found", "status": 404})

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        expected = "Basic " + base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        if self.headers.get("Authorization") != expected:
            self.answer(401, {"code": 20003, "message": "Authenticate", "status": 401})
            return
        form = dict(urllib.parse.parse_qsl(body, keep_blank_values=True))
        kind = self.path.rsplit("/", 1)[-1]
        with LOCK:
            LOG["requests"].append({"path": self.path, "form": form})
            number = len(LOG["requests"])
        if kind == "Messages.json":
            sid, job, status = f"SM{number:032x}", deliver, "queued"
        elif kind == "Calls.json":
            sid, job, status = f"CA{number:032x}", ring, "queued"
        else:
            self.answer(404, {"code": 20404, "message": "not found", "status": 404})
            return
        self.answer(201, {"sid": sid, "status": status, "account_sid": ACCOUNT, "to": form["To"], "from": form["From"],
                          "error_code": None, "error_message": None})
        WORK.put((job, form, sid))

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    threading.Thread(target=work, daemon=True).start()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
    server.serve_forever()
    sys.exit(0)
