"""Files that are written whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def written_whole(path: Path, *, private: bool = True) -> Iterator[Path]:
    """An empty file beside ``path`` that takes its place when the block ends, and is gone where the block raises.

        with written_whole(path) as new:
            new.write_bytes(...)

    A symbolic link stays one: what it points to is replaced, but no pipe and no device. ``private`` files are readable
    by their owner alone; others are as readable as the file that they replace, or as new files are. Raises OSError.
    """
    path = Path(os.path.realpath(path)) if path.is_symlink() else path
    if is_special(path):
        raise OSError(errno.EINVAL, "it is no ordinary file", str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    fd, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # readable by its owner alone
    os.close(fd)
    try:
        yield Path(name)
        if not private:
            os.chmod(name, mode_of(path))
        os.replace(name, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Nobody else who asks for a file of the same folder is in this block at the same time, in whatever process: of two
    who read a file, add to it and write it neither undoes what the other has done. Where there are no locks (fcntl,
    some network file systems), everybody is let in."""
    try:
        import fcntl

        folder = os.open(path.parent, os.O_RDONLY)
    except (ImportError, OSError):
        yield
        return
    try:
        with suppress(OSError):
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)  # and with it its lock is gone


def is_special(path: Path) -> bool:
    """Whether a pipe, a device or a socket stands there: reading one may never end, and nobody means to replace it."""
    return path.exists() and not path.is_file() and not path.is_dir()


def mode_of(path: Path) -> int:
    """The permissions of a file, or those that a new one gets here."""
    with suppress(OSError):
        return stat.S_IMODE(path.stat().st_mode)
    return 0o666 & ~umask()


def umask() -> int:
    """What new files are not permitted here, read without setting it where the system tells it: another thread may make
    a file at that moment."""
    with suppress(OSError, ValueError):
        for line in Path("/proc/self/status").read_text("ascii", "replace").splitlines():
            if line.startswith("Umask:"):
                return int(line.split()[1], 8)
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
