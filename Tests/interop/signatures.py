# SPDX-License-Identifier: Apache-2.0
"""Tokens signed here verify with other engines, and the reverse.

usage: signatures.py PATH_TO_CLOAKROOM

Other engines are joserfc and PyJWT (both over cryptography) and the openssl command. The exit status is 1 when any check
fails; each failure is one line.
"""

import base64
import json
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import jwt
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from joserfc import jwk as jose_jwk
from joserfc import jwt as jose_jwt

# joserfc finds the name EdDSA deprecated, in favour of Ed25519 (RFC 9864); both are tested.
warnings.simplefilter("ignore")
CLOAKROOM = sys.argv[1]
ALGORITHMS = ["HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512",
              "ES256", "ES384", "ES512", "EdDSA"]
NOW = 1_800_000_000
CLAIMS = {"iss": "https://issuer.example", "aud": "api", "sub": "ü \"quoted\" \\ 𝄞", "iat": NOW, "exp": NOW + 300,
          "nested": {"list": [1, 2.5, None, True, "x"]}}
RULES = ["--issuer", "https://issuer.example", "--audience", "api", "--now", str(NOW + 1)]

passed, failed = 0, 0


def check(name, condition):
    global passed, failed
    if condition:
        passed += 1
    else:
        failed += 1
        print(f"  FAILED: {name}")


def run(*arguments, text=""):
    return subprocess.run([CLOAKROOM, *arguments], input=text.encode(), capture_output=True)


def unb64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def accepts(key, token, algorithm=None):
    options = ["--alg", algorithm] if algorithm else []
    done = run("verify", "--keys", str(key), *options, *RULES, text=token + "\n")
    if done.returncode != 0:
        return False
    verdict = json.loads(done.stdout)
    return verdict["valid"] and all(verdict["claims"][name] == CLAIMS[name] for name in ("sub", "nested"))


