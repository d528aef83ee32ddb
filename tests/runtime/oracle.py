"""Section 5 a second time, from the page and not from the code: slow, naive and made of dictionaries.

A policy is plain data:

    inputs: names of the numeric inputs
    lets:   name -> condition
    rules:  [{name, when, until, for, linger, hold, cooldown (ns), urgent, use}]
    otherwise: a variant;  cooldown: ns;  limits: [(count, window in ns)];  family: {variant: score or None}

A condition is ("cmp", input, op, threshold, width or None), ("and" | "or", a, b), ("not", a), ("let", name); a use is
("names", (variant, …)), tried in order, or ("highest", tolerance).
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any


def to_ns(seconds: float) -> int:
    return round(Fraction(seconds) * 10**9)


class Oracle:
    def __init__(self, policy: Mapping[str, Any]) -> None:
        self.policy = policy
        self.bands: dict[str, bool] = {}
        self.rules = [
            {"active": False, "since": None, "ended": None, "entry": None, "exit": None}
            for _ in policy["rules"]
        ]
        self.active: str | None = None
        self.swaps: list[int] = []
        self.last: int | None = None

    def step(self, timestamp: float, inputs: Mapping[str, float | None], missing: set[str]) -> dict[str, Any]:
        t = to_ns(timestamp)
        if self.last is not None and t < self.last:
            t = self.last
        self.last = t
        for place, condition in self._conditions():
            self._advance_bands(place, condition, inputs)
        for memory, rule in zip(self.rules, self.policy["rules"], strict=True):
            self._advance(memory, rule, inputs, t)
        winner, target, urgent = self._winner(missing)
        reason = self._reason(target, urgent, t)
        phases = {
            rule["name"]: _phase(memory)
            for memory, rule in zip(self.rules, self.policy["rules"], strict=True)
        }
        return {
            "target": self.active if target is None else target,
            "rule": winner,
            "reason": reason,
            "phases": phases,
        }

    def commit(self, variant: str, at: int) -> None:
        if self.active is not None and self.active != variant:
            self.swaps.append(at)
        self.active = variant

    def _conditions(self) -> list[tuple[str, Any]]:
        found = [(f"let {name}", condition) for name, condition in self.policy["lets"].items()]
        for rule in self.policy["rules"]:
            found.append((f"{rule['name']} when", rule["when"]))
            if rule["until"] is not None:
                found.append((f"{rule['name']} until", rule["until"]))
        return found

    def _advance_bands(self, place: str, condition: Any, inputs: Mapping[str, float | None]) -> None:
        if condition[0] == "cmp" and condition[4] is not None:
            _, name, op, b, w = condition
            a, now = inputs[name], self.bands.get(place, False)
            if a is not None and not now:
                now = _compare(a, op, b)
            elif a is not None:
                now = not {"<": a >= b + w, "<=": a > b + w, ">": a <= b - w, ">=": a < b - w}[op]
            self.bands[place] = now
        elif condition[0] in ("and", "or", "not"):
            for index, part in enumerate(condition[1:]):
                self._advance_bands(f"{place}.{index}", part, inputs)

    def _truth(self, place: str, condition: Any, inputs: Mapping[str, float | None]) -> bool | None:
        match condition:
            case ("cmp", name, op, b, None):
                return None if inputs[name] is None else _compare(inputs[name], op, b)
            case ("cmp", _, _, _, _):
                return self.bands[place]
            case ("let", name):
                return self._truth(f"let {name}", self.policy["lets"][name], inputs)
            case ("not", part):
                inner = self._truth(f"{place}.0", part, inputs)
                return None if inner is None else not inner
            case (word, *parts):
                truths = [self._truth(f"{place}.{i}", part, inputs) for i, part in enumerate(parts)]
                decisive = word == "or"
                return decisive if decisive in truths else None if None in truths else not decisive
        raise AssertionError(condition)

    def _advance(
        self, memory: dict[str, Any], rule: Mapping[str, Any], inputs: Mapping[str, float | None], t: int
    ) -> None:
        e = self._truth(f"{rule['name']} when", rule["when"], inputs)
        has_until = rule["until"] is not None
        x = self._truth(f"{rule['name']} until", rule["until"], inputs) if has_until else e is not True
        if not memory["active"]:
            if e is True and (not has_until or x is not True):
                if memory["entry"] is None:
                    memory["entry"] = t
            else:
                memory["entry"] = None
            ran = memory["entry"] is not None and t - memory["entry"] >= rule["for"]
            if ran and (memory["ended"] is None or t - memory["ended"] >= rule["cooldown"]):
                memory.update(active=True, since=t, entry=None)
        else:
            if x is True:
                if memory["exit"] is None:
                    memory["exit"] = t
            else:
                memory["exit"] = None
            ran = memory["exit"] is not None and t - memory["exit"] >= rule["linger"]
            if ran and t - memory["since"] >= rule["hold"]:
                memory.update(active=False, ended=t, entry=None, exit=None)

    def _winner(self, missing: set[str]) -> tuple[str, str | None, bool]:
        for memory, rule in zip(self.rules, self.policy["rules"], strict=True):
            if memory["active"]:
                target = self._use(rule["use"], missing)
                if target is not None:
                    return rule["name"], target, rule["urgent"]
        last = self.policy["otherwise"]
        return "otherwise", None if last in missing else last, False

    def _use(self, use: Any, missing: set[str]) -> str | None:
        if use[0] == "names":
            return next((name for name in use[1] if name not in missing), None)
        scores = {v: s for v, s in self.policy["family"].items() if s is not None and v not in missing}
        if not scores:
            return None
        best = max(scores.values())
        if use[1] is not None and self.active in scores and best - scores[self.active] <= use[1]:
            return self.active
        return next(v for v, s in scores.items() if s == best)

    def _reason(self, target: str | None, urgent: bool, t: int) -> str:
        if target is None:
            return "NO_CANDIDATE"
        if self.active is None:
            return "ADOPTED"
        if target == self.active:
            return "UNCHANGED"
        ages = [max(0, t - at) for at in self.swaps]
        if not urgent:
            if any(age < self.policy["cooldown"] for age in ages):
                return "SWAP_SUPPRESSED_COOLDOWN"
            for count, window in self.policy["limits"]:
                if sum(age < window for age in ages) >= count:
                    return "SWAP_SUPPRESSED_RATE"
        return "SWAP_POLICY_RECOMMEND"


def _compare(a: float, op: str, b: float) -> bool:
    return {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[op]


def _phase(memory: Mapping[str, Any]) -> str:
    if memory["active"]:
        return "active" if memory["exit"] is None else "ending"
    return "idle" if memory["entry"] is None else "pending"
