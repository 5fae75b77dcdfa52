"""``hilum doctor``: does everything work here, and if not, what to do."""

import json
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray
from packaging.requirements import Requirement

from model.errors import Misconfigured, NotReadable
from model.radiograph import Radiograph
from model.reader import Reader
from model.reading import Reading
from model.weights import DEFAULT
from serving.checks import Check, Level
from serving.codec_checks import SYNTAXES, decodes
from serving.peers import parse_peers
from serving.place_checks import place_checks
from serving.service_checks import service_checks
from serving.settings import LOOPBACK, Settings
from serving.tls import days_left, https_context, receiver_context

_OLDEST_PYTHON = (3, 11)
_LEAST_BYTES = 2**30
#: A certificate is said to expire so long before.
_LEAST_DAYS = 30
_SELF_TEST_SIDE = 2048
_SELF_TESTS = 3


def examine(settings: Settings) -> list[Check]:
    """Look at everything; slow parts are a second or two."""
    here = [_python(), *_packages(), _training(), *_reader(settings.weights or DEFAULT), *_codecs(), _memory()]
    return [
        *here,
        _disk(settings),
        c_store_check(settings),
        *_certificates(settings),
        *place_checks(settings),
        *service_checks(settings),
    ]


def report(checks: list[Check]) -> str:
    """The checks for a terminal, and the verdict."""
    lines = [_line(check) for check in checks]
    wrong, warned = (sum(check.level is level for check in checks) for level in (Level.WRONG, Level.WARN))
    verdict = click.style(f"{wrong} wrong.", fg="red") if wrong else click.style("Everything works.", fg="green")
    warning = click.style(f" {warned} to look at.", fg="yellow") if warned else ""
    return "\n".join([*lines, "", verdict + warning])


def report_json(checks: list[Check]) -> str:
    """The same for a program: one JSON object."""
    found = [
        {"name": check.name, "level": str(check.level), "words": check.words, "cure": "" if check.right else check.cure}
        for check in checks
    ]
    worst = next((level for level in (Level.WRONG, Level.WARN) if level in {one.level for one in checks}), Level.OK)
    return json.dumps({"verdict": str(worst), "checks": found}, ensure_ascii=False)


_MARKS = {
    Level.OK: click.style("ok   ", fg="green"),
    Level.WARN: click.style("warn ", fg="yellow"),
    Level.WRONG: click.style("WRONG", fg="red", bold=True),
}


def _line(check: Check) -> str:
    mark = _MARKS[check.level]
    cure = f"\n        {check.cure}" if check.cure and not check.right else ""
    return f"{mark} {check.name:<28} {check.words}{cure}"


def _python() -> Check:
    right = sys.version_info[:2] >= _OLDEST_PYTHON
    words = f"{platform.python_version()} on {platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    return Check(name="Python", right=right, words=words, cure="Install Python 3.11 or newer.")


def _packages() -> Iterator[Check]:
    yield Check(name="hilum", right=True, words=version("hilum"))
    for text in requires("hilum") or []:
        requirement = Requirement(text)
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        yield _package(requirement)


def _package(requirement: Requirement) -> Check:
    cure = f"pip install '{requirement}'"
    try:
        found = version(requirement.name)
    except PackageNotFoundError:
        return Check(name=requirement.name, right=False, words="not installed", cure=cure)
    fits = requirement.specifier.contains(found, prereleases=True)
    words = found if fits else f"{found}, but must be {requirement.specifier}"
    return Check(name=requirement.name, right=fits, words=words, cure=cure)


def _training() -> Check:
    try:
        words = f"installed (torch {version('torch')})"
    except PackageNotFoundError:
        words = "not installed; serving does not need it"
    return Check(name="training (hilum[train])", right=True, words=words)


def _reader(manifest: Path) -> Iterator[Check]:
    cure = "Install hilum again, or name the manifest of whole weights with --weights."
    try:
        reader = Reader.load(manifest)
    except Misconfigured as error:
        yield Check(name="weights", right=False, words=str(error), cure=cure)
        return
    facts = reader.manifest
    words = f"{reader.name}, {facts.precision}, {facts.input_size} px, {len(facts.findings)} findings"
    yield Check(name="weights", right=True, words=f"{words}; SHA-256 {facts.sha256[:16]}… and shapes fit the manifest")
    yield _self_test(reader)


