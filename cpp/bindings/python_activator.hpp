// Backends written in Python, as the core sees them.
#pragma once

#include <nanobind/nanobind.h>

#include <memory>
#include <string>

#include "edgeadapt/activator.hpp"
#include "edgeadapt/ort_session.hpp"

// What a generation's payload is: a backend, and its `infer`, looked up once. Owned references; the GIL guards it.
struct PythonBackend {
    PyObject* backend = nullptr;
    PyObject* infer = nullptr;
    std::shared_ptr<PyObject> unload;  // called with the backend before it goes
    std::shared_ptr<const edgeadapt::OrtSession> native;  // once loaded, where the backend has one; immutable then
};

// Calls an object's `check(variant)`, `load(variant, backend)` and `unload(backend)`.
class PythonActivator : public edgeadapt::Activator {
public:
    explicit PythonActivator(nanobind::handle activation);

    [[nodiscard]] edgeadapt::Payload check(const std::string& variant) override;
    void load(const std::string& variant, void* payload) override;

private:
    const std::shared_ptr<PyObject> check_;
    const std::shared_ptr<PyObject> load_;
    const std::shared_ptr<PyObject> unload_;
};
