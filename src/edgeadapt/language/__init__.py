"""Policy text to a program: parse, check, compile. Nothing that runs a program imports this package."""

from edgeadapt.language.compiler import compile_policy, compile_text, lint_text

__all__ = ["compile_policy", "compile_text", "lint_text"]
