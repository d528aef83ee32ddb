"""The text of a first policy for a family: rules that most devices need, with a test of each, to be changed by its author."""

from __future__ import annotations

import os
import re

from edgeadapt.tooling.new_family import as_name

_NAME = re.compile(r"[a-z_][a-z0-9_]*\Z", re.ASCII)

_HEAD = """\
edition 1

# Begun by `edgeadapt new`; make it yours. The rules are tried from the top, and the first one that is active decides, so
# put what hurts most first. `edgeadapt decisions` shows when which variant serves, `edgeadapt dry-run` why.
policy {name} {{
  family {name}
"""

_SEVERAL = """
  rule hot "cool down first" {{
    when temperature >= 75 °C
    until temperature < 68 °C  # well below where it enters, or it would come and go with every degree
    urgent                     # the guard's pause between swaps does not delay this one
    use {light}
  }}

  rule battery_saver "spare the battery" {{
    when battery < 20% and not charging
    until battery >= 30% or charging
    for 10 s  # one low reading is no low battery
    hold 1 min
    use {light}
  }}

  rule tight "leave memory to the others" {{
    when memory_available < {tight} MB band {band} MB
    linger 30 s  # memory comes back in bursts: wait until it stays
    use {light}
  }}

  # Once the family tells each variant's accuracy, and `edgeadapt benchmark --update` has added what it measures, a ranking
  # can take a name's place, such as `use highest accuracy where latency <= 25 ms else {light}`.
  otherwise use {heavy}

  guard {{
    cooldown 30 s  # between two swaps
  }}

  # A promise that holds whatever the rules say: tests, `edgeadapt fuzz` and the engine watch it.
  property cool {{ never use {heavy} when temperature >= 75 °C }}

  test it_gets_hot {{
    at 0 s:   temperature = 60 °C  expect {heavy}
    at 60 s:  temperature = 75 °C  expect {light}
    at 120 s: temperature = 68 °C  expect {light}
    at 180 s: temperature = 67 °C  expect {heavy}
  }}

  test the_battery_runs_down {{
    at 0 s:   battery = 50%, charging = false  expect {heavy}
    at 60 s:  battery = 19%                    expect {heavy}
    at 70 s:  battery = 19%                    expect {light}
    at 200 s: battery = 29%                    expect {light}
    at 300 s: charging = true                  expect {heavy}
  }}

  test memory_gets_tight {{
    at 0 s:   memory_available = 4 GB         expect {heavy}
    at 60 s:  memory_available = {below} MB   expect {light}
    at 120 s: memory_available = {between} MB expect {light}
    at 180 s: memory_available = 4 GB         expect {light}
    at 220 s: memory_available = 4 GB         expect {heavy}
  }}
}}
"""

_ONE = """
  # With a second variant in the family there is something to choose: see the policies that come with EdgeAdapt.
  otherwise use {heavy}

  test it_serves {{
    at 0 s: battery = 5%, temperature = 80 °C  expect {heavy}
  }}
}}
"""
# The heavy variant's model should fit a few times, and the least is what a small device is short of.
_LEAST_TIGHT_MB = 200
_TIGHT_BY_SIZE = 4


def new_policy(name: str, light: str, heavy: str, heavy_mb: float) -> str:
    """Return a policy's text in its canonical form: `light` where the device suffers, else `heavy`, of so many MB.

    Both may be the same variant, where there is one only.
    """
    # Imported here: the parser takes a while to load.
    from edgeadapt.diagnostics import Source
    from edgeadapt.language.formatter import format_policy
    from edgeadapt.language.parser import parse

    tight = max(_LEAST_TIGHT_MB, round(_TIGHT_BY_SIZE * heavy_mb, -2))
    values = {
        "name": name,
        "light": _quoted(light),
        "heavy": _quoted(heavy),
        "tight": f"{tight:.0f}",
        "band": f"{tight / 2:.0f}",
        "below": f"{tight - 1:.0f}",
        "between": f"{tight + tight / 4:.0f}",
    }
    body = _ONE if light == heavy else _SEVERAL
    return format_policy(parse(Source(f"{name}.eap", (_HEAD + body).format(**values))))


def usual_name(folder: str) -> str:
    """Return what a family and a policy in a folder are called unless somebody says otherwise."""
    from edgeadapt.language.grammar import keywords

    name = as_name(os.path.basename(os.path.abspath(folder)))
    return f"my_{name}" if name in keywords() else name


def _quoted(name: str) -> str:
    from edgeadapt.language.grammar import keywords

    return name if _NAME.match(name) and name not in keywords() else f'"{name}"'
