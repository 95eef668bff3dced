"""Verifies access tokens: argv[1] is a JSON list of tokens; one line each, the claims or the error's name.

The official SDK and PyJWT must come to the same verdict.
"""

import json
import os
import sys

import jwt
from twilio.base.exceptions import TwilioException
from twilio.jwt import JwtDecodeError
from twilio.jwt.access_token import AccessToken

secret = os.environ["TWILIO_API_SECRET"]


def official(token):
    try:
        return AccessToken.from_jwt(token, secret).payload
    except (JwtDecodeError, TwilioException):
        return None


for token in json.loads(sys.argv[1]):
    try:
        claims = jwt.decode(token, secret, algorithms=["HS256"], options={"require": ["exp", "nbf", "iss", "sub"]})
    except jwt.InvalidTokenError as error:
        print("refused" if official(token) is None else "the SDK accepts what PyJWT refuses: " + repr(error))
        continue
    read = official(token)
    if read is None or read.get("grants") != claims["grants"]:
        print("the SDK reads another token: " + repr(read))
        continue
    print(json.dumps({"header": jwt.get_unverified_header(token), "claims": claims}))
