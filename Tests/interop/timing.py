# SPDX-License-Identifier: Apache-2.0
"""The time of a refusal does not tell what a forged ciphertext would decrypt to (T47). On demand: `bash Tests/timing`.

usage: timing.py PATH_TO_CLOAKROOM [ROUNDS]

Two lists of A128CBC-HS256 tokens under one key, all with wrong tags, as whoever lacks the key can make them: in one the
ciphertext has right padding, in the other none. A padding oracle would tell them apart. Each round times one run of
decrypt over each list, the order drawn anew; Welch's t over all rounds. |t| under 4.5 is no difference that can be seen.
"""

import base64
import json
import math
import random
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

CLOAKROOM = sys.argv[1]
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 200
TOKENS = 20_000


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def token(key, has_padding):
    header = b64(json.dumps({"alg": "dir", "enc": "A128CBC-HS256"}).encode())
    iv = secrets.token_bytes(16)
    # Whole blocks that end in a block of padding (RFC 5652 section 6.3), or in zeros, which are none.
    encryptor = Cipher(algorithms.AES(key[16:]), modes.CBC(iv)).encryptor()
    ciphertext = encryptor.update(bytes(240) + (b"\x10" * 16 if has_padding else bytes(16))) + encryptor.finalize()
    return ".".join([header, "", b64(iv), b64(ciphertext), b64(secrets.token_bytes(16))])


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        key = secrets.token_bytes(32)
        (folder / "key.jwk").write_text(json.dumps({"kty": "oct", "alg": "A128CBC-HS256", "k": b64(key)}))
        (folder / "key.jwk").chmod(0o600)
        for kind in ("padding", "none"):
            lines = [token(key, kind == "padding") for _ in range(TOKENS)]
            (folder / kind).write_text("\n".join(lines) + "\n")
        times = {"padding": [], "none": []}
        for _ in range(ROUNDS):
            for kind in random.sample(["padding", "none"], 2):
                begin = time.perf_counter()
                done = subprocess.run([CLOAKROOM, "decrypt", "--key", folder / "key.jwk", folder / kind],
                                      capture_output=True)
                times[kind].append(time.perf_counter() - begin)
                wrong = done.stdout.count(b'"error":"decryption-failed"') != TOKENS
                if wrong:
                    print("  a token was not refused as decryption-failed")
                    return 1
    means = {kind: statistics.mean(values) for kind, values in times.items()}
    error = math.sqrt(sum(statistics.variance(values) / ROUNDS for values in times.values()))
    t = (means["padding"] - means["none"]) / error
    print(f"  {ROUNDS} rounds of {TOKENS} tokens: padding {means['padding'] / TOKENS * 1e9:.0f} ns, "
          f"none {means['none'] / TOKENS * 1e9:.0f} ns a token, t = {t:.2f}")
    return 0 if abs(t) < 4.5 else 1


sys.exit(main())
