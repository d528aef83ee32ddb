"""The counters a running engine keeps, each with what it counts: the one list."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# Once nothing loads: attempted = succeeded + failed + superseded + cancelled + timed out.
COUNTERS: Mapping[str, str] = MappingProxyType(
    {
        "swaps_attempted": "loads the engine asked the swapper for",
        "swaps_succeeded": "of these, committed, or brought back by a rollback",
        "swaps_failed": "of these, failed while checking, loading, warming or validating",
        "swaps_superseded": "of these, given up for a newer request",
        "swaps_cancelled": "of these, given up because nobody wants them any more, or by a stop",
        "swaps_timed_out": "of these, given up because they took too long",
        "swaps_joined": "requests for what was being loaded or kept already, or served: no load of their own",
        "swaps_skipped": "swaps wanted to a variant that is quarantined, not loadable here or does not fit the memory",
        "swaps_suppressed": "swaps the policy wanted and its guard held back, each once while it lasts",
        "swaps_pinned": "swaps the policy wanted while the operator had pinned a variant, each once while it lasts",
        "memory_refusals": "loads refused because they would not have fitted the memory",
        "preloads": "variants loaded beside the active one, ahead of a swap",
        "preloads_failed": "preloads that ended otherwise: failed, timed out or given up",
        "rollbacks": "returns to the previous variant: by errors on probation, after a gap, or by the operator",
        "gaps": "times that nothing served while one variant made room for another",
        "inference_timeouts": "inferences that had no answer within the `timeout_s` of their caller",
        "inferences_unserved": "inferences refused because nothing served, in a gap that lasted or at a stop",
        "unload_errors": "backends that raised when they were unloaded",
        "swap_events_untold": "swap events left out because callbacks were too slow for them",
        "operator_actions": "what the operator asked for: pin, unpin, freeze, preload, rollback",
        "reloads": "policy and family files read again and put to use",
        "reloads_refused": "policy and family files that have errors, or do not fit what is in use: each once while it lasts",
        "shadow_steps": "steps of the shadow policy",
        "shadow_differences": "times that the shadow policy began to want another variant than the engine's own",
        "shadow_errors": "steps of the shadow policy that raised or named an unknown variant",
        "shadow_steps_missed": "steps left out because the shadow policy was too slow for them",
        "native_fallbacks": "reasons why a variant serves through Python's ONNX Runtime, each once",
        "start_failures": "variants that failed to load while the engine started",
        "profile_ticks": "states measured",
        "profile_errors": "measurements that raised",
        "clamped_values": "measured values outside their signal's range",
        "policy_evals": "steps of the policy",
        "policy_errors": "steps of the policy that raised or named an unknown variant",
        "callback_errors": "calls of the host's callbacks that raised",
        "polls_missed": "polls left out because the one before took longer than the interval",
        "property_violations": "properties of the policy that it broke, each once while it lasts",
        "sink_errors": "events that a sink failed on",
        "sink_events_dropped": "events that a sink was too slow for",
        "state_file_errors": "reads and writes of the state file that failed, and files that were not ours",
    }
)
