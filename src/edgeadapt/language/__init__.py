"""Policy text to a program: parse, check, compile. Nothing that runs a program imports this package."""

from edgeadapt.language.compiler import compile_policy, compile_text, lint_text
from edgeadapt.language.policy_file import decode_policy, read_policy

__all__ = ["compile_policy", "compile_text", "decode_policy", "lint_text", "read_policy"]
