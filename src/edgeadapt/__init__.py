"""EdgeAdapt: an adaptive inference control plane above ONNX Runtime."""
