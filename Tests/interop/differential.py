# SPDX-License-Identifier: Apache-2.0
"""One corpus, four engines: whose verdict differs, and is it known why?

usage: differential.py PATH_TO_CLOAKROOM [PATH_TO_JWT_KIT_VERDICTS] [--list]

Valid, changed and hostile tokens of four algorithms go through Cloakroom, joserfc, PyJWT and, where its program is given
(Benchmarks/Peers builds it), jwt-kit, under the same key and the same rules: this issuer, this audience, exp and iat
required, 30 seconds of leeway. Every kind of token on which the verdicts differ must stand in differences.tsv with the
reason, and every row there must still differ. The exit status is 1 otherwise.
"""

import base64
import json
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

import jwt
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from joserfc import jwk as jose_jwk
from joserfc import jwt as jose_jwt

warnings.simplefilter("ignore")
CLOAKROOM = sys.argv[1]
NOW = int(time.time())
ISSUER, AUDIENCE = "https://issuer.example", "api"
CLAIMS = {"iss": ISSUER, "aud": AUDIENCE, "sub": "u", "iat": NOW - 5, "exp": NOW + 300}
ED25519_ORDER = 2**252 + 27742317777372353535851937790883648493


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Signer:
    """Signs any header and payload bytes with one key, well-formed or not."""

    def __init__(self, algorithm, folder):
        self.algorithm = algorithm
        self.path = Path(folder) / f"{algorithm}.jwk"
        subprocess.run([CLOAKROOM, "key", "generate", "--alg", algorithm, "--kid", "k1", "--out", str(self.path)],
                       check=True)
        facts = json.loads(self.path.read_text())
        self.public = {name: value for name, value in facts.items() if name not in ("d", "p", "q", "dp", "dq", "qi")}
        self.key = jwt.PyJWK(facts, algorithm).key
        self.check = jwt.PyJWK(self.public, algorithm).key
        self.hasher = jwt.algorithms.get_default_algorithms()[algorithm]
        self.jose = jose_jwk.import_key(self.public)

    def header(self, **changes):
        full = {"alg": self.algorithm, "kid": "k1", "typ": "JWT", **changes}
        return json.dumps({name: value for name, value in full.items() if value is not ...}).encode()

    def token(self, header=None, payload=None, signature=None):
        text = b64(self.header() if header is None else header) + "." + b64(
            json.dumps(CLAIMS).encode() if payload is None else payload)
        return text + "." + b64(self.hasher.sign(text.encode(), self.key) if signature is None else signature)

    def claims(self, **changes):
        full = {**CLAIMS, **changes}
        return self.token(payload=json.dumps({k: v for k, v in full.items() if v is not ...}).encode())


def claim_cases(s):
    yield "valid", s.claims()
    for name in ("iss", "aud", "exp", "iat"):
        yield f"no {name}", s.claims(**{name: ...})
    yield "no sub", s.claims(sub=...)
    yield "sub number", s.claims(sub=7)
    yield "jti number", s.claims(jti=7)
    for name, value in {"other": "web", "empty": "", "list with ours": ["web", AUDIENCE], "list without": ["web"],
                        "empty list": [], "list with number": [AUDIENCE, 1], "number": 1, "null": None, "prefix": "ap",
                        "case": "API", "object": {"api": 1}}.items():
        yield f"aud {name}", s.claims(aud=value)
    for name, value in {"other": "https://other.example", "slash": ISSUER + "/", "case": ISSUER.upper(), "list": [ISSUER],
                        "null": None, "NUL": ISSUER + "\0"}.items():
        yield f"iss {name}", s.claims(iss=value)
    for name, value in {"now": NOW, "past": NOW - 600, "string": str(NOW + 300), "fraction": NOW + 300.5, "null": None,
                        "bool": True, "list": [NOW + 300], "negative": -1, "milliseconds": (NOW + 300) * 1000,
                        "1e308": 1e308}.items():
        yield f"exp {name}", s.claims(exp=value)
    yield "exp 1e400", s.token(payload=json.dumps(CLAIMS).replace(str(NOW + 300), "1e400").encode())
    yield "nbf past", s.claims(nbf=NOW - 1)
    yield "nbf future", s.claims(nbf=NOW + 200)
    yield "nbf string", s.claims(nbf=str(NOW))
    yield "iat future", s.claims(iat=NOW + 200)
    yield "iat string", s.claims(iat=str(NOW))
    yield "lifetime of a day", s.claims(exp=NOW + 86_400)


