# SPDX-License-Identifier: Apache-2.0
"""Reads a vault file with Python's own SQLite, HMAC, HKDF and AES-GCM: an independent oracle of the formats.

usage: vault.py PROGRAM
"""
import base64
import hashlib
import hmac
import json
import os
import pathlib
import sqlite3
import struct
import subprocess
import sys
import tempfile

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

PROGRAM = str(pathlib.Path(sys.argv[1]).resolve())
TENANT = b"acme"


def run(*arguments, text="", expect=0):
    done = subprocess.run([PROGRAM, *arguments], input=text, capture_output=True, text=True)
    assert done.returncode == expect, (arguments, done.returncode, done.stderr)
    return done.stdout


def b64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def lp(data):
    return struct.pack(">I", len(data)) + data


def hkdf(key, use):
    prk = hmac.new(b"cloakroom/v1", key, hashlib.sha256).digest()
    return hmac.new(prk, lp(use) + lp(TENANT) + b"\x01", hashlib.sha256).digest()


def tag(key, message):
    return hmac.new(key, message, hashlib.sha256).digest()


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def open_reference(database, keys, reference, claims, purpose):
    """Everything that resolving does, from the reference's text to the value."""
    assert reference.startswith("r1_") and len(reference) == 52
    assert b64(reference[46:]) == struct.pack(">I", crc32c(reference[3:46].encode()))
    raw = b64(reference[3:46])
    index = keys["cloakroom-index1"]
    place = int.from_bytes(raw[:8], "big") ^ int.from_bytes(tag(hkdf(index, b"place/1"), raw[8:])[:8], "big")
    row = database.execute("SELECT slot, tag, data FROM records WHERE place = ?", (place,)).fetchone()
    slot, stored_tag, data = row
    assert stored_tag == tag(hkdf(index, b"index/1"), raw)[:24]
    secret = database.execute("SELECT secret FROM secrets WHERE slot = ?", (slot,)).fetchone()[0]
    person, kid, nonce, wrapped = secret[:16], secret[16:20], secret[20:32], secret[32:]
    plain = AESGCM(hkdf(keys["cloakroom-kek1"], b"wrap/1")).decrypt(nonce, wrapped, lp(TENANT) + lp(person) + lp(kid))
    assert len(plain) == 48
    assert data[0] == 1 and data[1:5] == b"v001"
    head = struct.pack(">q", place) + stored_tag
    checksum = (crc32c(head) * 0x9E3779B1 & 0xFFFFFFFF) ^ crc32c(data[:-4])
    assert data[-4:] == struct.pack(">I", checksum)
    label = data[15:15 + int.from_bytes(data[13:15], "big")]
    sealed = data[15 + len(label):-4]
    kind, rest = label[1:1 + label[0]], label[1 + label[0]:]
    purposes, offset = [], 1
    for _ in range(rest[0]):
        purposes.append(rest[offset + 1:offset + 1 + rest[offset]])
        offset += 1 + rest[offset]
    assert purposes == sorted(purposes) and purpose in purposes
    binding = hashlib.sha256(
        lp(claims["iss"].encode()) + lp(lp(claims["aud"].encode())) + lp(claims["sub"].encode())
        + lp(claims["jti"].encode())).digest()
    associated = (
        b"rec/1" + lp(b"v001") + lp(head) + lp(TENANT) + lp(person) + lp(kind) + struct.pack(">Q", place >> 30)
        + lp(binding) + lp(b"".join(lp(p) for p in purposes)))
    padded = AESGCM(plain[:32]).decrypt(sealed[:12], sealed[12:], associated)
    assert len(padded) % 32 == 0
    return kind.decode(), place >> 30, padded.rstrip(b"\x00")[:-1]


def check_audit(database, key):
    previous, count = b"\x00" * 32, 0
    for number, entry in database.execute("SELECT number, entry FROM audit ORDER BY number"):
        count += 1
        assert number == count
        message = b"audit/1" + previous + struct.pack(">Q", number) + lp(entry[32:])
        previous = tag(hkdf(key, b"chain/1"), message)
        assert entry[:32] == previous
        assert json.loads(entry[32:])["seq"] == number
    head = database.execute("SELECT value FROM facts WHERE name = 'audit.head'").fetchone()[0]
    assert head[:8] == struct.pack(">Q", count) and head[8:40] == previous
    assert head[44:] == tag(hkdf(key, b"chain/1"), b"head/1" + head[:44])
    return count


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        run("key", "generate", "--alg", "ES256", "--kid", "s", "--out", "s.jwk", "--public", "s.pub")
        run("key", "generate", "--alg", "vault", "--kid", "v001", "--out", "v.jwks")
        pathlib.Path("policy.json").write_text(json.dumps({
            "version": 1, "tenant": "acme",
            "issue": {"issuer": "https://t.example", "audience": "api", "lifetime": "5m", "client-id": "c"},
            "claims": {"sub": {"random": {"vault": "yes"}},
                       "phone": {"vault": {"type": "tel", "purposes": ["support", "billing"], "ttl": "1h"}}}}))
        vault = ["--vault", "sqlite:vault.db", "--vault-keys", "v.jwks"]
        run("vault", "init", *vault, "--tenant", "acme")
        lines = "".join(json.dumps({"sub": f"user-{i}", "phone": f"+49 {i} ü"}) + "\n" for i in range(50))
        tokens = run("issue", "--policy", "policy.json", "--signing-key", "s.jwk", *vault, text=lines).split()
        read = run("resolve", *vault, "--keys", "s.pub", "--issuer", "https://t.example", "--audience", "api",
                   "--purpose", "support", "--rate-limit", "none", text="\n".join(tokens) + "\n")
        keys = {key["alg"]: b64(key["k"]) for key in json.loads(pathlib.Path("v.jwks").read_text())["keys"]}
        database = sqlite3.connect("vault.db")
        for i, (token, line) in enumerate(zip(tokens, read.splitlines(), strict=True)):
            claims = json.loads(b64(token.split(".")[1]))
            kind, expires, value = open_reference(database, keys, claims["phone"], claims, b"support")
            assert kind == "tel" and expires == claims["iat"] + 3600
            assert json.loads(value) == f"+49 {i} ü" == json.loads(line)["claims"]["phone"]
            kind, expires, value = open_reference(database, keys, claims["sub"], claims, b"reidentification")
            assert kind == "sub" and expires == claims["exp"] + 60 and json.loads(value) == f"user-{i}"
        count = check_audit(database, keys["cloakroom-audit1"])
        assert count == 50
        print(f"vault: 100 references and {count} audit entries read by an independent implementation")


main()
