"""The environment's report as a table for a person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from edgeadapt.cli.output.columns import columns, wrapped
from edgeadapt.cli.output.terminal import printable

_NOTHING = "none"


def environment_lines(report: dict[str, Any]) -> Iterator[str]:
    """Lay out what `environment_report` returned: the facts, then what is unknown, notes and problems."""
    yield from columns([(name, printable(value)) for name, value in _facts(report)])
    yield ""
    yield "Backends and extras:"
    yield from columns([(name, printable(state)) for name, state in _optional(report)], indent="  ")
    profiler = report["profiler"]
    unknown = [(name, why) for name, why in profiler["reasons"].items() if name in profiler["signals"]]
    if unknown:
        yield ""
        yield "Unknown here:"
        yield from columns([(name, printable(why)) for name, why in unknown], indent="  ")
    if report["notes"]:
        yield ""
        for note in report["notes"]:
            yield from wrapped("note: ", printable(note))
    yield ""
    if not report["problems"]:
        yield "no problems"
    for found in report["problems"]:
        yield from wrapped("problem: ", printable(f"{found['problem']}; {found['remedy']}"))


def _facts(report: dict[str, Any]) -> Iterator[tuple[str, str]]:
    ours, python, system = report["edgeadapt"], report["python"], report["platform"]
    yield "edgeadapt", f"{ours['version'] or 'not installed as a package'}, {ours['folder']}"
    yield "native core", ours["core"]["path"] or f"does not load: {ours['core']['error']}"
    yield "Python", f"{python['implementation']} {python['version']}, {python['executable']}"
    parts = (system["system"], system["release"], system["machine"], system["libc"])
    yield "platform", " ".join(part for part in parts if part)
    yield from _runtime(report["onnxruntime"])
    memory, cores = report["memory"], report["processors"]
    limits = [f"machine {_mb(memory['machine_mb'])}", f"available {_mb(memory['available_mb'])}"]
    if memory["cgroup_mb"] is not None:
        limits.insert(1, f"cgroup {_mb(memory['cgroup_mb'])}")
    yield "memory", ", ".join(limits)
    counts = [f"machine {cores['machine']}"]
    counts += [f"{word} {cores[word]:g}" for word in ("usable", "cgroup") if cores[word] is not None]
    yield "processors", ", ".join(counts)
    yield from _kernel(report["kernel"])
    yield "cache", _cache(report["cache"])
    profiler = report["profiler"]
    known = [name for name, value in profiler["signals"].items() if value is not None]
    yield "profiler", f"{profiler['name'] or _NOTHING}: {', '.join(known) or _NOTHING}"
    required = report["packages"]["required"]
    yield (
        "packages",
        ", ".join(f"{name} {version or 'missing'}" for name, version in required.items()) or "unknown",
    )


def _kernel(kernel: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "pressure files", ", ".join(kernel["pressure"]["files"]) or _NOTHING
    cgroup = kernel["cgroup"]
    version = "none to be seen" if cgroup["version"] is None else f"version {cgroup['version']}"
    yield "cgroup", ": ".join(filter(None, (version, ", ".join(cgroup["controllers"]))))
    yield (
        "control socket",
        "Unix sockets can be made" if kernel["control_socket"]["supported"] else "not here",
    )


def _cache(cache: dict[str, Any]) -> str:
    if cache["folder"] is None:
        return _NOTHING
    kept = [f"{name} {size / 1e3:.3g} kB" for name, size in cache["kept"].items() if size is not None]
    return f"{cache['folder']}: {', '.join(kept) or 'empty yet'}"


def _optional(report: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each backend, and each extra that is not one, with its version or the line that installs it."""
    for tag, backend in report["backends"].items():
        yield (
            f"backend {tag}",
            backend["missing"] or f"{backend['module']} {backend['version'] or ''}".rstrip(),
        )
    for name, extra in report["extras"].items():
        if name in report["backends"]:
            continue
        here = f"{extra['package']} {extra['version']}"
        yield name, here if extra["version"] else f"missing, for {extra['for']}: {extra['install']}"


def _runtime(runtime: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if runtime["error"]:
        yield "onnxruntime", f"cannot be imported: {runtime['error']}"
    else:
        yield "onnxruntime", f"{runtime['version']}, {runtime['module']}"
        yield "providers", ", ".join(runtime["providers"]) or _NOTHING
    if runtime["activation"] == "native":
        yield "models run", f"natively, by {runtime['library']}"
    elif runtime["activation"] == "python":
        yield "models run", f"through Python: {runtime['reason']}"
    else:
        yield "models run", f"not at all: {runtime['reason']}"


def _mb(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.0f} MB"
