#!/usr/bin/env python3
"""A web server on the loopback interface: http_server.py FOLDER

It writes its port to FOLDER/port, and each request to FOLDER/request-1.json, -2.json, ...: method, path,
headers and body. A path that begins with /status/NUMBER is answered with that status, /redirect with one to
/elsewhere, and /silence not at all.
"""
import http.server
import json
import os
import sys
import threading
from pathlib import Path

FOLDER = Path(sys.argv[1])


def write(name, text):
    """Appears whole."""
    temporary = FOLDER / (name + ".tmp")
    temporary.write_text(text, encoding="utf-8")
    os.replace(temporary, FOLDER / name)


class Handler(http.server.BaseHTTPRequestHandler):
    count = 0

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode("utf-8")
        headers = {name.lower(): value for name, value in self.headers.items()}
        Handler.count += 1
        request = {"method": self.command, "path": self.path, "headers": headers, "body": body}
        write(f"request-{Handler.count}.json", json.dumps(request))
        if self.path.startswith("/silence"):
            threading.Event().wait()
        self.answer()

    do_GET = do_POST

    def answer(self):
        parts = self.path.split("/")
        status = int(parts[2]) if parts[1] == "status" else 302 if parts[1] == "redirect" else 200
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True


def main():
    server = Server(("127.0.0.1", 0), Handler)
    write("port", str(server.server_address[1]))
    server.serve_forever()


if __name__ == "__main__":
    main()
