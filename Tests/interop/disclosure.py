# SPDX-License-Identifier: Apache-2.0
"""SD-JWTs made here verify with the reference implementation (sd-jwt on PyPI), and the reverse.

usage: disclosure.py PATH_TO_CLOAKROOM

The exit status is 1 when any check fails; each failure is one line.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from jwcrypto.jwk import JWK
from sd_jwt.common import SDObj
from sd_jwt.holder import SDJWTHolder
from sd_jwt.issuer import SDJWTIssuer
from sd_jwt.verifier import SDJWTVerifier

CLOAKROOM = sys.argv[1]
NOW = 1_800_000_000
VERIFIER, NONCE = "https://verifier.example", "n-123"
POLICY = """
version: 1
tenant: acme
issue: {issuer: https://tokens.example, audience: https://orders.example, type: example+sd-jwt}
claims:
  sub: keep
  email: disclose
  name: {disclose: {decoys: 3}}
  address: {disclose: {recursive: yes}}
  work.phone: disclose
  roles[]: {disclose: {decoys: 2}}
  cnf: keep
"""
PERSON = {"email": "ana@example.com", "name": "Ana \"A\" Lima ü 𝄞", "address": {"street": "Main St 1", "geo": [1, 2.5]},
          "work": {"phone": "+1-202-555-0101"}, "roles": ["a", "b", "c"]}
failures = 0
passed = 0


def check(name, condition):
    global failures, passed
    if condition:
        passed += 1
    else:
        failures += 1
        print(f"  FAILED: {name}")


def run(folder, *arguments, text):
    return subprocess.run([CLOAKROOM, "sd", *arguments], input=text.encode(), capture_output=True, cwd=folder)


def verdict(folder, token, *options):
    rules = ["--keys", "issuer.pub", "--issuer", "https://tokens.example", "--now", str(NOW + 1)]
    return json.loads(run(folder, "verify", *rules, *options, text=token + "\n").stdout)


def ours(folder, issuer, holder):
    """Issued and presented here, verified there; then presented there, verified here."""
    claims = {"sub": "u1", **PERSON, "cnf": {"jwk": json.loads(holder.export_public())}}
    token = run(folder, "issue", "--policy", "policy.yaml", "--signing-key", "issuer.jwk", "--now", str(NOW),
                text=json.dumps(claims) + "\n").stdout.decode().strip()
    check("issue", token.endswith("~"))
    bind = ["--holder-key", "holder.jwk", "--binding-audience", VERIFIER, "--nonce", NONCE, "--now", str(NOW)]
    for selection, expected in (([], PERSON), (["--drop-all"], {"work": {}, "roles": []}),
                                (["--keep", "address.geo[1],roles[0]"],
                                 {"address": {"geo": [2.5]}, "work": {}, "roles": ["a"]}),
                                (["--drop", "email,address.street"],
                                 {key: value for key, value in PERSON.items() if key != "email"}
                                 | {"address": {"geo": [1, 2.5]}})):
        presentation = run(folder, "present", *selection, *bind, text=token + "\n").stdout.decode().strip()
        payload = SDJWTVerifier(presentation, lambda *_: issuer, VERIFIER, NONCE).get_verified_payload()
        check(f"theirs verifies ours, {selection}", {key: payload[key] for key in payload if key in PERSON} == expected)
    their_holder = SDJWTHolder(token)
    their_holder.create_presentation({"name": True, "address": {"street": True}}, NONCE, VERIFIER, holder)
    result = verdict(folder, their_holder.sd_jwt_presentation, "--binding", "none")
    check("a binding that nobody asked for", result["error"] == "binding")
    # Their key binding is stamped with their clock, so that only its form is judged: far in our past.
    result = verdict(folder, their_holder.sd_jwt_presentation.rsplit("~", 1)[0] + "~", "--binding", "none")
    check("ours verifies their selection", result["valid"] and result["claims"]["name"] == PERSON["name"]
          and "email" not in result["claims"] and result["disclosures"] == 3)


def theirs(folder, issuer, holder):
    """Issued and presented there, verified and presented here."""
    now = int(subprocess.run(["date", "+%s"], capture_output=True).stdout)
    claims = {"iss": "https://tokens.example", "iat": now, "exp": now + 600, SDObj("sub"): "u1",
              SDObj("person"): {SDObj("name"): "Ana", "email": "ana@example.com"}, "roles": [SDObj("a"), "b", SDObj("c")]}
    for decoys in (False, True):
        made = SDJWTIssuer(claims, issuer, holder, sign_alg="ES256", add_decoy_claims=decoys,
                           extra_header_parameters={"typ": "example+sd-jwt"})
        rules = ["--now", str(now + 1)]
        open_claims = verdict(folder, made.sd_jwt_issuance, "--binding", "none", *rules)["claims"]
        check("ours verifies theirs", open_claims["person"] == {"name": "Ana", "email": "ana@example.com"}
              and open_claims["roles"] == ["a", "b", "c"] and open_claims["sub"] == "u1")
        other = SDJWTHolder(made.sd_jwt_issuance)
        other.create_presentation({"person": {"name": True}, "roles": [False, False, True]}, NONCE, VERIFIER, holder)
        result = verdict(folder, other.sd_jwt_presentation, "--binding-audience", VERIFIER, "--nonce", NONCE, *rules)
        check("ours verifies their key binding", result["valid"] and result["bound"]
              and result["claims"]["roles"] == ["b", "c"] and "sub" not in result["claims"])
        refused = verdict(folder, other.sd_jwt_presentation, "--binding-audience", VERIFIER, "--nonce", "x", *rules)
        check("with another nonce not", refused["error"] == "binding")
        mine = run(folder, "present", "--keep", "person.name", "--holder-key", "holder.jwk", "--binding-audience",
                   VERIFIER, "--nonce", NONCE, text=made.sd_jwt_issuance + "\n").stdout.decode().strip()
        payload = SDJWTVerifier(mine, lambda *_: issuer, VERIFIER, NONCE).get_verified_payload()
        check("theirs verifies our presentation of theirs",
              payload["person"] == {"name": "Ana", "email": "ana@example.com"} and payload["roles"] == ["b"])


with tempfile.TemporaryDirectory() as name:
    keys = {}
    for key in ("issuer", "holder"):
        keys[key] = JWK.generate(kty="EC", crv="P-256")
        Path(name, f"{key}.jwk").write_text(keys[key].export_private())
        Path(name, f"{key}.pub").write_text(keys[key].export_public())
    Path(name, "policy.yaml").write_text(POLICY)
    ours(name, keys["issuer"], keys["holder"])
    theirs(name, keys["issuer"], keys["holder"])
print(f"  {passed} passed, {failures} failed")
sys.exit(1 if failures else 0)
