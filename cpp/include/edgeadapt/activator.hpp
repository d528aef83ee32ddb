// What turns a variant's name into something that serves; the core's only door to backends.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
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

// What a check found: what will serve, unloaded, and whether what serves now must go before it is loaded.
struct Checked {
    Payload payload;
    bool needs_gap = false;
};

// One function a stage; each throws ActivationFailure where it fails.
// Thread rule: called on the loader's thread, one call at a time, with no lock held; `cancel` on any thread, at any
// time, with no lock held. A payload is destroyed on the reaper's thread, whether it ever served or not.
class Activator {
public:
    Activator() = default;
    Activator(const Activator&) = delete;
    Activator& operator=(const Activator&) = delete;
    virtual ~Activator() = default;

    // checking: finds the variant and creates what will serve, unloaded. `load` numbers the loads; `active` is what
    // serves now.
    [[nodiscard]] virtual Checked check(std::uint64_t load, const std::string& variant,
                                        const std::optional<std::string>& active) = 0;
    // loading: makes it ready to serve.
    virtual void load(const std::string& variant, void* payload) = 0;
    // warming: makes its first answers as quick as the later ones.
    virtual void warm(const std::string& /*variant*/, void* /*payload*/) {}
    // validating: holds it against what the family promises.
    virtual void validate(const std::string& /*variant*/, void* /*payload*/) {}
    // The load that `check` began is over, whatever came of it.
    virtual void end(const std::string& /*variant*/) noexcept {}

    // Asks that load, should it still be in progress, to end soon by a failure.
    virtual void cancel(std::uint64_t /*load*/) noexcept {}
};

}  // namespace edgeadapt
