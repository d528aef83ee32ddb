"""What SARIF 2.1.0 demands of the objects that EdgeAdapt writes, after the standard, and a check of data against it.

Every object is closed, as in the standard's own schema: a property that is not listed here is a mistake. Of each object
only the properties are listed that EdgeAdapt writes; a star marks those without which the object is not valid.
"""

from collections.abc import Iterator
from typing import Any

LEVELS = ("none", "note", "warning", "error")
POSITIVE = "a positive integer"
# Property -> what it holds: a type, a tuple of words, POSITIVE, an object's name, or a list of one of them.
SHAPES: dict[str, dict[str, Any]] = {
    "sarifLog": {"version*": ("2.1.0",), "$schema": str, "runs*": ["run"]},
    "run": {
        "tool*": "tool",
        "invocations": ["invocation"],
        "columnKind": ("utf16CodeUnits", "unicodeCodePoints"),
        "results": ["result"],
    },
    "tool": {"driver*": "toolComponent"},
    "toolComponent": {"name*": str, "version": str, "rules": ["reportingDescriptor"]},
    "reportingDescriptor": {
        "id*": str,
        "name": str,
        "shortDescription": "multiformatMessageString",
        "help": "multiformatMessageString",
        "defaultConfiguration": "reportingConfiguration",
    },
    "multiformatMessageString": {"text*": str, "markdown": str},
    "reportingConfiguration": {"level": LEVELS},
    "invocation": {"executionSuccessful*": bool, "toolExecutionNotifications": ["notification"]},
    "notification": {"level": LEVELS, "message*": "message"},
    # A message has a text or the id of one; ours have texts.
    "message": {"text*": str},
    "result": {
        "ruleId": str,
        "ruleIndex": int,
        "level": LEVELS,
        "message*": "message",
        "locations": ["location"],
        "relatedLocations": ["location"],
        "fixes": ["fix"],
    },
    "location": {"id": int, "physicalLocation": "physicalLocation", "message": "message"},
    "physicalLocation": {"artifactLocation*": "artifactLocation", "region": "region"},
    "artifactLocation": {"uri*": str},
    "region": {
        "startLine*": POSITIVE,
        "startColumn": POSITIVE,
        "endLine": POSITIVE,
        "endColumn": POSITIVE,
    },
    "fix": {"description": "message", "artifactChanges*": ["artifactChange"]},
    "artifactChange": {"artifactLocation*": "artifactLocation", "replacements*": ["replacement"]},
    "replacement": {"deletedRegion*": "region", "insertedContent": "artifactContent"},
    "artifactContent": {"text": str},
}
# Lists that must not be empty.
FILLED = ("artifactChanges", "replacements")


def violations(log: object) -> list[str]:
    """Return what is wrong with a SARIF log, each with its path; empty where nothing is."""
    return shape_violations(log) or list(_of_rule_indices(log))


def shape_violations(log: object) -> list[str]:
    """Return what the standard's schema would find wrong."""
    return list(_of_value(log, "sarifLog", "log"))


def _of_value(value: object, shape: Any, path: str) -> Iterator[str]:
    if isinstance(shape, list):
        if not isinstance(value, list):
            yield f"{path} is not a list"
            return
        if not value and path.rsplit(".", 1)[-1] in FILLED:
            yield f"{path} is empty"
        for index, item in enumerate(value):
            yield from _of_value(item, shape[0], f"{path}[{index}]")
    elif shape == POSITIVE:
        if type(value) is not int or value < 1:
            yield f"{path} is not {POSITIVE}: {value!r}"
    elif isinstance(shape, tuple):
        if value not in shape:
            yield f"{path} is none of {shape}: {value!r}"
    elif isinstance(shape, type):
        if type(value) is not shape:
            yield f"{path} is not of type {shape.__name__}: {value!r}"
    else:
        yield from _of_object(value, SHAPES[shape], path)


def _of_object(value: object, shape: dict[str, Any], path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{path} is not an object: {value!r}"
        return
    for name, inner in shape.items():
        key = name.rstrip("*")
        if key in value:
            yield from _of_value(value[key], inner, f"{path}.{key}")
        elif name.endswith("*"):
            yield f"{path} has no {key}"
    known = {name.rstrip("*") for name in shape}
    yield from (f"{path} has an unknown {key}" for key in value if key not in known)


def _of_rule_indices(log: Any) -> Iterator[str]:
    """The standard's words beyond its schema: an index leads to the rule of the same id, and rules differ."""
    for run in log.get("runs", []):
        rules = [rule["id"] for rule in run["tool"]["driver"].get("rules", [])]
        if len(rules) != len(set(rules)):
            yield "a rule stands twice"
        for result in run.get("results", []):
            if rules[result["ruleIndex"]] != result["ruleId"]:
                yield f"index {result['ruleIndex']} is not {result['ruleId']}"
