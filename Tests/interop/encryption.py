# SPDX-License-Identifier: Apache-2.0
"""JWEs made here are opened by other engines, and the reverse.

usage: encryption.py PATH_TO_CLOAKROOM

Other engines are joserfc and jwcrypto (both over cryptography). Every key management algorithm with every content
algorithm, in both directions and with keys of either side; one changed bit is refused by all. The exit status is 1 when
any check fails; each failure is one line.
"""

import base64
import json
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

from joserfc import jwe as jose_jwe
from joserfc import jwk as jose_jwk
from jwcrypto import jwe as crypto_jwe
from jwcrypto import jwk as crypto_jwk

warnings.simplefilter("ignore")
CLOAKROOM = sys.argv[1]
CONTENTS = {"A128GCM": 16, "A192GCM": 24, "A256GCM": 32, "A128CBC-HS256": 32, "A192CBC-HS384": 48, "A256CBC-HS512": 64}
SECRETS = {"A128KW": 16, "A192KW": 24, "A256KW": 32, "A128GCMKW": 16, "A192GCMKW": 24, "A256GCMKW": 32}
CURVES = ["P-256", "P-384", "P-521", "X25519"]
AGREEMENTS = ["ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A192KW", "ECDH-ES+A256KW"]
TEXT = 'ü "quoted" \\ 𝄞, and a plaintext of more than one block.'

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


def encrypt(folder, key, *options):
    done = run("encrypt", "--key", str(key), "--nonce-state", str(folder / "nonces"), *options, text=TEXT + "\n")
    return done.stdout.decode().strip()


def decrypt(key, token, algorithm):
    done = run("decrypt", "--key", str(key), "--alg", algorithm, "--allow", "RSA-OAEP", text=token + "\n")
    verdict = json.loads(done.stdout or "{}")
    return verdict.get("valid") and unb64(verdict["payload"]).decode()


def joserfc_decrypt(key, token, algorithm, content):
    try:
        registry = jose_jwe.JWERegistry(algorithms=[algorithm, content])
        return jose_jwe.decrypt_compact(token, jose_jwk.import_key(key), registry=registry).plaintext.decode()
    except Exception as error:
        return repr(error)


def joserfc_encrypt(key, algorithm, content):
    registry = jose_jwe.JWERegistry(algorithms=[algorithm, content])
    header = {"alg": algorithm, "enc": content, "kid": key["kid"]}
    return jose_jwe.encrypt_compact(header, TEXT.encode(), jose_jwk.import_key(key), registry=registry)


def jwcrypto_decrypt(key, token, algorithm, content):
    try:
        object = crypto_jwe.JWE(algs=[algorithm, content])
        object.deserialize(token, crypto_jwk.JWK(**key))
        return object.payload.decode()
    except Exception as error:
        return repr(error)


def jwcrypto_encrypt(key, algorithm, content):
    header = json.dumps({"alg": algorithm, "enc": content, "kid": key["kid"]})
    object = crypto_jwe.JWE(TEXT.encode(), protected=header, algs=[algorithm, content])
    object.add_recipient(crypto_jwk.JWK(**key))
    return object.serialize(compact=True)


def tampered(token):
    parts = token.split(".")
    for which in (1, 2, 3, 4):
        data = bytearray(unb64(parts[which]))
        if data:
            data[len(data) // 2] ^= 1
            yield ".".join(parts[:which] + [b64(data)] + parts[which + 1:])


def exchange(name, folder, key_file, public_file, algorithm, content):
    """Both directions over one key, which stands in `key_file`."""
    facts = json.loads(key_file.read_text())
    engine = {member: value for member, value in facts.items() if member not in ("use", "alg", "enc", "key_ops")}
    ours = encrypt(folder, public_file, *(["--enc", content] if algorithm != "dir" else []))
    check(f"{name}: we encrypt", ours.count(".") == 4)
    check(f"{name}: joserfc opens ours", joserfc_decrypt(engine, ours, algorithm, content) == TEXT)
    check(f"{name}: jwcrypto opens ours", jwcrypto_decrypt(engine, ours, algorithm, content) == TEXT)
    theirs = [joserfc_encrypt(engine, algorithm, content), jwcrypto_encrypt(engine, algorithm, content)]
    for engine_name, token in zip(("joserfc", "jwcrypto"), theirs):
        check(f"{name}: we open {engine_name}'s", decrypt(key_file, token, algorithm) == TEXT)
    for other in tampered(ours):
        check(f"{name}: we refuse a changed bit of ours", not decrypt(key_file, other, algorithm))
    for other in tampered(theirs[0]):
        check(f"{name}: we refuse a changed bit of joserfc's", not decrypt(key_file, other, algorithm))


def our_key(folder, algorithm, content, curve=None, bits=None):
    private, public = folder / "our.jwk", folder / "our.pub"
    for file in (private, public):
        file.unlink(missing_ok=True)
    pair = curve or algorithm.startswith("RSA")
    made = run("key", "generate", "--alg", algorithm, "--kid", "k1", "--out", str(private),
               *(["--public", str(public)] if pair else []), *(["--curve", curve] if curve else []),
               *(["--enc", content] if algorithm == "dir" else []))
    check(f"{algorithm}: key generate", made.returncode == 0)
    return private, public if pair else private


def their_key(folder, algorithm, content, curve=None):
    if curve == "X25519":
        key = jose_jwk.OKPKey.generate_key("X25519", {"kid": "t1"})
    elif curve:
        key = jose_jwk.ECKey.generate_key(curve, {"kid": "t1"})
    elif algorithm.startswith("RSA"):
        key = jose_jwk.RSAKey.generate_key(2048, {"kid": "t1"})
    else:
        key = jose_jwk.OctKey.generate_key((SECRETS.get(algorithm) or CONTENTS[content]) * 8, {"kid": "t1"})
    file, public = folder / "their.jwk", folder / "their.pub"
    pair = curve or algorithm.startswith("RSA")
    extra = {"alg": content if algorithm == "dir" else algorithm}
    file.write_text(json.dumps(key.as_dict(private=True) | extra))
    public.write_text(json.dumps({"keys": [key.as_dict(private=not pair) | extra]}))
    for made in (file, public):
        made.chmod(0o600)
    return file, public


def cases():
    for algorithm in SECRETS:
        for content in CONTENTS:
            yield algorithm, content, None
    for content in CONTENTS:
        yield "dir", content, None
        yield "RSA-OAEP-256", content, None
    yield "RSA-OAEP", "A256GCM", None
    for curve in CURVES:
        for algorithm in AGREEMENTS:
            # Each content algorithm with ECDH-ES, whose derived key is the content key; one with the others.
            for content in CONTENTS if algorithm == "ECDH-ES" else ["A256GCM", "A256CBC-HS512"]:
                yield algorithm, content, curve


def main():
    groups = {}
    for algorithm, content, curve in cases():
        before = failed
        name = " ".join(filter(None, (algorithm, curve, content)))
        with tempfile.TemporaryDirectory() as folder:
            folder = Path(folder)
            exchange(f"{name}, our key", folder, *our_key(folder, algorithm, content, curve), algorithm, content)
            (folder / "nonces").unlink(missing_ok=True)
            exchange(f"{name}, their key", folder, *their_key(folder, algorithm, content, curve), algorithm, content)
        group = " ".join(filter(None, (algorithm, curve)))
        groups[group] = groups.get(group, True) and failed == before
    print("  " + ", ".join(f"{group}: {'ok' if good else 'FAILED'}" for group, good in groups.items()))
    print(f"  {passed} checks hold, {failed} do not")
    return 1 if failed else 0


sys.exit(main())
