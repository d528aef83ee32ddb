"""`edgeadapt compile`: a policy text as the bytes that a device runs without the language."""

from __future__ import annotations

import os
import sys

import click

from edgeadapt.cli.arguments.family import family_not_found, family_option
from edgeadapt.cli.arguments.options import file_option, param_option, policy_argument
from edgeadapt.cli.arguments.policy_text import STDIN
from edgeadapt.cli.failure import GOOD, Misuse
from edgeadapt.cli.output.terminal import printable, say, tell
from edgeadapt.wording import shown


@click.command("compile")
@policy_argument
@file_option("-o", "--output", "output", required=True, help="Where to; - is stdout.")
@family_option("Check the policy against this family instead of the one that it names.")
@param_option
def compile_(policy: str, output: str, family_path: str | None, params: tuple[str, ...]) -> int:
    r"""Compile POLICY to a file that runs without the language: smaller to load, checked before it is shipped.

    POLICY may be - for stdin, or compiled already, to set its parameters anew. A policy that names its family is checked
    against it: the family's NAME.yaml is looked for beside the policy, then in families/ and ../families. FILE gets
    its content in one stroke, or keeps what it had; what is no compiled policy is never written over.

    \b
    Examples:
      edgeadapt compile phone.eap -o phone.eapc
      edgeadapt compile phone.eap -o quick.eapc --param latency_budget=25ms
      edgeadapt run phone.eapc --family digits.yaml

    Exit codes: 0 compiled; 1 the policy has errors; 2 wrong use, or something could not be read or written.
    """
    # Imported here, so that `--help` and a wrong call cost nothing of it.
    from edgeadapt.cli.arguments.policy import find_program
    from edgeadapt.program.compiled import is_compiled_file, to_bytes

    if output != STDIN and os.path.isdir(output):
        raise Misuse(f"{shown(output)} is a folder", "give the path of a file, such as phone.eapc")
    # Most likely it is the policy's own text, of which there may be no other copy.
    if os.path.isfile(output) and os.path.getsize(output) and not is_compiled_file(output):
        remedy = "give another path, such as phone.eapc, or delete it first"
        raise Misuse(f"{shown(output)} is there already, and is no compiled policy", remedy)
    found = find_program(policy, family_path, params)
    if found.family is None and found.asks_for is not None:
        problem, remedy = family_not_found(policy, found.asks_for)
        tell("note", f"{policy}: {problem}, so its variants are unchecked; {remedy}")
    data = to_bytes(found.program)
    if output == STDIN:
        sys.stdout.buffer.write(data)
        return GOOD
    # Whoever needs no file needs no temporary one.
    from edgeadapt.registry.file_replacement import replace_file

    try:
        if os.path.exists(output) and not os.path.isfile(output):
            # A device or a pipe is written to as it is.
            with open(output, "wb") as file:
                file.write(data)
        else:
            replace_file(output, data)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise Misuse(f"cannot write {shown(output)}: {reason}") from None
    say(
        f"compiled policy {found.program.name} to {printable(output)}: {len(data)} bytes, digest {found.program.digest[:12]}"
    )
    return GOOD
