#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the suite HTTPSServer against a real HTTPS server on loopback that redirects, stalls, trickles, lies about lengths,
and sends 10 MB. Its certificate is trusted in a mount namespace of the tests' own, so nothing of the machine changes.

usage: https.py [swift test arguments]
"""
import gzip
import http.server
import os
import shutil
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

BUNDLE = "/etc/ssl/certs/ca-certificates.crt"
BIG = 10_000_000
log = []
published = b'{"keys":[]}'


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def start(self, status=200, length=None, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.end_headers()

    def whole(self, body, status=200, **headers):
        self.start(status, len(body), **headers)
        self.wfile.write(body)

    def pour(self, path, write):
        sent = 0
        try:
            while sent < BIG:
                write(b"a" * 50_000)
                sent += 50_000
                time.sleep(0.005)
        except OSError:
            pass
        log.append(f"sent {path} {sent}")
        self.close_connection = True

    def chunk(self, data):
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))

    def do_GET(self):
        global published
        path, _, query = self.path.partition("?")
        log.append(f"GET {self.path}")
        try:
            self.answer(path, query)
        except OSError:
            self.close_connection = True

    def answer(self, path, query):
        global published
        if path == "/log":
            self.whole("\n".join(log[-200:]).encode())
        elif path == "/jwks":
            self.whole(published)
        elif path == "/publish":
            published = bytes.fromhex(query)
            self.whole(b"")
        elif path in ("/echo", "/target"):
            body = f'{{"keys":[]}}\n{self.headers}'.encode()
            self.whole(body, **({"Set_Cookie": "a=b; Path=/", "ETag": '"x"'} if query else {}))
        elif path == "/redirect":
            self.start(int(query), 0 if query != "304" else None, Location="/target")
        elif path == "/status":
            self.whole(b"" if query == "204" else b"x", int(query))
        elif path == "/chunked":
            self.start(Transfer_Encoding="chunked")
            for _ in range(int(query)):
                self.chunk(b"a" * 60_000)
            self.chunk(b"")
        elif path == "/exact":
            self.whole(b"a" * int(query))
        elif path == "/exactchunked":
            self.start(Transfer_Encoding="chunked")
            self.chunk(b"a" * int(query))
            self.chunk(b"")
        elif path == "/big":
            self.start(length=BIG)
            self.pour(path, self.wfile.write)
        elif path == "/bigchunked":
            self.start(Transfer_Encoding="chunked")
            self.pour(path, self.chunk)
        elif path == "/bigsilent":
            # Neither a length nor chunks: the body ends with the connection.
            self.start(Connection="close")
            self.pour(path, self.wfile.write)
        elif path == "/gzip":
            self.whole(gzip.compress(b"a" * BIG), Content_Encoding="gzip")
        elif path == "/stall":
            self.start(length=100)
            self.wfile.write(b"{")
            self.wfile.flush()
            time.sleep(8)
        elif path == "/silent":
            time.sleep(8)
        elif path == "/trickle":
            self.start(length=1000)
            for _ in range(40):
                self.wfile.write(b"a")
                self.wfile.flush()
                time.sleep(0.2)
        elif path == "/short":
            self.start(length=1000)
            self.wfile.write(b"short")
            self.close_connection = True
        elif path == "/garbage":
            self.wfile.write(b"this is no HTTP\r\n\r\n")
            self.close_connection = True
        elif path == "/hangup":
            self.close_connection = True


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, stderr=subprocess.DEVNULL)


def make_certificate(folder, name):
    ca, key, request, certificate = (f"{folder}/{name}.{end}" for end in ("ca", "key", "csr", "pem"))
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{ca}.key",
            "-out", ca, "-subj", f"/CN=test {name}", "-days", "2", "-addext", "basicConstraints=critical,CA:TRUE")
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out", request,
            "-subj", "/CN=localhost")
    with open(f"{folder}/ext", "w") as file:
        file.write("subjectAltName=DNS:localhost\n")
    openssl("x509", "-req", "-in", request, "-CA", ca, "-CAkey", f"{ca}.key", "-CAcreateserial", "-out", certificate,
            "-days", "1", "-extfile", f"{folder}/ext")
    return ca, certificate, key


def serve(certificate, key):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


def namespace():
    """The command that gives a mount namespace; None where the machine does not allow one."""
    for command in (["unshare", "--mount"], ["unshare", "--map-root-user", "--mount"]):
        probe = command + ["mount", "--bind", BUNDLE, BUNDLE]
        if shutil.which("unshare") and subprocess.run(probe, stderr=subprocess.DEVNULL).returncode == 0:
            return command
    return None


def main():
    if not os.path.exists(BUNDLE):
        print(f"https.py: skipped, no {BUNDLE}")
        return 0
    command = namespace()
    if command is None:
        print("https.py: skipped, no mount namespace to trust a certificate in")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        ca, certificate, key = make_certificate(folder, "trusted")
        _, other, other_key = make_certificate(folder, "untrusted")
        with open(f"{folder}/bundle", "wb") as bundle:
            for part in (BUNDLE, ca):
                with open(part, "rb") as file:
                    bundle.write(file.read() + b"\n")
        environment = dict(
            os.environ, CLOAKROOM_HTTPS_PORT=str(serve(certificate, key)),
            CLOAKROOM_HTTPS_UNTRUSTED_PORT=str(serve(other, other_key)), no_proxy="*", NO_PROXY="*")
        test = ["swift", "test", "--skip-build", "--filter", "HTTPSServer", *sys.argv[1:]]
        script = f'mount --bind "$0" {BUNDLE} && exec "$@"'
        result = subprocess.run(
            command + ["bash", "-c", script, f"{folder}/bundle", *test], env=environment, capture_output=True, text=True)
        lines = (result.stdout + result.stderr).splitlines()
        if result.returncode != 0:
            print("\n".join(lines))
            return 1
        if not any("HTTPSServer passed" in line for line in lines):
            print("\n".join(lines[-20:]))
            print("https.py: the suite did not run")
            return 1
        print("https.py: passed")
        return 0


sys.exit(main())
