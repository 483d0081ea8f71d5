"""Files that one run writes at a time: each is locked (flock) as long as it is open, and the kernel unlocks what a
killed process had.

Whoever only looks whether a file is being written shares its lock for the moment; so does whoever gives it another
name. A run that opens it in that moment tries again.
"""

from __future__ import annotations

import errno
import os
import stat
import time
from contextlib import suppress
from pathlib import Path

from mirror.errors import CaptureError

try:
    import fcntl
except ImportError:  # Windows has no flock: there two runs are not kept apart
    fcntl = None  # type: ignore[assignment]

# So often, a hundredth of a second apart: who looks has long done so by then.
TRIES = 20

_rest = time.sleep


def open_anew(path: Path, called: Path | None = None) -> int:
    """A descriptor for an empty file that nobody else writes; errors name the file as it is ``called``. Raises
    CaptureError."""
    called = called or path
    for left in reversed(range(TRIES)):
        try:
            return _open_anew(path)
        except BlockingIOError:
            if left:
                _rest(0.01)
        except OSError as error:
            raise CaptureError(f"{called} cannot be written: {error.strerror}; name another file") from None
    raise CaptureError(f"{called} cannot be written: another run is writing it; name another file")


def _open_anew(path: Path) -> int:
    # Not to wait for a reader, where it is a FIFO.
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)
    if not path.parent.is_dir():
        path.parent.mkdir(parents=True)
    # Only its owner reads it: there is more in a capture than detectors know to be secret.
    fd = os.open(path, flags, 0o600)
    try:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            raise OSError(errno.EINVAL, "it is no ordinary file")
        if fcntl is not None:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not is_at(fd, path):  # its run has just removed it, or another has given it another name
                raise BlockingIOError
        os.ftruncate(fd, 0)
        os.fchmod(fd, 0o600)  # also where the file was there already
    except BaseException:
        os.close(fd)
        raise
    return fd


def is_at(fd: int, path: Path) -> bool:
    """Whether an open file is the one of that name."""
    try:
        return os.path.samestat(os.fstat(fd), os.stat(path))
    except FileNotFoundError:
        return False


def is_busy(path: Path) -> bool:
    """Whether a run is writing a file."""
    if fcntl is None or not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def move_aside(path: Path, aside: Path) -> None:
    """Give a file another name, unless a run is writing it or is about to: an empty one may just have been made, and
    keeps its name. Raises OSError."""
    with path.open("rb") as file:
        if fcntl is not None:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
        with suppress(FileNotFoundError):
            if is_at(file.fileno(), path) and os.fstat(file.fileno()).st_size:
                path.rename(aside)