def json_cases(s):
    good = json.dumps(CLAIMS)
    yield "duplicate claim", s.token(payload=('{"sub":"v",' + good[1:]).encode())
    yield "duplicate claim escaped", s.token(payload=('{"\\u0073ub":"v",' + good[1:]).encode())
    yield "duplicate header parameter", s.token(header=b'{"typ":"x",' + s.header()[1:])
    yield "trailing bytes", s.token(payload=(good + "x").encode())
    yield "trailing blank", s.token(payload=(good + " \n").encode())
    yield "two documents", s.token(payload=(good + good).encode())
    yield "byte order mark", s.token(payload=b"\xef\xbb\xbf" + good.encode())
    yield "UTF-16", s.token(payload=good.encode("utf-16-le"))
    yield "NaN", s.token(payload=good.replace('"u"', "NaN").encode())
    yield "Infinity", s.token(payload=good.replace('"u"', '"u","x":Infinity').encode())
    yield "leading zero", s.token(payload=good.replace('"u"', '"u","x":01').encode())
    yield "trailing comma", s.token(payload=(good[:-1] + ",}").encode())
    yield "comment", s.token(payload=(good[:-1] + "/**/}").encode())
    yield "single quotes", s.token(payload=good.replace('"', "'").encode())
    yield "lone surrogate", s.token(payload=good.replace('"u"', '"\\ud800"').encode())
    yield "overlong UTF-8", s.token(payload=good.replace('"u"', '"?"').encode().replace(b"?", b"\xc0\x80"))
    yield "raw control character", s.token(payload=good.replace('"u"', '"a\tb"').encode())
    yield "deep nesting", s.token(payload=(good[:-1] + ',"x":' + "[" * 40 + "]" * 40 + "}").encode())
    yield "300 members", s.claims(**{f"m{i}": i for i in range(300)})
    yield "20 KiB", s.claims(x="y" * 15_000)
    for name, value in {"array": b"[]", "string": b'"x"', "null": b"null", "number": b"1", "empty": b"", "blank": b" ",
                        "empty object": b"{}"}.items():
        yield f"payload {name}", s.token(payload=value)
        yield f"header {name}", s.token(header=value)


def header_cases(s):
    yield "typ absent", s.token(header=s.header(typ=...))
    yield "typ at+jwt", s.token(header=s.header(typ="at+jwt"))
    yield "typ application/jwt", s.token(header=s.header(typ="application/jwt"))
    yield "typ other", s.token(header=s.header(typ="logout+jwt"))
    yield "typ number", s.token(header=s.header(typ=1))
    yield "kid absent", s.token(header=s.header(kid=...))
    yield "kid other", s.token(header=s.header(kid="k2"))
    yield "kid number", s.token(header=s.header(kid=1))
    yield "kid path", s.token(header=s.header(kid="../../dev/null"))
    for name in ("none", "None", "NONE", "nOnE"):
        yield f"alg {name}", s.token(header=s.header(alg=name), signature=b"")
        yield f"alg {name} with the signature", s.token(header=s.header(alg=name))
    for name in ("HS256", "HS384", "RS256", "PS256", "RS512", "ES256", "EdDSA", "Ed25519", s.algorithm.lower()):
        if name != s.algorithm:
            yield f"alg {name} for another", s.token(header=s.header(alg=name))
    yield "alg absent", s.token(header=s.header(alg=...))
    yield "alg number", s.token(header=s.header(alg=1))
    yield "crit unknown", s.token(header=s.header(crit=["x"], x=1))
    yield "crit empty", s.token(header=s.header(crit=[]))
    yield "crit string", s.token(header=s.header(crit="exp"))
    yield "crit standard", s.token(header=s.header(crit=["alg"]))
    yield "b64 true", s.token(header=s.header(b64=True))
    yield "b64 false", s.token(header=s.header(b64=False))
    yield "b64 false critical", s.token(header=s.header(b64=False, crit=["b64"]))
    yield "embedded jwk", s.token(header=s.header(jwk=s.public if s.algorithm != "HS256" else {"kty": "oct", "k": "AA"}))
    yield "jku", s.token(header=s.header(jku="https://attacker.example/keys"))
    yield "zip", s.token(header=s.header(zip="DEF"))
    yield "header of 5 KiB", s.token(header=s.header(x="y" * 5_000))


