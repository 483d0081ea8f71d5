"""Prove that ``--mirror`` changes no outcome in test suites that know nothing of mirror.

Each suite named in ``SUITES`` is the suite that a released framework or extension ships in its source distribution,
unmodified. For each of them this script

1. downloads the source distribution, in the pinned version, from the package index that pip is configured with;
2. makes a virtual environment with that package, what its tests need, and mirror built from this checkout;
3. runs the suite without and with ``--mirror``, each time in a freshly unpacked tree, so that no run can see files
   which an earlier one left behind;
4. compares the two runs test by test, and checks that the run with ``--mirror`` did publish exchanges;
5. prints what differs and a table of outcomes, wall times and mirror's own numbers.

The exit status is 1 where any outcome differs, or where a run proves nothing: pytest broke off, fewer tests ran than
the suite has, mirror published nothing or its numbers do not add up. Tests which fail without mirror too are no
obstacle (they must fail with it as well); the known ones are in the table with the reason why.

    python benchmarks/foreign_suites.py --suites flask,starlette
    python benchmarks/foreign_suites.py --work DIR --repeat 3
    python benchmarks/foreign_suites.py --compare without.xml with.xml

Given ``--work DIR``, environments are kept there and reused by later runs.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import shlex
import shutil
import signal
import statistics
import subprocess
import sys
import tarfile
import tempfile
import textwrap
import time
import venv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

import junit

CHECKOUT = Path(__file__).resolve().parent.parent

PYTEST_ARGUMENTS = ("-p", "no:cacheprovider", "-p", "no:randomly")
MIRROR_ARGUMENTS = ("--mirror",)

# The line in which mirror accounts for a run. Each number may follow its name after "=" or a space.
MIRROR_SUMMARY = re.compile(
    r"^.*mirror: made[= ](?P<made>\d+) = published[= ](?P<published>\d+)"
    r" \+ failed[= ](?P<failed>\d+) \+ ignored[= ](?P<ignored>\d+)",
    re.MULTILINE,
)

# Variables of the caller which would change what a suite does.
UNWANTED_VARIABLES = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTHONPATH", "PYTHONWARNINGS", "VIRTUAL_ENV")

# pytest's exit status for "all passed" and for "some failed"; with any other the run is not complete.
COMPLETE = (0, 1)

NUMBERS = ("made", "published", "failed", "ignored")
COLUMNS = ("suite", "version", "tests", "outcomes", "differences", "without", "with", "ratio", *NUMBERS)


class SuiteError(Exception):
    """A suite could not be prepared, or a run of it proves nothing."""


@dataclass(frozen=True)
class Argument:
    """Arguments which a suite's pytest gets in addition, and why."""

    value: str
    reason: str


@dataclass(frozen=True)
class Suite:
    """A foreign test suite.

    ``extras`` and ``requirements`` are what its tests need besides the package itself. ``paths`` are what pytest is to
    collect where that is not what the suite's configuration says. ``at_least`` is a little less than the number of
    test cases it has, to notice a run which collects only a part. ``files`` are added to the unpacked tree; they never
    replace a file. ``known_failures`` maps the keys of tests which fail without mirror to the reason why.
    """

    name: str
    version: str
    at_least: int
    requirements: tuple[str, ...]
    extras: str = ""
    paths: tuple[str, ...] = ()
    arguments: tuple[Argument, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    known_failures: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True)
class Run:
    """One finished run of a suite."""

    outcomes: Mapping[str, Counter[str]]
    seconds: float
    output: str


@dataclass(frozen=True)
class Result:
    """What all runs of a suite gave. ``mirrored`` is empty where only the baseline was run."""

    suite: Suite
    plain: Sequence[Run]
    mirrored: Sequence[Run]
    differences: Sequence[junit.Difference]
    faults: Sequence[str]

    @property
    def is_good(self) -> bool:
        return not self.differences and not self.faults


@dataclass(frozen=True)
class Place:
    """Where the files of a suite are below the work directory."""

    root: Path

    @property
    def tree(self) -> Path:
        return self.root / "tree"

    @property
    def python(self) -> Path:
        return self.root / "venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    @property
    def results(self) -> Path:
        return self.root / "results"


