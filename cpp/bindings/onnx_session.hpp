// A session of ONNX Runtime in Python, and the way from an array to an array that runs no Python code.
#pragma once

#include <nanobind/nanobind.h>

#include <memory>
#include <optional>

#include "edgeadapt/generation.hpp"
#include "edgeadapt/ort_session.hpp"

// A backend's `native`, where that is a session; else null, and no error set. Needs the GIL.
[[nodiscard]] std::shared_ptr<const edgeadapt::OrtSession> native_session_of(nanobind::handle backend) noexcept;

// Runs a session on plain arrays: one, or a dict, list or tuple with one an input. One output comes as an array, several
// as a dict by name. A null object, and no error set, is returned for anything that it leaves to the Python path: what
// does not fit, what is to be copied first, and what is no array; with `until`, it copies and refuses by itself. Throws
// Python's InputError, InferenceError and InferenceTimeout; the last for whatever comes after `until`, when the runtime
// ends before its next operator.
[[nodiscard]] nanobind::object infer_native(const edgeadapt::OrtSession& session, nanobind::handle inputs,
                                            std::optional<edgeadapt::Clock::time_point> until);

void bind_onnx_session(nanobind::module_& m);