def _self_test(reader: Reader) -> Check:
    """Read a drawn chest a few times: the answers must agree. Whether it passes the gate does not matter."""
    radiograph = Radiograph(pixels=_drawn_chest(_SELF_TEST_SIDE), view="PA")
    answers, seconds = [], []
    for _ in range(_SELF_TESTS):
        began = time.perf_counter()
        answers.append(_answer(reader, radiograph))
        seconds.append(time.perf_counter() - began)
    words = f"{sorted(seconds)[_SELF_TESTS // 2] * 1000:.0f} ms for {_SELF_TEST_SIDE} x {_SELF_TEST_SIDE} pixels"
    cure = "The same radiograph must give the same reading. Check the machine's memory."
    return Check(name="self-test reading", right=len(set(answers)) == 1, words=words, cure=cure)


def _answer(reader: Reader, radiograph: Radiograph) -> tuple[object, ...]:
    try:
        reading: Reading = reader.read(radiograph)
    except NotReadable as error:
        return (error.code,)
    return tuple(finding.probability for finding in reading.findings)


def _drawn_chest(side: int) -> NDArray[np.float32]:
    """Two dark lungs, a bright middle: float32 (side, side), 0..1."""
    rows, columns = np.mgrid[0:side, 0:side].astype(np.float32) / side
    lungs = sum(np.exp(-(((columns - x) / 0.13) ** 4) - ((rows - 0.45) / 0.27) ** 4) for x in (0.3, 0.7))
    return np.asarray(np.clip(0.75 - 0.5 * lungs, 0, 1), dtype=np.float32)


def _codecs() -> Iterator[Check]:
    cure = "Install hilum again: pip install --force-reinstall hilum"
    for syntax in SYNTAXES:
        words = decodes(syntax)
        yield Check(name=syntax.name, right=words is None, words=words or "decodes", cure=cure)


def _memory() -> Check:
    """On Linux, what is available; elsewhere what is built in."""
    file = Path("/proc/meminfo")
    if file.is_file():
        kibibytes = next(line.split()[1] for line in file.read_text().splitlines() if line.startswith("MemAvailable"))
        available = int(kibibytes) * 1024
    else:
        available = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    words = f"{available / 2**30:.1f} GiB available"
    return Check(name="memory", right=available >= _LEAST_BYTES, words=words, cure="Free at least 1 GiB of memory.")


def c_store_check(settings: Settings) -> Check:
    """Who is served by C-STORE: beyond this machine, not everybody should be."""
    where = f"{settings.dimse_host}:{settings.dimse_port}"
    try:
        known = parse_peers(settings.peers)
    except Misconfigured as error:
        return Check(name="C-STORE", right=False, words=str(error), cure="See docs/settings.md.")
    if not settings.dimse_port:
        return Check(name="C-STORE", right=True, words="not listened for")
    who = f"{len(known)} peers" if known else "everybody"
    right = bool(known) or settings.dimse_host in LOOPBACK
    cure = "Name those who may send in HILUM_PEERS, best with their addresses, or listen on 127.0.0.1."
    return Check(name="C-STORE", right=right, words=f"{where} serves {who}", cure=cure)


def _certificates(settings: Settings) -> Iterator[Check]:
    ours = {
        "HTTPS": (https_context, settings.tls_certificate),
        "DICOM TLS": (receiver_context, settings.dimse_tls_certificate),
    }
    for name, (context, certificate) in ours.items():
        try:
            context(settings)
        except Misconfigured as error:
            yield Check(name=name, right=False, words=str(error), cure="See docs/deploy.md.")
            continue
        if certificate is not None:
            days = days_left(certificate)
            words = f"our certificate expires in {days:.0f} days" if days > 0 else "our certificate has expired"
            yield Check(name=name, right=days > _LEAST_DAYS, words=words, cure="Have it renewed in the same files.")


def _disk(settings: Settings) -> Check:
    place = settings.data if settings.data.is_dir() else Path(tempfile.gettempdir())
    least = max(_LEAST_BYTES, settings.min_free_bytes)
    free = shutil.disk_usage(place).free
    words = f"{free / 2**30:.1f} GiB free for {place}"
    cure = f"Free at least {least / 2**30:.1f} GiB, set HILUM_KEEP_DAYS, or move HILUM_DATA: nothing is received."
    return Check(name="disk", right=free >= least, words=words, cure=cure)