NO_COVERAGE = Argument("--no-cov", "coverage is not what is compared, and measuring it distorts the wall time")

# The source distributions of flask-restx lack the conftest.py of their tests. This one gives the tests, which are as
# released, the fixtures they ask for; it was written for this benchmark, from what the tests do with those fixtures.
FLASK_RESTX_CONFTEST = '''
    """Fixtures for the tests of flask-restx, whose source distribution lacks its own (see foreign_suites.py)."""

    import json

    import pytest
    from flask import Blueprint, Flask
    from flask.testing import FlaskClient

    import flask_restx


    class JSONClient(FlaskClient):
        def get_json(self, url, status=200, **options):
            return self._decoded(self.get(url, **options), status)

        def post_json(self, url, data, status=200, **options):
            body = json.dumps(data)
            options.setdefault("headers", {"Content-Type": "application/json"})
            return self._decoded(self.post(url, data=body, **options), status)

        def get_specs(self, prefix="", status=200, **options):
            return self.get_json(f"{prefix}/swagger.json", status, **options)

        def _decoded(self, response, status):
            assert response.status_code == status
            assert response.content_type == "application/json"
            return json.loads(response.data)


    @pytest.fixture
    def app():
        app = Flask(__name__, subdomain_matching=True)
        app.test_client_class = JSONClient
        return app


    @pytest.fixture
    def api(request, app):
        marker = request.node.get_closest_marker("api")
        if marker is None:
            return flask_restx.Api(app)
        options = dict(marker.kwargs)
        blueprint = Blueprint("api", __name__, url_prefix=options.pop("prefix", None))
        api = flask_restx.Api(blueprint, **options)
        app.register_blueprint(blueprint)
        return api


    @pytest.fixture(autouse=True)
    def marked_request_context(request):
        marker = request.node.get_closest_marker("request_context")
        if marker is None:
            yield
            return
        app = request.getfixturevalue("app")
        with app.test_request_context(*marker.args, **marker.kwargs):
            yield
'''

