#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands in for a node that is there and of no use: PORT silent|broken.

It takes connections and never answers, or answers everything with 500. What cannot be bound at
once is tried again, since who had the port may just be ending.
"""
import http.server
import socket
import sys
import time


def listen(port):
    end = time.monotonic() + 10
    while True:
        try:
            return socket.create_server(("127.0.0.1", port))
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.01)


class Broken(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_error(500)

    do_POST = do_GET

    def log_message(self, *_):
        pass


def main():
    port, how = int(sys.argv[1]), sys.argv[2]
    listener = listen(port)
    if how == "silent":
        taken = []
        while True:
            taken.append(listener.accept())
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Broken, bind_and_activate=False)
    server.daemon_threads = True
    server.socket.close()
    server.socket = listener
    server.serve_forever()


if __name__ == "__main__":
    main()
