// What turns a variant's name into something that serves; the core's only door to backends.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>

#include "edgeadapt/generation.hpp"

namespace edgeadapt {

// Why a stage failed. `cause` is the activator's own error object.
class ActivationFailure : public std::runtime_error {
public:
    explicit ActivationFailure(const std::string& reason, std::shared_ptr<void> cause_ = nullptr)
        : std::runtime_error(reason), cause(std::move(cause_)) {}

    std::shared_ptr<void> cause;
};

// One function a stage; each throws ActivationFailure where it fails.
// Thread rule: called on the loader's thread, one call at a time, with no lock held. A payload is destroyed on the
// reaper's thread, whether it ever served or not.
class Activator {
public:
    Activator() = default;
    Activator(const Activator&) = delete;
    Activator& operator=(const Activator&) = delete;
    virtual ~Activator() = default;

    // checking: finds the variant and creates what will serve, unloaded.
    [[nodiscard]] virtual Payload check(const std::string& variant) = 0;
    // loading: makes it ready to serve.
    virtual void load(const std::string& variant, void* payload) = 0;
    // warming: makes its first answers as quick as the later ones.
    virtual void warm(const std::string& /*variant*/, void* /*payload*/) {}
    // validating: holds it against what the family promises.
    virtual void validate(const std::string& /*variant*/, void* /*payload*/) {}
};

}  // namespace edgeadapt
