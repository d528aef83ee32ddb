"""A family file and everything that it names, checked as far as this machine can: what is wrong, where, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import attrs

from edgeadapt.errors import FamilyYamlError
from edgeadapt.registry.family import ModelFamily
from edgeadapt.registry.yaml_loader import family_problems
from edgeadapt.registry.yaml_tree import Mapping, Sequence, parse_tree, read_text
from edgeadapt.tooling.variant_checks import checks_of
from edgeadapt.tooling.variant_trial import VariantTrial, try_variant

Told = Callable[["CheckedVariant"], None]


@attrs.frozen
class Problem:
    """One thing that is wrong: its place, `FILE:LINE` or `FILE`, the variant that it is of if any, and what, with a remedy."""

    place: str
    variant: str | None
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


@attrs.frozen
class CheckedVariant:
    """A variant's trial, and what was checked in each stage."""

    trial: VariantTrial
    checks: tuple[tuple[str, str], ...]


@attrs.frozen
class FamilyCheck:
    """What came of all; `family` is None for a file that is wrong, of which nothing was tried then."""

    path: str
    family: ModelFamily | None
    variants: tuple[CheckedVariant, ...]
    problems: tuple[Problem, ...]


def check_family(path: str, told: Told = lambda _: None) -> FamilyCheck:
    """Check a family file, then each variant in a process of its own, `told` as each is done.

    Raises FamilyYamlError for a file that can't be read.
    """
    wrong = family_problems(path)
    if wrong:
        return FamilyCheck(path, None, (), tuple(_of_yaml(path, error) for error in wrong))
    family = ModelFamily.from_yaml(path)
    lines = dict(_lines(path))
    checked: list[CheckedVariant] = []
    problems: list[Problem] = []
    reference = None
    for variant in family:
        checks = tuple(checks_of(family, variant, reference))
        trial = try_variant(path, variant, family.activation.load_timeout_s, reference)
        if family.contract is None and reference is None and trial.works:
            reference = trial.own
        each = CheckedVariant(trial, checks)
        checked.append(each)
        told(each)
        if trial.stage:
            line = lines.get(variant.name)
            place = path if line is None else f"{path}:{line}"
            text = f"variant `{variant.name}` fails while {trial.stage}: {trial.reason}"
            problems.append(Problem(place, variant.name, text))
    return FamilyCheck(path, family, tuple(checked), tuple(problems))


def _of_yaml(path: str, error: FamilyYamlError) -> Problem:
    place = path if error.line is None else f"{path}:{error.line}"
    return Problem(place, None, str(error).removeprefix(f"{place}: "))


def _lines(path: str) -> Iterator[tuple[str, int]]:
    """Yield each variant's name and the line that it begins on."""
    root = parse_tree(path, read_text(path))
    entries = {key.text: node for key, node in root.entries} if isinstance(root, Mapping) else {}
    variants = entries.get("variants")
    for node in variants.items if isinstance(variants, Sequence) else ():
        if isinstance(node, Mapping):
            yield from (
                (str(getattr(value, "text", "")), node.line)
                for key, value in node.entries
                if key.text == "name"
            )
