"""Being told when a module is imported: attaching to a framework that a test suite imports later, or never.

A finder at the head of ``sys.meta_path`` (PEP 451) that finds nothing by itself: for the modules it watches it asks
the other finders, and has their loader followed by a call. It stays for as long as mirroring lasts, because a test may
throw a module out of ``sys.modules`` and import it anew.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterable, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any


class ImportWatch(MetaPathFinder):
    """Calls ``imported(module)`` for each of ``names``: now for those in ``sys.modules``, later when they come."""

    def __init__(self, names: Iterable[str], imported: Callable[[ModuleType], None]) -> None:
        self._names = frozenset(names)
        self._imported = imported
        self._asking: set[str] = set()

    def start(self) -> None:
        for name in sorted(self._names):
            module = sys.modules.get(name)
            if module is not None:
                self._imported(module)
        sys.meta_path.insert(0, self)

    def stop(self) -> None:
        if self in sys.meta_path:
            sys.meta_path.remove(self)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in self._names or fullname in self._asking:
            return None
        self._asking.add(fullname)
        try:
            spec = importlib.util.find_spec(fullname)
        finally:
            self._asking.discard(fullname)
        if spec is not None and spec.loader is not None:
            spec.loader = _Followed(spec.loader, self._imported)
        return spec


class _Followed(Loader):
    """A loader, and what comes after it; everything else about it is as it was."""

    def __init__(self, loader: Any, imported: Callable[[ModuleType], None]) -> None:
        self._loader = loader
        self._imported = imported

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)  # type: ignore[no-any-return]

    def exec_module(self, module: ModuleType) -> None:
        # The module keeps its own loader, which answers for its resources and its source.
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        module.__loader__ = self._loader
        self._loader.exec_module(module)
        self._imported(module)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)


# A warning finds the line that imports by its stacklevel, which leaves out the frames of the import machinery, as a
# traceback does. This frame is one of them, and is known by the file name of its code.
_Followed.exec_module.__code__ = _Followed.exec_module.__code__.replace(co_filename="<frozen importlib._bootstrap>")
