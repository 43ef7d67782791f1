# SPDX-License-Identifier: Apache-2.0
"""No personal text of the fixture tokens is in what exchange prints for them.

usage: leaks.py PATH_TO_CLOAKROOM PATH_TO_FIXTURES

Every personal text in the fixtures holds a marker that no other token holds: qz and ten letters. The output is searched
for the markers of all inputs: as it is printed, decoded, in any case, and encoded as base64 at each of the three
alignments, in hexadecimal and reversed; standard error too.
"""

import base64
import re
import subprocess
import sys
from pathlib import Path

CLOAKROOM, FIXTURES = sys.argv[1], Path(sys.argv[2])
NOW = "1800000000"
MARKER = re.compile(rb"qz[a-z]{10}")


def decode(part):
    return base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4))


def traces(marker):
    """The forms in which a marker could stand in other text."""
    yield marker
    yield marker[::-1]
    yield marker.hex().encode()
    for shift in range(3):
        # Only the characters that the marker alone decides: whole groups of six bits.
        text = base64.urlsafe_b64encode(b"\0" * shift + marker)
        yield text[(shift * 8 + 5) // 6:(shift + len(marker)) * 8 // 6]


def search(name, policy, algorithms):
    inputs = b"".join(
        file.read_bytes() for algorithm in algorithms for file in sorted(FIXTURES.glob(f"corpora/*/{algorithm}.jwt")))
    tokens = inputs.splitlines()
    markers = set()
    for token in tokens:
        markers.update(MARKER.findall(decode(token.split(b".")[1]).lower()))
    done = subprocess.run(
        [CLOAKROOM, "exchange", "--policy", FIXTURES / "policies" / policy, "--signing-key",
         FIXTURES / "keys/output/ES256.private.jwk", "--pseudonym-keys", FIXTURES / "keys/pseudonym.jwks", "--now", NOW],
        input=inputs, capture_output=True)
    outputs = done.stdout.splitlines()
    issued = [line for line in outputs if line]
    decoded = b"\n".join(b".".join(decode(part) for part in line.split(b".")[:2]) for line in issued)
    text = done.stdout + b"\n" + decoded + b"\n" + done.stderr
    needles = {}
    for marker in markers:
        for trace in traces(marker):
            needles.setdefault(len(trace), set()).add(trace)
    found = 0
    for form in (text, text.lower()):
        for length, group in needles.items():
            found += sum(form[i:i + length] in group for i in range(len(form) - length + 1))
    good = found == 0 and len(outputs) == len(tokens) == len(issued) and len(markers) > len(tokens) // 2
    print(f"  {name}: {len(issued)} of {len(tokens)} tokens exchanged, {len(markers)} markers, {found} found: "
          f"{'ok' if good else 'FAILED'}")
    return good


results = [search("RS256, ES256, EdDSA", "all-issuers.yaml", ["RS256", "ES256", "EdDSA"]),
           search("HS256", "all-issuers-hs256.yaml", ["HS256"])]
sys.exit(0 if all(results) else 1)
