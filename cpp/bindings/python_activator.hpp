// Backends written in Python, as the core sees them.
#pragma once

#include <nanobind/nanobind.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "edgeadapt/activator.hpp"
#include "edgeadapt/ort_session.hpp"

// What a generation's payload is: a backend, and what answers for it, looked up once. Owned references; the GIL guards
// them. Complete once it is validated, and never changed after.
struct PythonBackend {
    PyObject* backend = nullptr;
    PyObject* infer = nullptr;         // the backend's own, or that of what `validate` gave
    PyObject* before = nullptr;        // a host's function that the inputs go through first, if any
    PyObject* adapted = nullptr;       // what `validate` gave, if anything
    std::shared_ptr<PyObject> unload;  // called with the backend before it goes
    // What answers for plain arrays instead of `infer`, where the backend has one and nothing adapts it.
    std::shared_ptr<const edgeadapt::OrtSession> native;
};

// Calls an object's `check(variant, active)`, `load(variant, backend)`, `warm`, `validate`, `unload(backend)`,
// `end(variant)` and `cancel(backend)`.
class PythonActivator : public edgeadapt::Activator {
public:
    explicit PythonActivator(nanobind::handle activation);

    [[nodiscard]] edgeadapt::Checked check(std::uint64_t load, const std::string& variant,
                                           const std::optional<std::string>& active) override;
    void load(const std::string& variant, void* payload) override;
    void warm(const std::string& variant, void* payload) override;
    void validate(const std::string& variant, void* payload) override;
    void end(const std::string& variant) noexcept override;
    void cancel(std::uint64_t load) noexcept override;

private:
    // Returns a new reference, never null; throws ActivationFailure.
    [[nodiscard]] PyObject* call_stage(const std::shared_ptr<PyObject>& stage, const std::string& variant,
                                       const PythonBackend& payload) const;

    const std::shared_ptr<PyObject> check_;
    const std::shared_ptr<PyObject> load_;
    const std::shared_ptr<PyObject> warm_;
    const std::shared_ptr<PyObject> validate_;
    const std::shared_ptr<PyObject> unload_;
    const std::shared_ptr<PyObject> end_;
    const std::shared_ptr<PyObject> cancel_;

    // The load in progress, from the end of its check on; the GIL guards both.
    std::uint64_t load_number_ = 0;
    PyObject* loading_ = nullptr;  // owned: the payload may go before the end is told
};