SUITES = (
    Suite(
        name="flask",
        version="3.1.3",
        at_least=480,
        requirements=("asgiref", "greenlet", "pytest>=8,<9.1", "python-dotenv", "werkzeug==3.1.5"),
        note="turns every warning into an error and fails a test which leaks a request context",
    ),
    Suite(
        name="starlette",
        version="1.10.0",
        at_least=1400,
        extras="full",
        requirements=(
            "blockbuster>=1.5.23",
            "httpx2[zstd]>=2.0.0",
            "importlib-metadata>=9.0.1",
            "opentelemetry-sdk>=1.44.0",
            "pytest-codspeed>=4.1.1",
            "pytest>=9.1.1,<10",
            "trio>=0.34.0",
        ),
        known_failures={
            "tests.test_staticfiles::test_staticfiles_with_invalid_dir_permissions_returns_401": (
                "it takes away its own permission to read a directory, which does not bind the superuser"
            ),
        },
        note="turns every warning into an error; blockbuster fails a test whose event loop makes a blocking call",
    ),
    Suite(
        name="fastapi",
        version="0.165.0",
        at_least=5200,
        extras="all",
        requirements=(
            "a2wsgi>=1.9.0,<=2.0.0",
            "anyio[trio]>=4.1.0,<5.0.0",
            "coverage[toml]>=7.13,<8.0",
            "dirty-equals>=0.9.0",
            "flask>=3.0.0,<4.0.0",
            "inline-snapshot>=0.21.1",
            "logfire>=5.1.0",
            "mypy>=1.14.1",
            "opentelemetry-exporter-otlp-proto-http>=1.44.0",
            "opentelemetry-instrumentation-fastapi>=0.65b0",
            "opentelemetry-sdk>=1.44.0",
            "pwdlib[argon2]>=0.2.1",
            "pyjwt>=2.9.0",
            "pytest-codspeed>=4.3.0",
            "pytest-timeout>=2.4.0",
            "pytest-xdist[psutil]>=3.0.2",
            "pytest>=9.0.0,<9.2",
            "python-slugify>=8.0.4",
            "pyyaml>=5.3.1,<7.0.0",
            "ruff>=0.14.14,<0.17.0",
            "sentry-sdk>=2.70.0",
            "sqlmodel>=0.0.31",
            "strawberry-graphql>=0.200.0,<1.0.0",
            "typer>=0.26.1",
        ),
        paths=("tests",),
        environment={"PYTHONPATH": "docs_src"},
        note="turns every warning into an error; each test has 20 seconds",
    ),
    Suite(
        name="flask-restx",
        version="1.3.2",
        at_least=1150,
        requirements=("blinker", "Faker==2.0.0", "mock==3.0.5", "pytest-flask==1.3.0", "pytest-mock", "pytest>=7,<9"),
        arguments=(Argument("--ignore=tests/test_postman.py", "the sdist lacks the schema which it reads"),),
        known_failures={
            "tests.test_inputs.EmailTest::test_valid_value_check": "it resolves the names of public hosts",
            "tests.test_inputs.URLTest::test_check": "it resolves the names of public hosts",
        },
        files={"tests/conftest.py": FLASK_RESTX_CONFTEST},
        note="pytest-flask pushes a request context around each test and replaces the class of the responses",
    ),
    Suite(
        name="werkzeug",
        version="3.1.9",
        at_least=940,
        requirements=("cffi", "cryptography", "ephemeral-port-reserve", "pytest>=8,<10", "pytest-timeout", "watchdog"),
        arguments=(
            Argument(
                "-m=not dev_server", "these tests start a server in a process of its own and wait for its reloader"
            ),
        ),
        note="turns every warning into an error; tests of the test client itself",
    ),
    Suite(
        name="flask-smorest",
        version="0.47.0",
        at_least=540,
        extras="tests",
        requirements=(),
    ),
    Suite(
        name="apiflask",
        version="3.1.2",
        at_least=515,
        requirements=(
            "asgiref",
            "authlib",
            "flask-sqlalchemy",
            "marshmallow==4.0.1",
            "marshmallow-dataclass",
            "openapi-spec-validator",
            "pydantic",
            "pytest-cov",
            "pytest==8.4.2",
            "pyyaml",
            "requests",
        ),
        arguments=(NO_COVERAGE,),
    ),
    Suite(
        name="flask-login",
        version="0.6.3",
        at_least=110,
        requirements=("asgiref", "blinker", "pytest>=7.4,<9", "semantic-version"),
    ),
    Suite(
        name="flask-wtf",
        version="1.3.0",
        at_least=80,
        requirements=("Flask-Babel", "flask-reuploaded", "pytest>=8,<10"),
        note="turns every warning into an error",
    ),
    Suite(
        name="flask-httpauth",
        version="4.8.1",
        at_least=115,
        requirements=("asgiref", "pytest>=8,<10"),
    ),
)


def main(arguments: Sequence[str] | None = None) -> int:
    options = parse_arguments(arguments)
    if options.compare:
        before, after = (junit.read_outcomes(path) for path in options.compare)
        return 1 if report_differences(junit.compare(before, after)) else 0
    if options.list:
        print_table([("suite", "version", "note"), *((suite.name, suite.version, suite.note) for suite in SUITES)])
        return 0
    signal.signal(signal.SIGTERM, stop)
    suites = select_suites(options.suites)
    with work_directory(options.work, keep=options.keep) as work:
        try:
            wheel = None if options.baseline else build_mirror(Path(options.python), work)
        except SuiteError as error:
            print(f"mirror: {error}", file=sys.stderr)
            return 1
        results, broken = run_suites(suites, options, work, wheel)
    print()
    print_table([COLUMNS, *(table_row(result) for result in results)])
    bad = [result.suite.name for result in results if not result.is_good] + broken
    good = "nothing compared: without --mirror only" if options.baseline else "no difference"
    print(f"\nnot proven: {', '.join(bad)}" if bad else f"\n{good}")
    return 1 if bad else 0


