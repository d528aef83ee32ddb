"""Family files: the corpus, and hostile bytes, which end in FamilyYamlError or a family."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from edgeadapt.registry import ModelFamily
from edgeadapt.registry.yaml_loader import FamilyYamlError, family_problems, load_family
from edgeadapt.shipped import shipped

CORPUS = Path(__file__).parent.parent / "corpus" / "families"
INVALID = sorted((CORPUS / "invalid").glob("*.yaml"))
DIGITS = CORPUS / "valid" / "digits.yaml"


def load_text(folder: Path, text: str | bytes) -> ModelFamily:
    path = folder / "f.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return ModelFamily.from_yaml(path)


def test_a_full_family_is_read() -> None:
    family = ModelFamily.from_yaml(DIGITS)
    tiny, large = family.variants
    assert (family.name, family.names) == ("digits", ("tiny", "large"))
    assert tiny.path == str(CORPUS / "valid" / "digits" / "tiny.onnx")
    assert tiny.attribute("latency") == 0.02
    assert tiny.attributes == {"input_size": 4.0, "int8": True}
    assert tiny.sha256 == "0123456789" * 6 + "0123"
    assert tiny.session.config_entries == (("session.intra_op.allow_spinning", "0"),)
    assert tiny.session.providers == ("CPUExecutionProvider",)
    assert tiny.golden is not None
    assert tiny.golden.inputs == str(CORPUS / "valid" / "digits" / "in.npz")
    assert (large.backend, large.tier, large.golden, large.path) == ("onnx", "", None, "/models/large.onnx")


def test_a_family_may_be_written_in_flow_style() -> None:
    family = ModelFamily.from_yaml(CORPUS / "valid" / "sensors.yaml")
    first, second = family.variants
    assert (family.name, family.names) == ("sensors: indoor", ("v-1.int8", "b"))
    assert (first.backend, first.path) == ("openvino", str(CORPUS / "models" / "v 1.onnx"))
    assert [second.attribute(name) for name in ("accuracy", "power", "latency")] == [1.0, "high", None]


def test_a_missing_model_is_no_error_of_the_file() -> None:
    assert str(CORPUS / "valid" / "digits" / "tiny.onnx") in ModelFamily.from_yaml(DIGITS).missing_files()


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_an_invalid_family_has_its_recorded_error(path: Path) -> None:
    with pytest.raises(FamilyYamlError) as caught:
        ModelFamily.from_yaml(path)
    message = str(caught.value).replace(str(path.parent) + os.sep, "")
    recorded = path.with_suffix(".error")
    if os.environ.get("EDGEADAPT_UPDATE_CORPUS"):
        recorded.write_text(message + "\n", encoding="utf-8")
    assert message + "\n" == recorded.read_text(encoding="utf-8")
    assert "\n" not in message


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0\0\0\0",
        b"\xff\xfe\x00s",
        b"schema_version: 1\nname: \xe9\n",
        b"- a\n" * 70_000,
        b"[" * 100_000,
        b"{a: " * 50_000,
        b"- " * 100_000,
        b"x" * (2 << 20),
        b"%YAML 99.99999\n---\na: 1",
        b"? [a]\n: b",
        b"a: *a",
        b"a: &a [*a]",
        b"\x85\xe2\x80\xa8: \xef\xbf\xbe",
        b'"\\ud800": 1',
        b"schema_version: " + b"9" * 6000,
        b"schema_version: 1\nname: n\nvariants: [{name: a, path: b, attributes: {x: " + b"9" * 6000 + b"}}]",
        b"a: !<tag:%FF> b",
        b"!!python/object/apply:os.system [id]",
    ],
    ids=range(19),
)
def test_hostile_bytes_end_in_one_line(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(FamilyYamlError) as caught:
        load_text(tmp_path, data)
    assert "\n" not in str(caught.value)


def test_aliases_that_would_expand_are_bounded(tmp_path: Path) -> None:
    levels = ["a: &a0 [x, x, x, x, x, x, x, x, x]"]
    levels += [f"k{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 12)]
    with pytest.raises(FamilyYamlError):
        load_text(tmp_path, "schema_version: 1\n" + "\n".join(levels))


def test_an_alias_stands_for_what_it_names(tmp_path: Path) -> None:
    text = """schema_version: 1
name: n
variants:
  - {name: a, path: a.onnx, session: &one {intra_op_num_threads: 1}}
  - {name: b, path: b.onnx, session: *one}
"""
    assert load_text(tmp_path, text).variant("b").session.intra_op_num_threads == 1


def test_a_bom_and_windows_line_ends_are_fine(tmp_path: Path) -> None:
    text = "\ufeffschema_version: 1\r\nname: n\r\nvariants:\r\n  - {name: a, path: a.onnx}\r\n"
    assert load_text(tmp_path, text).names == ("a",)


def test_a_folder_a_missing_file_and_a_pipe_are_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.yaml"
    os.mkfifo(pipe)
    for path, problem in (
        (tmp_path, "this is not a file"),
        (pipe, "this is not a file"),
        (tmp_path / "gone.yaml", "cannot read it: no such file"),
        ("a\0b", "this is not a path"),
    ):
        with pytest.raises(FamilyYamlError, match=problem) as caught:
            ModelFamily.from_yaml(path)
        assert caught.value.line is None


def test_every_problem_of_a_file_is_told_in_its_order(tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_text(
        """\
schema_version: 1
name: {a: b}
colour: red
gap: perhaps
load_timeout_s: -1
contract: {inputs: 7}
variants:
  - {name: a, path: a.onnx, sha256: short, metadata: {accuracy_score: 2, expected_latency_ms: x}, session: {providers: CPU}}
  - {name: a, path: b.onnx}
  - {path: c.onnx, adapter: {inputs: [{fly: {}}]}}
  - {name: d, path: d.onnx, adapter: {inputs: [{drop: {name: x}}]}}
  - {name: d, path: e.onnx}
""",
        "utf-8",
    )
    told = [(problem.line, problem.key) for problem in family_problems(str(path))]
    assert told == [
        (2, "name"),
        (3, "colour"),
        (4, "gap"),
        (5, "load_timeout_s"),
        (6, "contract.inputs"),
        (8, "variants[0].sha256"),
        (8, "variants[0].metadata.accuracy_score"),
        (8, "variants[0].metadata.expected_latency_ms"),
        (8, "variants[0].session.providers"),
        (9, "variants[1].name"),
        (10, "variants[2].name"),
        (12, "variants[4].name"),
    ]
    with pytest.raises(FamilyYamlError) as caught:
        load_family(path)
    assert caught.value.key in {key for _, key in told}


def test_a_right_file_has_no_problems_and_one_that_is_no_file_is_refused(tmp_path: Path) -> None:
    assert family_problems(str(shipped("families/digits.yaml"))) == ()
    with pytest.raises(FamilyYamlError, match="no such file"):
        family_problems(str(tmp_path / "none.yaml"))
    (tmp_path / "f.yaml").write_text("a: [", "utf-8")
    assert "not YAML" in family_problems(str(tmp_path / "f.yaml"))[0].problem
