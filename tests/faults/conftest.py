"""What all fault tests share."""

import onnxruntime  # noqa: F401 - it starts a thread when first imported, which would bear the name of the importer's
