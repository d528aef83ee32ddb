"""The cgroups around a process: innermost first, wherever each version is mounted."""

from __future__ import annotations

from edgeadapt.profiler.linux_cgroup import folders_v1, folders_v2


def test_version_two_is_looked_for_alone_and_beside_version_one() -> None:
    base = "/sys/fs/cgroup"
    assert folders_v2("0::/a/b") == (
        f"{base}/a/b", f"{base}/a", base, f"{base}/unified/a/b", f"{base}/unified/a", f"{base}/unified"
    )  # fmt: skip


def test_version_one_mounts_a_controller_by_its_own_or_by_all_its_names() -> None:
    base = "/sys/fs/cgroup"
    assert folders_v1("9:cpu,cpuacct:/x\n4:memory:/y", "cpu") == (
        f"{base}/cpu/x", f"{base}/cpu", f"{base}/cpu,cpuacct/x", f"{base}/cpu,cpuacct"
    )  # fmt: skip
    assert folders_v1("9:cpu,cpuacct:/x\n4:memory:/y", "memory") == (f"{base}/memory/y", f"{base}/memory")


def test_a_path_out_of_the_namespace_leaves_what_is_mounted() -> None:
    assert folders_v2("0::/../other") == ("/sys/fs/cgroup", "/sys/fs/cgroup/unified")


def test_a_membership_of_another_form_leads_nowhere() -> None:
    for text in ("", "nonsense", "1:name=systemd:/", "::", "\n:\n"):
        assert folders_v2(text) == folders_v1(text, "cpu") == ()
