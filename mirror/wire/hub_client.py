"""A test process's end of a hub: what it has, handed over in batches.

Frames are collected and leave together: when there are 64 KiB of them, when a test is over, at the end. A test never
waits for that. What the kernel does not take at once stays here, and goes with the next batch; only a process that has
more than 16 MiB waiting waits itself, because a hub that is slower than the tests would else have all of them in this
process's memory. Who takes nothing for fifteen seconds is given up.

Whoever is given up, or gone, is told once. What it has not acknowledged counts as lost, and so does what is made from
then on: there is no second attempt, because the first may have arrived, and an exchange must not be seen twice.

A signal handler or a finaliser may hand over an exchange between any two instructions. So frames are collected in a
deque, whose operations are atomic, and whoever is already sending sends those as well.
"""

from __future__ import annotations

import _socket
import threading
from collections import Counter, deque
from collections.abc import Callable, Mapping
from itertools import count
from typing import Final

import msgspec

from mirror.clock import CLOCK
from mirror.counts import Counts, describe, tally
from mirror.errors import HubError
from mirror.exchange import Exchange, KnownRoute
from mirror.wire.connection import DONTWAIT, STEP
from mirror.wire.hub_counter import SharedCounter
from mirror.wire.hub_protocol import (
    ANSWER,
    ANSWER_LIMIT,
    FRAME_LIMIT,
    Answer,
    Ask,
    Concluded,
    Counted,
    Frames,
    Handed,
    HubAddress,
    Known,
    Left,
    Refused,
    Taken,
    Telling,
    Welcome,
    frame,
    hello,
)  # fmt: skip
from mirror.wire.sockets import PATIENCE, STREAM, Socket, set_timeouts, tune

# A batch leaves when it has so many bytes, or when the last one left so many seconds ago.
BATCH: Final = 64 * 1024
INTERVAL: Final = 0.25
# More than that is not held back for a hub that is slow.
ROOM: Final = 16 * 1024 * 1024
# Seconds after which a hub that neither takes nor says anything is given up.
HUB_PATIENCE: Final = 15.0

NOTHING: Final[Mapping[str, int]] = {}

_send = Socket.send
_recv = Socket.recv
_RLock = threading.RLock


