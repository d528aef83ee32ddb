"""Why a file is no ONNX model that can be described, as far as its first bytes tell, and what to do."""

from __future__ import annotations

from edgeadapt.tooling.onnx_facts import ModelFacts

# Where a mark lies, the mark, what such a file is, and the remedy.
_MARKS = (
    (0, b"version https://git-lfs", "it is a Git LFS pointer, not the model itself", "fetch it: git lfs pull"),
    (4, b"ORTM", "it is in ONNX Runtime's own format", "give the .onnx file that it was made from"),
    (4, b"TFL3", "it is a TensorFlow Lite model", "convert it to ONNX, as with tf2onnx"),
    (0, b"PK\x03\x04", "it is a zip archive, such as PyTorch saves", "export the model to ONNX: torch.onnx.export"),
    (0, b"\x1f\x8b", "it is compressed", "unpack it: gunzip"),
    (0, b"\x89HDF", "it is an HDF5 file, such as Keras saves", "convert it to ONNX, as with tf2onnx"),
    (0, b"GGUF", "it is a GGUF model", "export the model to ONNX"),
    (0, b"\x80\x02", "it is a Python pickle, such as PyTorch saves", "export the model to ONNX: torch.onnx.export"),
    (0, b"<", "it is text, such as a web page", "download the file itself"),
)  # fmt: skip
HEAD_BYTES = 64
_NEWEST_IR = 1_000


def refusal(facts: ModelFacts, head: bytes, size: int) -> tuple[str, str]:
    """Return the problem and its remedy; both are empty for a model. `head` is how the file begins, `size` in bytes."""
    if size == 0:
        return "the file is empty", "restore the file"
    for at, mark, problem, remedy in _MARKS:
        if head[at:].lstrip().startswith(mark):
            return problem, remedy
    begins_as_one = 0 < facts.ir_version < _NEWEST_IR
    if facts.broken_at is not None and begins_as_one:
        return f"it is cut off or damaged, at byte {facts.broken_at} of {size}", "restore the file"
    if facts.broken_at is not None or not (facts.has_graph and begins_as_one):
        return "it is no ONNX model", "give a model's .onnx file"
    return "", ""
