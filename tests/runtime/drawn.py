"""Policies and traces drawn at random: as the oracle's plain data, and as the text that says the same."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.runtime.world import S

INPUTS = ("x", "y", "z")
VARIANTS = ("a", "b", "c", "d")
# Few values, so that edges are met exactly, and often.
VALUES = (0, 1, 2, 3, 4, 5, 6, None)
DURATIONS = (0, 0, 1, 2, 3, 5)


def draw_policy(random: Random) -> dict[str, Any]:
    """Draw a policy; its rules' and the guard's durations may be set anew by `draw_durations`."""
    lets = {f"let_{i}": _condition(random, 2, ()) for i in range(random.randint(0, 2))}
    policy: dict[str, Any] = {
        "lets": lets,
        "rules": [_rule(random, f"rule_{i}", tuple(lets)) for i in range(random.randint(1, 4))],
        "otherwise": random.choice(VARIANTS),
        "family": {name: random.choice((None, 1, 2, 3, 4)) for name in VARIANTS},
        "has_guard": random.random() < 0.8,
        "counts": [random.randint(0, 3) for _ in range(random.randint(0, 2))],
    }
    draw_durations(policy, random)
    return policy


def draw_durations(policy: dict[str, Any], random: Random) -> dict[str, str]:
    """Set every duration of a policy anew, and return them as overrides of its parameters."""
    params = {}
    for rule in policy["rules"]:
        for word in ("for", "linger", "hold", "cooldown"):
            seconds = random.choice(DURATIONS)
            rule[word] = seconds * S
            params[f"{word}_{rule['name']}"] = f"{seconds} s"
    guard_cooldown = random.choice(DURATIONS) if policy["has_guard"] else 0
    policy["cooldown"] = guard_cooldown * S
    windows = [random.choice((1, 2, 5, 8)) for _ in policy["counts"]]
    policy["limits"] = (
        [(count, w * S) for count, w in zip(policy["counts"], windows, strict=True)]
        if policy["has_guard"]
        else []
    )
    params["guard_cooldown"] = f"{guard_cooldown} s"
    params.update((f"window_{i}", f"{window} s") for i, window in enumerate(windows))
    return params


def _rule(random: Random, name: str, lets: tuple[str, ...]) -> dict[str, Any]:
    names = tuple(random.sample(VARIANTS, random.randint(1, 2)))
    ranked = ("highest", random.choice((None, None, 0, 1, 2)))
    return {
        "name": name,
        "when": _condition(random, 2, lets),
        "until": _condition(random, 1, lets) if random.random() < 0.5 else None,
        "urgent": random.random() < 0.25,
        "use": ranked if random.random() < 0.3 else ("names", names),
    }


def _condition(random: Random, depth: int, lets: tuple[str, ...]) -> Any:
    kind = random.choice(("cmp", "cmp", "and", "or", "not", "let")) if depth else "cmp"
    if kind == "let" and lets:
        return ("let", random.choice(lets))
    if kind == "not":
        return ("not", _condition(random, depth - 1, lets))
    if kind in ("and", "or"):
        return (kind, _condition(random, depth - 1, lets), _condition(random, depth - 1, lets))
    width = random.choice((None, None, 0, 1, 2))
    return ("cmp", random.choice(INPUTS), random.choice(("<", "<=", ">", ">=")), random.randint(1, 5), width)


def text_of(policy: dict[str, Any]) -> str:
    """Write a policy, its durations as parameters."""
    lines = [f"input {name}: number" for name in INPUTS]
    words = ("for", "linger", "hold", "cooldown")
    lines += [f"param {word}_{rule['name']} = 0 s" for rule in policy["rules"] for word in words]
    lines += [
        "param guard_cooldown = 0 s",
        *(f"param window_{i} = 1 s" for i in range(len(policy["counts"]))),
    ]
    lines += [f"let {name} = {_words(condition)}" for name, condition in policy["lets"].items()]
    for rule in policy["rules"]:
        lines += [f"rule {rule['name']} {{ when {_words(rule['when'])}"]
        lines += [] if rule["until"] is None else [f"until {_words(rule['until'])}"]
        lines += [f"{word} {word}_{rule['name']}" for word in words]
        lines += ["urgent"] if rule["urgent"] else []
        lines += [f"use {_use(rule['use'])} }}"]
    lines += [f"otherwise use {policy['otherwise']}"]
    if policy["has_guard"]:
        limits = (f"at most {count} swaps per window_{i}" for i, count in enumerate(policy["counts"]))
        lines += ["guard { cooldown guard_cooldown", *limits, "}"]
    return "\n".join(lines)


def _words(condition: Any) -> str:
    match condition:
        case ("cmp", name, op, threshold, width):
            return f"{name} {op} {threshold}" + ("" if width is None else f" band {width}")
        case ("let", name):
            return str(name)
        case ("not", part):
            return f"not ({_words(part)})"
        case (word, left, right):
            return f"({_words(left)}) {word} ({_words(right)})"
    raise AssertionError(condition)


def _use(use: Any) -> str:
    if use[0] == "names":
        return " else ".join(use[1])
    return "highest variant.score" + ("" if use[1] is None else f" tolerance {use[1]}")


def draw_step(random: Random, t: int) -> tuple[int, dict[str, float | None], set[str]]:
    """Draw a step after time `t`: its time in ns, inputs, and the variants that are missing."""
    later = t + random.choice((0, 1, S - 1, S, S, S, S + 1, 2 * S, 3 * S))
    if random.random() < 0.05:
        later = t - random.choice((1, S, 3 * S))
    missing = {name for name in VARIANTS if random.random() < 0.1}
    return later, {name: random.choice(VALUES) for name in INPUTS}, missing