def tampered(token):
    """One bit of the payload changed, then one of the signature."""
    header, payload, signature = token.split(".")
    for which in (1, 2):
        parts = [header, payload, signature]
        data = bytearray(unb64(parts[which]))
        data[len(data) // 2] ^= 1
        parts[which] = b64(data)
        yield ".".join(parts)


def joserfc_accepts(key, token, algorithm):
    try:
        return jose_jwt.decode(token, key, algorithms=[algorithm]).claims["sub"] == CLAIMS["sub"]
    except Exception:
        return False


def pyjwt_accepts(key, token, algorithm):
    options = {"verify_exp": False, "verify_iat": False}
    try:
        claims = jwt.decode(token, key, algorithms=[algorithm], audience="api", options=options)
        return claims["sub"] == CLAIMS["sub"]
    except Exception:
        return False


def sign(*options):
    return run("sign", *options, text=json.dumps(CLAIMS) + "\n").stdout.decode().strip()


def our_keys(folder, algorithm):
    """Keys and tokens made here, verified elsewhere; tokens made elsewhere under these keys."""
    private, public = folder / "our.jwk", folder / "our.pub"
    symmetric = algorithm.startswith("HS")
    made = run("key", "generate", "--alg", algorithm, "--kid", "k1", "--out", str(private),
               *([] if symmetric else ["--public", str(public)]))
    check(f"{algorithm}: key generate", made.returncode == 0)
    token = sign("--key", str(private))
    facts = json.loads((private if symmetric else public).read_text())
    theirs = jose_jwk.import_key(facts)
    check(f"{algorithm}: joserfc accepts our token", joserfc_accepts(theirs, token, algorithm))
    check(f"{algorithm}: PyJWT accepts our token", pyjwt_accepts(jwt.PyJWK(facts, algorithm).key, token, algorithm))
    for other in tampered(token):
        check(f"{algorithm}: joserfc refuses our tampered token", not joserfc_accepts(theirs, other, algorithm))
        check(f"{algorithm}: we refuse our tampered token", not accepts(private, other))
    shown = json.loads(run("key", "inspect", str(private)).stdout)
    check(f"{algorithm}: one thumbprint", shown["thumbprint"] == theirs.thumbprint())
    signer = jose_jwk.import_key(json.loads(private.read_text()))
    foreign = jose_jwt.encode({"alg": algorithm, "kid": "k1", "typ": "JWT"}, CLAIMS, signer, algorithms=[algorithm])
    check(f"{algorithm}: we accept joserfc's token under our key", accepts(private, foreign))


def their_keys(folder, algorithm):
    """Keys and tokens made elsewhere, verified here; their private keys sign here as well."""
    curves = {"ES256": "P-256", "ES384": "P-384", "ES512": "P-521"}
    symmetric = algorithm.startswith("HS")
    if symmetric:
        key = jose_jwk.OctKey.generate_key(int(algorithm[2:]), {"kid": "t1"})
    elif algorithm in curves:
        key = jose_jwk.ECKey.generate_key(curves[algorithm], {"kid": "t1"})
    elif algorithm == "EdDSA":
        key = jose_jwk.OKPKey.generate_key("Ed25519", {"kid": "t1"})
    else:
        key = jose_jwk.RSAKey.generate_key(2048, {"kid": "t1"})
    private, public = folder / "their.jwk", folder / "their.pub"
    private.write_text(json.dumps(key.as_dict(private=True)))
    public.write_text(json.dumps({"keys": [key.as_dict(private=symmetric)]}))
    private.chmod(0o600)
    public.chmod(0o600)
    token = jose_jwt.encode({"alg": algorithm, "kid": "t1", "typ": "JWT"}, CLAIMS, key, algorithms=[algorithm])
    check(f"{algorithm}: we accept joserfc's token", accepts(public, token, algorithm))
    for other in tampered(token):
        check(f"{algorithm}: we refuse joserfc's tampered token", not accepts(public, other, algorithm))
    native = unb64(key.as_dict(private=True)["k"]) if symmetric else key.private_key
    token = jwt.encode(CLAIMS, native, algorithm=algorithm, headers={"kid": "t1"})
    check(f"{algorithm}: we accept PyJWT's token", accepts(public, token, algorithm))
    if algorithm == "EdDSA":
        token = jose_jwt.encode({"alg": "Ed25519", "kid": "t1", "typ": "JWT"}, CLAIMS, key, algorithms=["Ed25519"])
        check("Ed25519: we accept joserfc's token", accepts(public, token))
    ours = sign("--key", str(private), "--alg", algorithm)
    check(f"{algorithm}: joserfc accepts our token under its key", joserfc_accepts(key, ours, algorithm))


def openssl(*arguments):
    return subprocess.run(["openssl", *arguments], capture_output=True)


OPENSSL_KEYS = {
    "RS256": ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
    "PS256": ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
    "ES256": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
    "ES512": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"],
    "EdDSA": ["-algorithm", "ED25519"],
}
PSS = ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest", "-sigopt", "rsa_mgf1_md:sha256"]
COORDINATE_BYTES = {"ES256": 32, "ES512": 66}


def to_openssl(algorithm, raw):
    """The signature as openssl has it: DER for ECDSA."""
    size = COORDINATE_BYTES.get(algorithm)
    if not size:
        return raw
    return encode_dss_signature(int.from_bytes(raw[:size], "big"), int.from_bytes(raw[size:], "big"))


def from_openssl(algorithm, signature):
    size = COORDINATE_BYTES.get(algorithm)
    if not size:
        return signature
    r, s = decode_dss_signature(signature)
    return r.to_bytes(size, "big") + s.to_bytes(size, "big")


def with_openssl(folder, algorithm):
    private, public = folder / "ossl.pem", folder / "ossl.pub"
    message, signature = folder / "message", folder / "signature"
    openssl("genpkey", *OPENSSL_KEYS[algorithm], "-out", str(private))
    private.chmod(0o600)
    openssl("pkey", "-in", str(private), "-pubout", "-out", str(public))
    digest = ["-sha512" if algorithm == "ES512" else "-sha256", *(PSS if algorithm == "PS256" else [])]
    raw_in = ["-rawin", "-in", str(message)]

    signed, _, tag = sign("--key", str(private), "--alg", algorithm).rpartition(".")
    check(f"{algorithm}: we sign with an openssl key", signed.count(".") == 1)
    message.write_bytes(signed.encode())
    signature.write_bytes(to_openssl(algorithm, unb64(tag)))
    if algorithm == "EdDSA":
        done = openssl("pkeyutl", "-verify", "-pubin", "-inkey", str(public), *raw_in, "-sigfile", str(signature))
    else:
        done = openssl("dgst", *digest, "-verify", str(public), "-signature", str(signature), str(message))
    check(f"{algorithm}: openssl accepts our signature", done.returncode == 0)

    signed = b64(json.dumps({"alg": algorithm, "typ": "JWT"}).encode()) + "." + b64(json.dumps(CLAIMS).encode())
    message.write_bytes(signed.encode())
    if algorithm == "EdDSA":
        openssl("pkeyutl", "-sign", "-inkey", str(private), *raw_in, "-out", str(signature))
    else:
        openssl("dgst", *digest, "-sign", str(private), "-out", str(signature), str(message))
    token = signed + "." + b64(from_openssl(algorithm, signature.read_bytes()))
    check(f"{algorithm}: we accept openssl's signature", accepts(public, token, algorithm))
    for other in tampered(token):
        check(f"{algorithm}: we refuse openssl's tampered token", not accepts(public, other, algorithm))


def main():
    for algorithm in ALGORITHMS:
        before = failed
        with tempfile.TemporaryDirectory() as name:
            our_keys(Path(name), algorithm)
            their_keys(Path(name), algorithm)
            if algorithm in OPENSSL_KEYS:
                with_openssl(Path(name), algorithm)
        print(f"  {algorithm}: {'ok' if failed == before else 'FAILED'}")
    print(f"  {passed} checks hold, {failed} do not")
    return 1 if failed else 0


sys.exit(main())