def plus_and_slash(s):
    """A token whose signature has a character of the other alphabet, written in that."""
    for i in range(1000):
        header, payload, signature = s.claims(jti=str(i)).split(".")
        if "-" in signature or "_" in signature:
            return f"{header}.{payload}.{signature.replace('-', '+').replace('_', '/')}"


def text_cases(s):
    token = s.token()
    header, payload, signature = token.split(".")
    last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    if len(signature) % 4:
        yield "signature trailing bits", token[:-1] + last[last.index(token[-1]) ^ 1]
    yield "signature empty", f"{header}.{payload}."
    yield "signature absent", f"{header}.{payload}"
    yield "payload empty part", f"{header}..{signature}"
    yield "header empty part", f".{payload}.{signature}"
    yield "four parts", token + ".x"
    yield "trailing dot", token + "."
    yield "padding", token + "="
    yield "right padding", token + "=" * (-len(signature) % 4)
    yield "payload padding", f"{header}.{payload}{'=' * (-len(payload) % 4)}.{signature}"
    yield "blank inside", f"{header}. {payload}.{signature}"
    yield "blank before", " " + token
    yield "Bearer", "Bearer " + token
    yield "plus and slash", plus_and_slash(s)
    yield "non-ASCII", token + "é"
    yield "lower case", token.lower()
    yield "empty line", ""
    yield "dots", "." * 1000
    raw = unb64(signature)
    yield "signature short by one", s.token(signature=raw[:-1])
    yield "signature with a NUL", s.token(signature=raw + b"\0")
    yield "signature zeros", s.token(signature=bytes(len(raw)))
    yield "signature of another token", f"{header}.{payload}." + s.claims(sub="w").split(".")[2]
    if s.algorithm == "ES256":
        signed = token.rsplit(".", 1)[0]
        good = s.hasher.sign(signed.encode(), s.key)
        r, t = int.from_bytes(good[:32], "big"), int.from_bytes(good[32:], "big")
        order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
        yield "ES256 DER", f"{signed}.{b64(encode_dss_signature(r, t))}"
        yield "ES256 other s", f"{signed}.{b64(good[:32] + (order - t).to_bytes(32, 'big'))}"
        yield "ES256 r zero", f"{signed}.{b64(bytes(32) + good[32:])}"
        yield "ES256 s of n", f"{signed}.{b64(good[:32] + order.to_bytes(32, 'big'))}"
        yield "ES256 zero-padded halves", f"{signed}.{b64(bytes(1) + good[:32] + bytes(1) + good[32:])}"
    if s.algorithm == "EdDSA":
        more = int.from_bytes(raw[32:], "little") + ED25519_ORDER
        yield "EdDSA S over L", s.token(signature=raw[:32] + more.to_bytes(32, "little"))
    for part in range(3):
        for bit in range(0, 8 * len(unb64(token.split(".")[part])), 13):
            parts = [bytearray(unb64(x)) for x in token.split(".")]
            parts[part][bit // 8] ^= 1 << bit % 8
            yield f"bit flip in part {part + 1}", ".".join(b64(bytes(x)) for x in parts)


def pyjwt_accepts(s, token):
    try:
        jwt.decode(token, s.check, algorithms=[s.algorithm], audience=AUDIENCE, issuer=ISSUER, leeway=30,
                   options={"require": ["exp", "iat", "iss", "aud"]})
        return True
    except Exception:
        return False


def joserfc_accepts(s, token):
    try:
        found = jose_jwt.decode(token, s.jose, algorithms=[s.algorithm])
        jose_jwt.JWTClaimsRegistry(
            leeway=30, iss={"essential": True, "value": ISSUER}, aud={"essential": True, "value": AUDIENCE},
            exp={"essential": True}, iat={"essential": True}).validate(found.claims)
        return True
    except Exception:
        return False


def jwt_kit_verdicts(program, s, tokens):
    """A token can end the process: that is the verdict `crash`, and the rest goes to a new one."""
    verdicts = []
    while len(verdicts) < len(tokens):
        done = subprocess.run([program, str(s.path), ISSUER, AUDIENCE], capture_output=True,
                              input="".join(token + "\n" for token in tokens[len(verdicts):]).encode(),
                              env={"SWIFT_BACKTRACE": "enable=no"})
        verdicts += done.stdout.decode().split()
        if done.returncode != 0:
            verdicts.append("crash")
    return verdicts


def word(verdicts):
    """One word for the verdicts that a kind of token got: they may depend on the algorithm."""
    return verdicts.pop() if len(verdicts) == 1 else "some"


def read_differences(path):
    known = {}
    for line in path.read_text().splitlines():
        if line and not line.startswith("#"):
            kind, *columns, reason = line.split("\t")
            known[kind] = columns
            assert len(columns) == 4 and reason, f"no reason for {kind}"
    return known


def verdicts_of(algorithm, folder, jwt_kit):
    s = Signer(algorithm, folder)
    cases = [case for make in (claim_cases, json_cases, header_cases, text_cases) for case in make(s)]
    tokens = [token for _, token in cases]
    done = subprocess.run([CLOAKROOM, "verify", "--keys", str(s.path), "--issuer", ISSUER, "--audience", AUDIENCE],
                          input="".join(token + "\n" for token in tokens).encode(), capture_output=True)
    ours = ["yes" if json.loads(line)["valid"] else "no" for line in done.stdout.splitlines()]
    assert len(ours) == len(cases), "a token without a verdict"
    yes = {True: "yes", False: "no"}
    columns = [ours, [yes[joserfc_accepts(s, x)] for x in tokens], [yes[pyjwt_accepts(s, x)] for x in tokens]]
    if jwt_kit:
        columns.append(jwt_kit_verdicts(jwt_kit, s, tokens))
    return zip((kind for kind, _ in cases), zip(*columns))


def main():
    programs = [x for x in sys.argv[2:] if x != "--list"]
    rows, count = {}, 0
    with tempfile.TemporaryDirectory() as folder:
        for algorithm in ("HS256", "RS256", "ES256", "EdDSA"):
            for kind, row in verdicts_of(algorithm, folder, programs[0] if programs else None):
                rows.setdefault(kind, []).append(row)
                count += 1
    found = {kind: [word(set(column)) for column in zip(*verdicts)] for kind, verdicts in rows.items()
             if any(len(set(row)) > 1 for row in verdicts)}
    if "--list" in sys.argv:
        for kind, columns in found.items():
            print(kind, *columns, sep="\t")
        return 0
    known = read_differences(Path(__file__).parent / "differences.tsv")
    # Without jwt-kit the rows on which it alone differs cannot show.
    known = {kind: columns[:3 + len(programs)] for kind, columns in known.items()
             if programs or len(set(columns[:3])) > 1 or "some" in columns[:3]}
    failures = [f"not explained: {kind}: {columns}" for kind, columns in found.items() if kind not in known]
    failures += [f"explained otherwise: {kind}: {columns} now, {known[kind]} in the file"
                 for kind, columns in found.items() if kind in known and known[kind] != columns]
    failures += [f"no longer differs: {kind}" for kind in known if kind not in found]
    for failure in failures:
        print(f"  FAILED: {failure}")
    print(f"{count} tokens of {len(rows)} kinds; verdicts differ on {len(found)} kinds, {len(failures)} unexplained")
    return 1 if failures else 0


sys.exit(main())
