"""HTTP/2 on a stream, with Debian's python3-h2: one thread reads the connection, one more answers
each request."""

import threading

import h2.config
import h2.connection
import h2.errors
import h2.events
import h2.exceptions

import behaviours
from call import Call, Gone


def serve(stream, connection_number):
    _Connection(stream, connection_number).run()


class _Connection:
    """`changed` guards the protocol's state and the calls', and tells of each change."""

    def __init__(self, stream, number):
        self.stream = stream
        self.number = number
        self.protocol = h2.connection.H2Connection(
            h2.config.H2Configuration(client_side=False, header_encoding="latin-1"))
        # Its Huffman code takes seconds for a long value.
        encode = self.protocol.encoder.encode
        self.protocol.encoder.encode = lambda headers: encode(headers, huffman=False)
        self.changed = threading.Condition()
        self.calls = {}
        self.use = 0
        self.is_over = False

    def run(self):
        with self.changed:
            self.protocol.initiate_connection()
            self.flush()
        try:
            while data := self.stream.receive():
                with self.changed:
                    for event in self.protocol.receive_data(data):
                        self.take(event)
                    self.flush()
                    self.changed.notify_all()
        except (OSError, h2.exceptions.ProtocolError):
            pass
        finally:
            with self.changed:
                self.is_over = True
                self.changed.notify_all()
            self.stream.close()

    def flush(self):
        data = self.protocol.data_to_send()
        if data:
            self.stream.send(data)

    def take(self, event):
        if isinstance(event, h2.events.RequestReceived):
            self.use += 1
            call = HTTP2Call(self, event)
            self.calls[event.stream_id] = call
            threading.Thread(target=behaviours.run, args=(call,), daemon=True).start()
        elif isinstance(event, h2.events.ConnectionTerminated):
            self.is_over = True
        elif getattr(event, "stream_id", None) in self.calls:
            self.calls[event.stream_id].take(event)


class HTTP2Call(Call):
    version = "2"

    def __init__(self, connection, event):
        pseudo = {name: value for name, value in event.headers if name.startswith(":")}
        headers = [(name, value) for name, value in event.headers if not name.startswith(":")]
        super().__init__(
            pseudo[":method"], pseudo[":path"], headers, connection.number, connection.use)
        self.connection = connection
        self.stream_id = event.stream_id
        self.pieces = []
        self.has_ended = event.stream_ended is not None
        self.is_reset = False

    def take(self, event):
        if isinstance(event, h2.events.DataReceived):
            self.pieces.append((event.data, event.flow_controlled_length))
        elif isinstance(event, h2.events.StreamEnded):
            self.has_ended = True
        elif isinstance(event, h2.events.StreamReset):
            self.is_reset = True

    def _read(self):
        with self.connection.changed:
            while not self.pieces:
                if self.has_ended:
                    return b""
                self._wait()
            data, length = self.pieces.pop(0)
            self.connection.protocol.acknowledge_received_data(length, self.stream_id)
            self.connection.flush()
            return data or self._read()

    def _wait(self):
        if self.is_reset or self.connection.is_over:
            raise Gone
        self.connection.changed.wait(1.0)

    def _begin(self, status, headers, framing, length):
        if framing == "length":
            headers.append(("content-length", str(length)))
        self._send(lambda protocol: protocol.send_headers(
            self.stream_id, _fields(status, headers), end_stream=self.method == "HEAD"))

    def interim(self, status, headers=()):
        self._send(lambda protocol: protocol.send_headers(
            self.stream_id, _fields(status, headers)))

    def _write(self, piece):
        while piece:
            with self.connection.changed:
                while not (room := self._room()):
                    self._wait()
                self._send(lambda protocol: protocol.send_data(self.stream_id, piece[:room]))
            piece = piece[room:]

    def _room(self):
        protocol = self.connection.protocol
        if self.is_reset or self.connection.is_over:
            raise Gone
        return min(protocol.local_flow_control_window(self.stream_id),
                   protocol.max_outbound_frame_size)

    def _finish(self, trailers):
        if self.method == "HEAD":
            return
        if trailers:
            fields = [(name.lower(), value) for name, value in trailers]
            self._send(lambda protocol: protocol.send_headers(
                self.stream_id, fields, end_stream=True))
        else:
            self._send(lambda protocol: protocol.end_stream(self.stream_id))

    def _send(self, order):
        with self.connection.changed:
            if self.is_reset or self.connection.is_over:
                raise Gone
            order(self.connection.protocol)
            self.connection.flush()

    def is_gone(self, timeout=0.0):
        with self.connection.changed:
            if not (self.is_reset or self.connection.is_over) and timeout:
                self.connection.changed.wait(timeout)
            return self.is_reset or self.connection.is_over

    def close(self):
        """Ends the connection, and with it this answer."""
        self.connection.stream.close()

    def reset(self):
        """Ends this answer, and leaves the connection."""
        self._send(lambda protocol: protocol.reset_stream(
            self.stream_id, h2.errors.ErrorCodes.INTERNAL_ERROR))

    def refuse(self):
        """Says that this request was not looked at, which a client takes as leave to send it again."""
        self._send(lambda protocol: protocol.reset_stream(
            self.stream_id, h2.errors.ErrorCodes.REFUSED_STREAM))

    def go_away(self):
        """Says that this request and all later ones were not looked at, and ends the connection."""
        self._send(lambda protocol: protocol.close_connection(last_stream_id=0))
        self.connection.stream.close()


def _fields(status, headers):
    return [(":status", str(status))] + [(name.lower(), value) for name, value in headers]
