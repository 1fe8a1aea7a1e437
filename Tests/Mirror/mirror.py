"""A mirror for tests: serves a folder on 127.0.0.1, well or badly.

    python3 mirror.py FOLDER

Prints its port, and ends when its standard input does. What is asked for as NAME.gz may lie there as NAME. The first name of a path says how the rest of it is served; every request is a line
`<how> <file> <first byte>` of FOLDER/requests.
"""

import gzip
import http.server
import pathlib
import sys
import threading
import time

ROOT = pathlib.Path(sys.argv[1])


def compressed(path, level=9):
    if (ROOT / path).exists():
        return (ROOT / path).read_bytes()
    return gzip.compress(plain(path), level, mtime=0)


def plain(path):
    return (ROOT / path).with_suffix("").read_bytes()


class Mirror(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        how, _, path = self.path.lstrip("/").partition("/")
        asked = self.headers.get("Range", "bytes=0-")
        first = int(asked.removeprefix("bytes=").partition("-")[0])
        with open(ROOT / "requests", "a") as log:
            log.write(f"{how} {path.rpartition('/')[2]} {first}\n")
        kind, _, argument = how.partition("-")
        getattr(self, "serve_" + kind)(path, first, argument)

    # How it can be done well.

    def serve_ranges(self, path, first, _):
        self.send_part(compressed(path), first)

    def serve_whole(self, path, _first, _):
        self.send_part(compressed(path), 0)

    def serve_redirect(self, path, _first, _):
        self.send_header_only(302, Location=f"/ranges/{path}")

    def serve_recompressed(self, path, first, _):
        self.send_part(compressed(path, level=1), first)

    def serve_plain(self, path, first, _):
        self.send_part(plain(path), first)

    # And badly.

    def serve_cut(self, path, first, byte_count):
        """The connection breaks after some bytes."""
        self.send_part(compressed(path), first, int(byte_count))

    def serve_foreign(self, path, first, _):
        self.send_part(gzip.compress(b"something else" * 100), first)

    def serve_page(self, _path, _first, _):
        self.send_part(b"<html>Please log in to this network.</html>", 0)

    def serve_missing(self, _path, _first, _):
        self.send_header_only(404)

    def serve_loop(self, path, _first, _):
        self.send_header_only(302, Location=f"/loop/{path}")

    def serve_endless(self, _path, _first, _):
        self.send_response(200)
        self.end_headers()
        self.close_connection = True
        try:
            while True:
                self.wfile.write(bytes(65536))
        except OSError:
            pass

    def serve_silent(self, _path, _first, _):
        time.sleep(60)

    def serve_slow(self, path, first, seconds):
        time.sleep(float(seconds))
        self.serve_ranges(path, first, "")

    def send_header_only(self, status, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def send_part(self, contents, first, limit=None):
        if first and first >= len(contents):
            self.send_header_only(416, **{"Content-Range": f"bytes */{len(contents)}"})
            return
        rest = contents[first:]
        self.send_response(206 if first else 200)
        if first:
            last = len(contents) - 1
            self.send_header("Content-Range", f"bytes {first}-{last}/{len(contents)}")
        self.send_header("Content-Length", str(len(rest)))
        self.end_headers()
        self.wfile.write(rest[:limit])
        self.close_connection = limit is not None


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Mirror)
server.daemon_threads = True
# Clients that hang up, and ways of serving that there are not, are part of the tests.
server.handle_error = lambda *_: None
print(server.server_port, flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
