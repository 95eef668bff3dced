"""A gateway under measurement: the release binary with one fast SMS sender whose API is the sink."""
import base64
import hashlib
import hmac
import json
import statistics
import time
import urllib.parse

import harness

BINARY = harness.ROOT / ".build/release/gateway"
ACCOUNT = "AC00000000000000000000000000000001"
# Not a secret: only the sink ever sees it.
TOKEN = "0123456789abcdef0123456789abcdef"
CONFIGURATION = """\
version: 1
gateway:
  listen: {{ public: "127.0.0.1:0", private: "127.0.0.1:0", simulator: "127.0.0.1:0" }}
  store: sqlite:{folder}/gateway.db
  time_zone: UTC
  default_locale: en
countries: {{ allow: [CH] }}
providers:
  twilio: {{ account_sid: "${{BENCH_ACCOUNT}}", auth_token: "${{BENCH_TOKEN}}", api: "{api}" }}
channels:
  sms:
    {{ adapter: sms, provider: twilio, from: {{ number: "12345", type: short_code }}, rate: {rate},
      concurrency: {concurrency} }}
policies:
  only: {{ success: delivered, fallback: [{{ channel: sms }}] }}
rules:
  outbound: [{rules}]
  inbound: [{{ name: answer, do: [{{ reply: thanks }}, {{ emit: message.received }}] }}]
templates:
  thanks: {{ text: {{ en: "Thank you, we will call you back." }} }}
"""
# Everything that the simulator is asked for arrives at once.
SIMULATOR = """\
simulator:
  latency: 0ms..0ms
  senders: { "12345": { type: short_code, rate: 1000000/s } }
  phones: { default: { sms: { deliver: 0ms } } }
"""
RULES = ["{ name: all, policy: only }"]


class Gateway:
    def __init__(self, sink, concurrency=512, rate="100000/s", rules=RULES):
        """Sends to the sink; without one, to the built-in simulator."""
        self.folder = harness.folder()
        file = self.folder / "channels.yaml"
        text = CONFIGURATION.format(
            folder=self.folder, api=sink.url if sink else "simulator", concurrency=concurrency, rate=rate,
            rules=",\n    ".join(rules))
        file.write_text(text if sink else text + SIMULATOR)
        self.start()

    def start(self):
        """Starts the program on the data that is there."""
        file = self.folder / "channels.yaml"
        (self.folder / "listen.json").unlink(missing_ok=True)
        begin = time.monotonic()
        self.process = harness.start(
            [BINARY, "serve", "--config", file, "--data", self.folder],
            {"BENCH_ACCOUNT": ACCOUNT, "BENCH_TOKEN": TOKEN}, self.folder / "log")
        harness.wait_for((self.folder / "listen.json").exists)
        addresses = json.loads((self.folder / "listen.json").read_text())
        self.private, self.public = addresses["private"], addresses["public"]
        harness.wait_for(lambda: harness.get(self.private + "/-/ready"))
        self.ready_seconds = time.monotonic() - begin
        self.key = (self.folder / "admin.key").read_text().strip()

    @property
    def port(self):
        return int(self.private.rsplit(":", 1)[1])

    def restart(self, times=1):
        """Kills the program, as a crash would, and starts it again.

        Returns the median of the seconds until it was ready."""
        seconds = []
        for _ in range(times):
            self.process.kill()
            self.process.wait()
            self.start()
            seconds.append(self.ready_seconds)
        return statistics.median(seconds)

    def request(self, **fields):
        """The request that accepts a message, each to another number; with more fields of its body."""
        body = {"to": "+4179@NUM@", "topic": "appointment.confirmed", "text": harness.BODY, **fields}
        return harness.post("/v1/messages", json.dumps(body), self.port, [f"Authorization: Bearer {self.key}"])

    @property
    def message(self):
        """The request that accepts a message which is due at once."""
        return self.request()

    def callbacks(self, lines, status):
        """Signed status callbacks, as the provider sends them, for lines of `sid StatusCallback`."""
        for line in lines:
            sid, url = line.split()
            url = urllib.parse.unquote_plus(url)
            form = {"AccountSid": ACCOUNT, "From": "12345", "MessageSid": sid, "MessageStatus": status, "SmsSid": sid,
                    "SmsStatus": status, "ApiVersion": "2010-04-01", "To": "+41790000000"}
            text = url + "".join(name + form[name] for name in sorted(form))
            digest = hmac.new(TOKEN.encode(), text.encode(), hashlib.sha1).digest()
            target = url[len(self.public):]
            yield harness.post(
                target, urllib.parse.urlencode(form), self.public.rsplit(":", 1)[1],
                ["X-Twilio-Signature: " + base64.b64encode(digest).decode()], "application/x-www-form-urlencoded")

    def texts(self, first, count):
        """Signed texts from people, each of another number, in the shape in which the provider sends them."""
        url = self.public + "/webhooks/twilio/sms"
        for number in range(first, first + count):
            sid = f"SM{number:032x}"
            form = {"ToCountry": "CH", "ToState": "", "SmsMessageSid": sid, "NumMedia": "0", "ToCity": "", "FromZip": "",
                    "SmsSid": sid, "FromState": "", "SmsStatus": "received", "FromCity": "", "Body": harness.BODY,
                    "FromCountry": "CH", "To": "12345", "ToZip": "", "NumSegments": "1", "ReferralNumMedia": "0",
                    "MessageSid": sid, "AccountSid": ACCOUNT, "From": f"+4179{number:07}", "ApiVersion": "2010-04-01"}
            text = url + "".join(name + form[name] for name in sorted(form))
            digest = hmac.new(TOKEN.encode(), text.encode(), hashlib.sha1).digest()
            yield harness.post(
                "/webhooks/twilio/sms", urllib.parse.urlencode(form), self.public.rsplit(":", 1)[1],
                ["X-Twilio-Signature: " + base64.b64encode(digest).decode()], "application/x-www-form-urlencoded")
