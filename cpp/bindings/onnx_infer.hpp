// Between the binding of the session and that of its runs.
#pragma once

#include <nanobind/nanobind.h>

// A text of ONNX Runtime's, whatever bytes are in it.
[[nodiscard]] nanobind::object text_of(const char* text);
