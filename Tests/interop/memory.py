# SPDX-License-Identifier: Apache-2.0
"""Peak memory of verify, exchange and audit does not grow with the input.

usage: memory.py PATH_TO_CLOAKROOM [LINES]

Runs each command over 10 000 and over LINES lines (200 000 when absent, 1000000 for the long form) and compares the peak
resident sizes of the two processes.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

CLOAKROOM = sys.argv[1]
SHORT = 10_000
LONG = int(sys.argv[2]) // SHORT * SHORT if len(sys.argv) > 2 else 200_000
GROWTH_BYTES_MAX = 3 << 20
NOW = 1_800_000_000
RULES = ["--issuer", "https://issuer.example", "--audience", "api", "--now", str(NOW + 1)]
POLICY = """
version: 1
tenant: acme
issue: {issuer: https://tokens.example, audience: https://orders.example, client-id: gateway}
claims:
  sub: {pseudonym: {type: user-id}}
  email: {pseudonym: {type: email, canonical: email/1}}
  name: drop
  roles: keep
"""


def peak(arguments, source):
    """Runs the program; returns its peak resident bytes, the lines of its output, and its exit status."""
    with open(source, "rb") as stdin:
        process = subprocess.Popen([CLOAKROOM, *arguments], stdin=stdin, stdout=subprocess.PIPE)
        lines = 0
        while block := process.stdout.read(1 << 20):
            lines += block.count(b"\n")
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_maxrss * 1024, lines, process.returncode


def prepare(folder):
    for algorithm, file in (("HS256", "key.jwk"), ("HS256", "out.jwk"), ("pseudonym", "p.jwk")):
        subprocess.run([CLOAKROOM, "key", "generate", "--alg", algorithm, "--out", folder / file], check=True)
    (folder / "policy.yaml").write_text(POLICY)
    claims = "".join(
        f'{{"iss":"https://issuer.example","aud":"api","sub":"u{i}","email":"p{i}@example.com","name":"N {i}",'
        f'"roles":["a","b"]}}\n' for i in range(SHORT))
    signed = subprocess.run([CLOAKROOM, "sign", "--key", folder / "key.jwk", "--now", str(NOW)], input=claims.encode(),
                            capture_output=True, check=True).stdout
    (folder / "short.txt").write_bytes(signed)
    with open(folder / "long.txt", "wb") as long:
        for _ in range(LONG // SHORT):
            long.write(signed)


def main():
    failures = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder)
        verify = ["verify", "--keys", str(folder / "key.jwk"), *RULES]
        exchange = ["exchange", *verify[1:], "--policy", str(folder / "policy.yaml"),
                    "--signing-key", str(folder / "out.jwk"), "--pseudonym-keys", str(folder / "p.jwk")]
        # An audit's report is as long for many tokens as for few.
        audit = ["audit", "--format", "json", "--places", "0"]
        for command in (verify, exchange, verify + ["--workers", "2"], exchange + ["--workers", "2"], audit):
            small, _, first = peak(command, folder / "short.txt")
            large, lines, second = peak(command, folder / "long.txt")
            good = large - small <= GROWTH_BYTES_MAX and (lines == LONG or command is audit) and first == second == 0
            failures += not good
            workers = "2 workers" if "--workers" in command else "1 worker"
            print(f"  {command[0]}, {workers}: {small >> 10} KiB at {SHORT} lines, {large >> 10} KiB at {lines} lines: "
                  f"{'ok' if good else 'FAILED'}")
    return 1 if failures else 0


sys.exit(main())