def stop(number: int, _frame: object) -> NoReturn:
    """End in a way which lets everything that is under way clean up."""
    sys.exit(128 + number)


def parse_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    summary = (__doc__ or "").partition("\n")[0]
    parser = argparse.ArgumentParser(description=summary)
    parser.add_argument("--suites", metavar="A,B", help="the suites to run (default: all)")
    parser.add_argument("--list", action="store_true", help="list the suites and exit")
    parser.add_argument("--repeat", type=int, default=1, metavar="N", help="run each suite N times in each way")
    parser.add_argument("--work", type=Path, metavar="DIR", help="keep and reuse files here (default: temporary)")
    parser.add_argument("--keep", action="store_true", help="keep the temporary directory")
    parser.add_argument("--baseline", action="store_true", help="run without --mirror only; mirror is not installed")
    parser.add_argument("--python", default=sys.executable, help="the interpreter of the environments")
    parser.add_argument("--timeout", type=float, default=900, metavar="S", help="seconds that one run may take")
    parser.add_argument(
        "--compare", nargs=2, type=Path, metavar=("A.xml", "B.xml"), help="only compare two JUnit XML files"
    )
    options = parser.parse_args(arguments)
    if options.repeat < 1:
        parser.error("--repeat must be at least 1")
    unknown = set(options.suites.split(",") if options.suites else ()) - {suite.name for suite in SUITES}
    if unknown:
        parser.error(f"no such suite: {', '.join(sorted(unknown))}")
    return options


def select_suites(names: str | None) -> list[Suite]:
    return [suite for suite in SUITES if names is None or suite.name in names.split(",")]


@contextlib.contextmanager
def work_directory(given: Path | None, *, keep: bool) -> Iterator[Path]:
    if given is not None:
        given.mkdir(parents=True, exist_ok=True)
        yield given.resolve()
        return
    temporary = Path(tempfile.mkdtemp(prefix="foreign-suites-")).resolve()
    try:
        yield temporary
    finally:
        if keep:
            print(f"kept: {temporary}")
        else:
            shutil.rmtree(temporary, ignore_errors=True)


def run_suites(
    suites: Iterable[Suite], options: argparse.Namespace, work: Path, wheel: Path | None
) -> tuple[list[Result], list[str]]:
    """The results, and the names of the suites which have none."""
    results: list[Result] = []
    broken: list[str] = []
    for suite in suites:
        print(f"== {suite.name} {suite.version}", flush=True)
        try:
            place = prepare(suite, work, Path(options.python), wheel)
            result = run_suite(suite, place, options.repeat, options.timeout, mirrored=wheel is not None)
        except SuiteError as error:
            print(f"   {error}", flush=True)
            broken.append(suite.name)
        else:
            report(result)
            results.append(result)
    return results, broken


# Preparing


def build_mirror(python: Path, work: Path) -> Path:
    """Build one wheel of this checkout for all environments."""
    target = work / "mirror"
    shutil.rmtree(target, ignore_errors=True)
    pip(python, "wheel", "--no-deps", "--wheel-dir", str(target), str(CHECKOUT))
    return single_file(target, "*.whl")


def prepare(suite: Suite, work: Path, python: Path, wheel: Path | None) -> Place:
    """Make the suite's environment, or reuse the one that an earlier run with the same needs has made."""
    place = Place(work / suite.name)
    stamp = place.root / "prepared"
    needs = "\n".join((suite.version, suite.extras, *suite.requirements))
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != needs:
        shutil.rmtree(place.root, ignore_errors=True)
        make_environment(suite, place, python)
        stamp.write_text(needs, encoding="utf-8")
    if wheel is not None:
        pip(place.python, "install", str(wheel))
        pip(place.python, "install", "--force-reinstall", "--no-deps", str(wheel))
    packages = pip(place.python, "freeze", "--all")
    (place.root / "packages.txt").write_text(packages, encoding="utf-8")
    return place


