"""Frames of the wire protocol on a blocking socket."""

from __future__ import annotations

import socket
import ssl
import struct
from typing import Any, Optional, Tuple, Union

import msgpack

from .errors import ConnectionLost

#: u32 header_bytes, u32 block_bytes.
PREFIX = struct.Struct("<II")

#: No header of this protocol comes near; a longer one is not from a server of ours.
MAX_HEADER_BYTES = 16 << 20

Buffer = Union[bytes, bytearray, memoryview]


def block_offset(header_bytes: int) -> int:
    """Where the block of a frame begins: behind the header, at a multiple of 8."""
    return (PREFIX.size + header_bytes + 7) & ~7


def frame_head(header: bytes, block_bytes: int) -> bytearray:
    """A frame up to its block."""
    head = bytearray(block_offset(len(header)))
    PREFIX.pack_into(head, 0, len(header), block_bytes)
    head[PREFIX.size:PREFIX.size + len(header)] = header
    return head


class Connection:
    """Sends and receives frames. One thread at a time; after any exception the stream is of no more use."""

    def __init__(self, stream: socket.socket) -> None:
        self._stream = stream
        self._is_tls = isinstance(stream, ssl.SSLSocket)
        self._buffer = bytearray(1 << 16)
        self._view = memoryview(self._buffer)
        self._start = self._end = 0
        #: Bytes that surely fit on the way to the server while it does not read.
        self.slack = stream.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) // 4

    def send(self, head: Buffer, block: Optional[memoryview] = None) -> None:
        """Sends a frame: ``head`` with prefix, header and padding, then the block."""
        stream = self._stream
        if block is None:
            stream.sendall(head)
            return
        if self._is_tls or not hasattr(stream, "sendmsg"):
            stream.sendall(head)
            stream.sendall(block)
            return
        sent = stream.sendmsg((head, block))
        if sent < len(head):
            stream.sendall(memoryview(head)[sent:])
            sent = len(head)
        if sent < len(head) + block.nbytes:
            stream.sendall(block[sent - len(head):])

    def receive_header(self) -> Tuple[Any, int]:
        """The header of the next frame, and the bytes of the block that :meth:`receive_block` takes next.

        :raises ConnectionLost: the bytes are no frame, or the server ended the conversation.
        """
        self._fill(PREFIX.size)
        header_bytes, block_bytes = PREFIX.unpack_from(self._buffer, self._start)
        if header_bytes > MAX_HEADER_BYTES:
            raise ConnectionLost(f"the server sent a header of {header_bytes} bytes; at most {MAX_HEADER_BYTES} are taken")
        offset = block_offset(header_bytes)
        self._fill(offset)
        first = self._start + PREFIX.size
        try:
            header = msgpack.unpackb(self._view[first:first + header_bytes])
        except Exception as error:
            raise ConnectionLost(f"the server sent a header that is no MessagePack: {error}") from error
        self._start += offset
        return header, block_bytes

    def receive_block(self, target: memoryview) -> None:
        """Fills ``target``, bytes, from the stream."""
        held = min(self._end - self._start, target.nbytes)
        if held:
            target[:held] = self._view[self._start:self._start + held]
            self._start += held
        flags = 0 if self._is_tls else getattr(socket, "MSG_WAITALL", 0)
        while held < target.nbytes:
            received = self._stream.recv_into(target[held:], 0, flags)
            if received == 0:
                raise ConnectionLost(f"the server ended the conversation after {held} of {target.nbytes} bytes of a block")
            held += received

    def shut_down(self) -> None:
        """Ends the stream for every thread and process that holds it."""
        try:
            self._stream.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def close(self) -> None:
        try:
            self._stream.close()
        except OSError:
            pass

    def _fill(self, wanted: int) -> None:
        """Receives until ``wanted`` bytes from the start are there."""
        while self._end - self._start < wanted:
            if self._start == self._end:
                self._start = self._end = 0
            elif self._end == len(self._buffer):
                self._make_room()
            received = self._stream.recv_into(self._view[self._end:])
            if received == 0:
                raise ConnectionLost("the server ended the conversation")
            self._end += received

    def _make_room(self) -> None:
        """Room that grows with what has arrived, never with what a prefix claims."""
        held = bytes(self._view[self._start:self._end])
        if 2 * len(held) > len(self._buffer):
            self._buffer = bytearray(2 * len(self._buffer))
            self._view = memoryview(self._buffer)
        self._view[:len(held)] = held
        self._start, self._end = 0, len(held)
