"""Policies as the engine takes them: `.eap` rules, Python functions, and a guard around either."""

from edgeadapt.policy.base import BasePolicy, LambdaPolicy, PolicySession, SwapHistory, as_policy
from edgeadapt.policy.rule_policy import RulePolicy
from edgeadapt.policy.stability import StabilityGuard

__all__ = [
    "BasePolicy",
    "LambdaPolicy",
    "PolicySession",
    "RulePolicy",
    "StabilityGuard",
    "SwapHistory",
    "as_policy",
]