def make_environment(suite: Suite, place: Place, python: Path) -> None:
    place.root.mkdir(parents=True)
    archive = download(suite, place.root / "sdist", python)
    environment = place.root / "venv"
    if python.resolve() == Path(sys.executable).resolve():
        venv.create(environment, with_pip=True)
    else:
        execute([str(python), "-m", "venv", str(environment)])
    extras = f"[{suite.extras}]" if suite.extras else ""
    pip(place.python, "install", "--prefer-binary", f"{archive}{extras}", *suite.requirements)


def download(suite: Suite, target: Path, python: Path) -> Path:
    """Download the source distribution.

    pip builds its metadata to check it; what it needs for that may come as wheels, hence no ``--no-binary :all:``.
    """
    wanted = f"{suite.name}=={suite.version}"
    pip(python, "download", "--no-deps", "--no-binary", suite.name, "--dest", str(target), wanted)
    return single_file(target, "*.tar.gz")


def single_file(directory: Path, pattern: str) -> Path:
    found = sorted(directory.glob(pattern))
    if len(found) != 1:
        raise SuiteError(f"expected one {pattern} in {directory}, found {len(found)}")
    return found[0]


def pip(python: Path, *arguments: str) -> str:
    return execute([str(python), "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments])


def execute(command: Sequence[str]) -> str:
    """Run a command which must succeed; what it wrote to standard output."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SuiteError(f"{shlex.join(command)} failed:\n{textwrap.indent(done.stdout + done.stderr, '      ')}")
    return done.stdout


def unpack(suite: Suite, place: Place) -> None:
    """Replace the tree by a fresh one."""
    shutil.rmtree(place.tree, ignore_errors=True)
    unpacked = place.root / "unpacked"
    shutil.rmtree(unpacked, ignore_errors=True)
    with tarfile.open(single_file(place.root / "sdist", "*.tar.gz")) as archive:
        archive.extractall(unpacked, filter="data")
    single_file(unpacked, "*").rename(place.tree)
    unpacked.rmdir()
    for name, text in suite.files.items():
        with (place.tree / name).open("x", encoding="utf-8") as stream:
            stream.write(textwrap.dedent(text).lstrip())


# Running


def run_suite(suite: Suite, place: Place, repeat: int, timeout: float, *, mirrored: bool) -> Result:
    """Run the suite ``repeat`` times in each way, taking turns, and compare the runs of each turn."""
    shutil.rmtree(place.results, ignore_errors=True)
    place.results.mkdir()
    plain: list[Run] = []
    with_mirror: list[Run] = []
    for turn in range(1, repeat + 1):
        plain.append(run_once(suite, place, f"without-{turn}", (), timeout))
        if mirrored:
            with_mirror.append(run_once(suite, place, f"with-{turn}", MIRROR_ARGUMENTS, timeout))
    differences = [
        difference
        for before, after in zip(plain, with_mirror, strict=False)
        for difference in junit.compare(before.outcomes, after.outcomes)
    ]
    return Result(suite, plain, with_mirror, differences, find_faults(suite, plain, with_mirror))


def run_once(suite: Suite, place: Place, name: str, arguments: Sequence[str], timeout: float) -> Run:
    unpack(suite, place)
    report_file = place.results / f"{name}.xml"
    log = place.results / f"{name}.log"
    command = pytest_command(suite, place, report_file, arguments)
    print(f"   cd {shlex.quote(str(place.tree))} && {shell_command(suite, command)}", flush=True)
    start = time.perf_counter()
    status = call(command, place.tree, suite_environment(suite), log, timeout)
    seconds = time.perf_counter() - start
    output = log.read_text(encoding="utf-8", errors="replace")
    if status not in COMPLETE or not report_file.exists():
        tail = textwrap.indent("\n".join(output.splitlines()[-30:]), "      ")
        raise SuiteError(f"{name}: pytest exited with {status} after {seconds:.0f} s, see {log}\n{tail}")
    outcomes = junit.read_outcomes(report_file)
    print(f"   {name}: {junit.describe(junit.totals(outcomes))} in {seconds:.1f} s", flush=True)
    return Run(outcomes, seconds, output)


def pytest_command(suite: Suite, place: Place, report_file: Path, arguments: Sequence[str]) -> list[str]:
    extra = [argument.value for argument in suite.arguments]
    own = (*PYTEST_ARGUMENTS, f"--junitxml={report_file}")
    return [str(place.python), "-m", "pytest", *own, *extra, *arguments, *suite.paths]


def shell_command(suite: Suite, command: Sequence[str]) -> str:
    """The command as one can repeat it by hand."""
    return shlex.join([*(f"{name}={value}" for name, value in suite.environment.items()), *command])


def suite_environment(suite: Suite) -> dict[str, str]:
    environment = {name: value for name, value in os.environ.items() if name not in UNWANTED_VARIABLES}
    return environment | {"PYTHONHASHSEED": "0", **suite.environment}


def call(command: Sequence[str], directory: Path, environment: Mapping[str, str], log: Path, timeout: float) -> int:
    """Run a command, its output in ``log``; where it takes too long, what it started ends with it."""
    with log.open("wb") as stream:
        process = subprocess.Popen(
            command,
            cwd=directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            return process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise SuiteError(f"no end within {timeout:g} s, see {log}") from None
        finally:
            if process.poll() is None:
                end_session(process)


def end_session(process: subprocess.Popen[bytes]) -> None:
    if os.name == "nt":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


# Judging


def find_faults(suite: Suite, plain: Sequence[Run], mirrored: Sequence[Run]) -> list[str]:
    """Why the runs prove nothing, although they may be equal."""
    faults = [f"{few} tests, expected at least {suite.at_least}" for few in map(count, plain) if few < suite.at_least]
    for run in mirrored:
        numbers = mirror_numbers(run.output)
        if numbers is None:
            faults.append("no summary line of mirror in the output")
        elif numbers["made"] != numbers["published"] + numbers["failed"] + numbers["ignored"]:
            faults.append(f"mirror's numbers do not add up: {numbers}")
        elif not numbers["published"]:
            faults.append(f"mirror published nothing: {numbers}")
    return faults


def count(run: Run) -> int:
    return junit.totals(run.outcomes).total()


def mirror_numbers(output: str) -> dict[str, int] | None:
    """The numbers in mirror's summary line, the last one where a suite's own output has more."""
    found = list(MIRROR_SUMMARY.finditer(output))
    return {name: int(number) for name, number in found[-1].groupdict().items()} if found else None


def unexpected_failures(suite: Suite, outcomes: Mapping[str, Counter[str]]) -> list[str]:
    bad = (test for test, counter in outcomes.items() if counter["failed"] or counter["error"])
    return sorted(test for test in bad if test not in suite.known_failures)


# Reporting


def report(result: Result) -> None:
    report_differences(result.differences)
    for fault in result.faults:
        print(f"   FAULT {fault}")
    first = result.plain[0]
    for test in unexpected_failures(result.suite, first.outcomes):
        print(f"   fails without mirror, for an unknown reason: {test}")
    for later in result.plain[1:]:
        for difference in junit.compare(first.outcomes, later.outcomes):
            print(f"   unstable without mirror: {difference}")


def report_differences(differences: Sequence[junit.Difference]) -> int:
    """Print them; how many there are."""
    for difference in differences:
        print(f"   DIFFERS {difference}")
    return len(differences)


def table_row(result: Result) -> tuple[str, ...]:
    suite = result.suite
    outcomes = junit.describe(junit.totals(result.plain[0].outcomes))
    without = statistics.median(run.seconds for run in result.plain)
    row = (suite.name, suite.version, str(count(result.plain[0])), outcomes)
    if not result.mirrored:
        return (*row, "-", f"{without:.1f} s", *("-" * (2 + len(NUMBERS))))
    mirrored = statistics.median(run.seconds for run in result.mirrored)
    numbers = mirror_numbers(result.mirrored[-1].output) or {}
    times = (f"{without:.1f} s", f"{mirrored:.1f} s", f"{mirrored / without:.2f}")
    made = (str(numbers.get(name, "?")) for name in NUMBERS)
    return (*row, str(len(result.differences)), *times, *made)


def print_table(rows: Sequence[Sequence[str]]) -> None:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


if __name__ == "__main__":
    sys.exit(main())