class HubClient:
    """A connection to the hub at an address. ``name`` tells it who this is; ``counter`` counts what was made.

    ``patience`` are the seconds after which a hub that neither takes nor says anything is given up; ``room`` bytes wait
    for one that is slow, and no exchange has more than ``largest``.

    ``on_gone`` is called once, with the reason, when the hub is given up. ``url`` is the hub's echo; ``keeps_routes``
    tells whether it has a use for those of applications; ``gone`` is why it takes nothing any more, None while it does;
    ``told`` is what it has last acknowledged. Raises HubError where nobody answers, or somebody refuses.
    """

    def __init__(
        self,
        address: HubAddress,
        name: str,
        counter: SharedCounter | None = None,
        *,
        patience: float = HUB_PATIENCE,
        room: int = ROOM,
        largest: int = FRAME_LIMIT,
    ) -> None:
        self.address = address
        self.told = Counts()
        self.gone: str | None = None
        self.on_gone: Callable[[str], None] | None = None
        self._ended = False
        self._patience, self._room, self._largest = patience, room, largest
        self._counter = counter
        self._serial = count(1)
        self._keys = count(1)
        self._asked = self._answered = 0
        self._waiting: deque[bytes] = deque()
        self._rest = memoryview(b"")
        self._size = 0
        self._last = CLOCK.tick()
        self._counted: tuple[Counter[str], Counter[str], Counter[str]] = (Counter(), Counter(), Counter())
        self._answers = Frames(ANSWER_LIMIT)
        self._lock = _RLock()
        self._pumping = False
        self._sock = connect(address)
        try:
            welcome = self._greet(name)
        except BaseException:
            self._sock.close()
            raise
        self.url, self.keeps_routes = welcome.url, welcome.routes
        set_timeouts(self._sock, patience)

    def _greet(self, name: str) -> Welcome:
        try:
            self._sock.sendall(hello(self.address.token, name))
            while True:
                data = _recv(self._sock, STEP)
                if not data:
                    raise HubError(f"no hub answers at {self.address}, but somebody else: look at MIRROR_HUB")
                self._answers.feed(data)
                for answer in map(decode, self._answers):
                    if isinstance(answer, Welcome):
                        return answer
                    if isinstance(answer, Refused):
                        raise HubError(f"the hub at {self.address} refuses this process: {answer.reason}")
                    raise HubError(f"what answers at {self.address} is no hub")
        except OSError as error:
            raise silence(self.address, error) from None

    # What there is to tell --------------------------------------------------------------------------------------------

    def count_made(self) -> None:
        """One more exchange, whatever becomes of it."""
        if self._counter is not None:
            self._counter.value = next(self._serial)

    def hand(self, exchange: Exchange, loss: str | None, remarks: tuple[str, ...]) -> str | None:
        """Hand over an exchange; returns why it is lost, None where nothing is known to be."""
        reason = self._tell(Handed(exchange, loss, remarks))
        if reason is not None:
            self.count(failures={loss or reason: 1}, remarks=Counter(remarks))
        return reason

    def count(
        self,
        failures: Mapping[str, int] = NOTHING,
        ignores: Mapping[str, int] = NOTHING,
        remarks: Mapping[str, int] = NOTHING,
    ) -> None:
        """What never became an exchange, or cannot be handed over as one; it goes with the next batch."""
        with self._lock:
            for counter, more in zip(self._counted, (failures, ignores, remarks), strict=True):
                for reason, number in more.items():
                    tally(counter, reason, number)

    def new_key(self) -> int:
        """A number for a WebSocket session."""
        return next(self._keys)

    def conclude(self, test: str, outcome: str) -> None:
        """How a test ended; it goes with the next batch."""
        self._tell(Concluded(test, outcome))

    def know(self, routes: tuple[KnownRoute, ...]) -> None:
        """All routes of an application; they go with the next batch."""
        self._tell(Known(routes))

    def tell_now(self, value: Telling) -> str | None:
        """Tell a value at once: somebody may be watching. Returns why it cannot be told."""
        reason = self._tell(value)
        self.flush()
        return reason

    def _tell(self, value: Telling) -> str | None:
        if self.gone is not None or self._ended:
            return self.gone or "the connection to the hub is another process's"
        try:
            data = frame(value, self._largest)
        except HubError as error:
            return str(error)
        self._waiting.append(data)
        self._size += len(data)
        if self._size >= BATCH or CLOCK.tick() - self._last > INTERVAL:
            self.flush()
        return None

    # How it is told ---------------------------------------------------------------------------------------------------

    def flush(self) -> None:
        """Send what there is, as far as the kernel takes it at once."""
        self._pump(wait=False)

    def sync(self) -> None:
        """Send what there is, and wait until the hub has taken it; give it up where that takes too long."""
        self._asked += 1
        asked = self._asked
        self._pump(wait=True)
        if self.gone is None and not self._ended:
            self._waiting.append(frame(Ask(asked)))
            self._pump(wait=True, until=asked)

    def close(self) -> None:
        """Sync, and end the connection. May be called twice."""
        if not self._ended:
            self.sync()
            if self.gone is None:
                self._waiting.append(frame(Left()))
                self._pump(wait=False)
            self._end()

    def abandon(self) -> None:
        """Let go of everything in a forked child: the connection is the parent's, and its threads hold no lock."""
        self._lock = _RLock()
        self._counter = None
        self._ended = True
        self._waiting.clear()
        self._sock.close()

    def _end(self) -> None:
        # Another thread may have handed over something since the hub was last asked: that counts as lost as well.
        self.gone = self.gone or f"the connection to the hub at {self.address} has ended"
        self._ended = True
        self._waiting.clear()
        self._sock.close()
        if self._counter is not None:
            counter, self._counter = self._counter, None
            counter.close()

    def _pump(self, wait: bool, until: int = 0) -> None:
        with self._lock:
            if self._pumping or self.gone is not None or self._ended:
                return
            self._pumping = True
            try:
                self._write(wait)
                while self._answered < until:
                    self._listen(0)
            except (OSError, HubError) as error:
                self._give_up(f"the hub at {self.address} is gone: {self._explain(error)}")
            except BaseException:
                # How much of it has left cannot be known.
                self._give_up(f"handing over to the hub at {self.address} was interrupted")
                raise
            finally:
                self._pumping = False

    def _write(self, wait: bool) -> None:
        if any(self._counted):
            failures, ignores, remarks = self._counted
            self._counted = (Counter(), Counter(), Counter())
            self._waiting.append(frame(Counted(failures, ignores, remarks)))
        self._last = CLOCK.tick()
        while self._waiting or self._rest:
            if not self._rest:
                self._rest = memoryview(self._gather())
                self._size = 0
            held = len(self._rest) + self._size
            try:
                sent = _send(self._sock, self._rest[: 4 * STEP], 0 if wait or held > self._room else DONTWAIT)
            except BlockingIOError:
                if wait or held > self._room:
                    raise
                break
            self._rest = self._rest[sent:]
        while self._listen(DONTWAIT):
            pass

    def _gather(self) -> bytes:
        frames: list[bytes] = []
        while self._waiting:
            frames.append(self._waiting.popleft())
        return b"".join(frames)

    def _listen(self, flags: int) -> bool:
        """Read what the hub has said; False where it has said nothing and is not waited for."""
        try:
            data = _recv(self._sock, STEP, flags)
        except BlockingIOError:
            if flags:
                return False
            raise
        if not data:
            raise HubError("it closed the connection")
        self._answers.feed(data)
        for answer in map(decode, self._answers):
            if isinstance(answer, Taken):
                self.told = answer.counts
                self._answered = max(self._answered, answer.answer)
            elif isinstance(answer, Refused):
                raise HubError(answer.reason)
        return True

    def _explain(self, error: Exception) -> str:
        silent = f"nothing of it for {self._patience:.0f} seconds"
        return silent if isinstance(error, BlockingIOError) else describe(error)

    def _give_up(self, reason: str) -> None:
        self.gone = reason
        self._waiting.clear()
        self._rest = memoryview(b"")
        self._sock.close()
        if self.on_gone is not None:
            self.on_gone(reason)


def connect(address: HubAddress) -> Socket:
    """A connection to that address. Raises HubError."""
    try:
        family, _, _, _, place = _socket.getaddrinfo(address.host, address.port, 0, STREAM)[0]
        sock = Socket(family, STREAM, 0)
        try:
            set_timeouts(sock, PATIENCE)
            sock.connect(place)
            tune(sock)
        except BaseException:
            sock.close()
            raise
    except (OSError, UnicodeError) as error:
        raise silence(address, error) from None
    return sock


def silence(address: HubAddress, error: Exception) -> HubError:
    return HubError(f"no hub answers at {address} ({describe(error)}): is 'mirror serve' running?")


def decode(data: bytes) -> Answer:
    """A frame of the hub's. Raises HubError."""
    try:
        return ANSWER.decode(data)
    except msgspec.MsgspecError as error:
        raise HubError(f"it says what cannot be understood ({error})") from None
