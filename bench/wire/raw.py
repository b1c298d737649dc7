"""Bare TCP: bytes from memory to memory over so many connections, with no hash and no file."""

import socket
import sys
import threading
import time

BLOCK = 1 << 20


def serve(host: str, total: int) -> None:
    """Print the port, then send `total` shared over as many connections as the first byte of each asks."""
    with socket.create_server((host, 0)) as listener:
        print(listener.getsockname()[1], flush=True)
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=answer, args=(connection, total), daemon=True).start()


def answer(connection: socket.socket, total: int) -> None:
    block = memoryview(bytes(BLOCK))
    with connection:
        left = total // connection.recv(1)[0]
        while left:
            left -= connection.send(block[: min(left, BLOCK)])


def receive(host: str, port: int, streams: int) -> float:
    """Return the seconds until the last byte of all streams was read."""

    def read() -> None:
        buffer = bytearray(BLOCK)
        with socket.create_connection((host, port)) as connection:
            connection.send(bytes([streams]))
            while connection.recv_into(buffer):
                pass

    threads = [threading.Thread(target=read) for _ in range(streams)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.monotonic() - began


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
