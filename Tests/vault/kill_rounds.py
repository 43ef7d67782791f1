# SPDX-License-Identifier: Apache-2.0
"""Kills the program at random moments and looks whether an acknowledged record is lost or half a record is left.

usage: kill_rounds.py PROGRAM ROUNDS [VAULT-URL]

A token that was printed is an acknowledgement: its references were stored durably before. Every round starts a writer
(issue or exchange), kills it with SIGKILL after a random time, and resolves everything that was ever printed and not
erased since; some rounds kill an erasure. With a URL of another engine the file checks are left out.
"""
import json
import os
import pathlib
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

PROGRAM = str(pathlib.Path(sys.argv[1]).resolve())
ROUNDS = int(sys.argv[2])
URL = sys.argv[3] if len(sys.argv) > 3 else "sqlite:vault.db"
VAULT = ["--vault", URL, "--vault-keys", "v.jwks"]
NOW = 1_800_000_000
RESOLVE = ["resolve", *VAULT, "--keys", "s.pub", "--issuer", "https://t.example", "--audience", "api", "--purpose",
           "support", "--rate-limit", "none", "--audit", "relaxed", "--now", str(NOW + 10)]


def run(*arguments, text="", codes=(0,)):
    done = subprocess.run([PROGRAM, *arguments], input=text, capture_output=True, text=True)
    assert done.returncode in codes, (arguments, done.returncode, done.stderr[-500:])
    return done.stdout


def prepare():
    run("key", "generate", "--alg", "HS256", "--kid", "i", "--out", "i.jwk")
    run("key", "generate", "--alg", "ES256", "--kid", "s", "--out", "s.jwk", "--public", "s.pub")
    run("key", "generate", "--alg", "vault", "--kid", "v001", "--out", "v.jwks")
    pathlib.Path("policy.json").write_text(json.dumps({
        "version": 1, "tenant": "acme",
        "issue": {"issuer": "https://t.example", "audience": "api", "lifetime": "5m", "client-id": "c"},
        "claims": {"sub": {"random": {}}, "n": "keep",
                   "phone": {"vault": {"type": "tel", "purposes": ["support"], "ttl": "1h"}}}}))
    run("vault", "init", *VAULT, "--tenant", "acme")


def inputs(generator, first, count):
    claims = [
        {"iss": "https://i.example", "aud": "gateway", "iat": NOW - 5, "exp": NOW + 900, "n": first + i,
         "sub": f"user-{generator.randrange(40)}", "phone": f"+49 {first + i}"} for i in range(count)]
    return claims, "".join(json.dumps(c) + "\n" for c in claims)


def killed(arguments, text, seconds):
    """Runs a writer and kills it; gives the whole lines that it had printed, and whether it was killed."""
    pathlib.Path("in").write_text(text)
    with open("in") as source, open("out", "w") as target:
        process = subprocess.Popen([PROGRAM, *arguments], stdin=source, stdout=target, stderr=subprocess.DEVNULL)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
    data = pathlib.Path("out").read_text()
    return data[:data.rfind("\n") + 1].splitlines(), process.returncode < 0


def check_file():
    database = sqlite3.connect("vault.db")
    assert database.execute("PRAGMA quick_check").fetchone() == ("ok",)
    orphans = database.execute(
        "SELECT count(*) FROM records r LEFT JOIN secrets s ON s.slot = r.slot WHERE s.slot IS NULL").fetchone()[0]
    assert orphans == 0, f"{orphans} records without a person"
    lost = database.execute(
        "SELECT count(*) FROM persons p LEFT JOIN secrets s ON s.slot = p.slot WHERE s.slot IS NULL").fetchone()[0]
    assert lost == 0, f"{lost} persons without keys"
    database.close()


def check_tokens(acknowledged):
    """Every acknowledged token still gives its value."""
    if not acknowledged:
        return
    output = run(*RESOLVE, text="".join(token + "\n" for token, _ in acknowledged))
    for (_, claims), line in zip(acknowledged, output.splitlines(), strict=True):
        verdict = json.loads(line)
        assert verdict.get("claims", {}).get("phone") == claims["phone"], (claims["n"], verdict)


def main():
    seed = int(os.environ.get("CLOAKROOM_SEED", time.time_ns() % 1_000_000))
    generator = random.Random(seed)
    print(f"kill rounds: {ROUNDS}, seed {seed}", flush=True)
    kept, number, kills, total = [], 0, 0, 0
    issue = ["--policy", "policy.json", "--signing-key", "s.jwk", *VAULT, "--now", str(NOW)]
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        prepare()
        # How long a whole run takes here, so that the kills fall into it on any machine.
        _, text = inputs(generator, 0, 400)
        begin = time.monotonic()
        run("issue", *issue, text=text)
        whole = time.monotonic() - begin
        for round in range(ROUNDS):
            claims, text = inputs(generator, number, 400)
            number += 400
            seconds = generator.uniform(0.2, 1.2) * whole
            if generator.random() < 0.5:
                lines, was_killed = killed(["issue", *issue], text, seconds)
            else:
                tokens = run("sign", "--key", "i.jwk", "--now", str(NOW - 5), text=text)
                lines, was_killed = killed(
                    ["exchange", "--keys", "i.jwk", "--issuer", "https://i.example", "--audience", "gateway", *issue],
                    tokens, seconds)
            kills += was_killed
            total += len(lines)
            fresh = list(zip(lines, claims))
            check_tokens(fresh)
            kept = generator.sample(kept + fresh, min(300, len(kept) + len(fresh)))
            if round % 10 == 9:
                subject = f"user-{generator.randrange(40)}"
                person = ["--issuer", "https://i.example", "--subject", subject]
                answer, was_killed = killed(["vault", "erase", *VAULT, *person], "", generator.uniform(0.05, 0.6) * whole)
                kills += was_killed
                if not answer:  # Not acknowledged: it may or may not have happened, and is done again.
                    run("vault", "erase", *VAULT, *person)
                erased = [pair for pair in kept if pair[1]["sub"] == subject]
                for line in run(*RESOLVE, text="".join(t + "\n" for t, _ in erased), codes=(0, 1)).splitlines():
                    assert json.loads(line).get("error") == "reference-unavailable", line
                kept = [pair for pair in kept if pair[1]["sub"] != subject]
            check_tokens(kept)
            if URL.startswith("sqlite:"):
                check_file()
        verdict = json.loads(run("vault", "audit-verify", *VAULT))
        assert verdict["valid"], verdict
    print(f"kill rounds: {kills} kills, {total} acknowledged tokens, none lost, no half record")


main()
