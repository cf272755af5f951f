"""A small proxy on loopback: takes a prefix off, as notebook servers do, or loses the network for a while."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit


class Proxy(socketserver.ThreadingTCPServer):
    """One request a connection, or one WebSocket."""

    daemon_threads = True
    lost = False  # nobody gets through

    def __init__(self, behind: int, prefix: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.behind, self.prefix = behind, prefix
        self.open: set[socket.socket] = set()

    def lose(self) -> None:
        """The network is gone: what is open ends, and nothing new is answered."""
        self.lost = True
        for one in list(self.open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


class Handler(socketserver.BaseRequestHandler):
    server: Proxy

    def handle(self) -> None:
        head = b""
        while b"\r\n\r\n" not in head and (content := self.request.recv(65_536)):
            head += content
        request = without_prefix(head, self.server.prefix)
        if self.server.lost:
            return
        if request is None:
            self.request.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return
        with socket.create_connection(("127.0.0.1", self.server.behind)) as behind:
            ends = {self.request, behind}
            self.server.open |= ends
            behind.sendall(request)
            back = threading.Thread(target=carry, args=(behind, self.request), daemon=True)
            back.start()
            carry(self.request, behind)
            back.join()
            self.server.open -= ends


def carry(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while content := source.recv(65_536):
            target.sendall(content)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


def without_prefix(head: bytes, prefix: str) -> bytes | None:
    """The request for the server behind; None for one that is not below the prefix."""
    first, *lines = head.split(b"\r\n")
    method, _space, target = first.partition(b" ")
    if not target.startswith(prefix.encode()):
        return None
    if not any(line.lower() == b"upgrade: websocket" for line in lines):
        lines = [b"Connection: close", *(line for line in lines if not line.lower().startswith(b"connection:"))]
    return b"\r\n".join([method + b" " + target[len(prefix) :], *lines])


@contextmanager
def proxy_to(url: str, prefix: str = "") -> Iterator[tuple[str, Proxy]]:
    """The address of the server at `url` behind a proxy, and the proxy."""
    with Proxy(urlsplit(url).port or 0, prefix) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}{prefix}", server
        server.shutdown()
        thread.join()
