// One generation of what serves: a variant, its number, and whatever a backend made for it.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <string>

#include "edgeadapt/clock.hpp"

namespace edgeadapt {

// Something the core keeps and destroys without knowing what it is. `destroy` must not throw.
using Payload = std::unique_ptr<void, void (*)(void*) noexcept>;

inline Payload no_payload() noexcept { return {nullptr, [](void*) noexcept {}}; }

// Thread rule: `number`, `variant` and `payload` never change; the rest belongs to the slot's mutex.
struct Generation {
    Generation(std::uint64_t number_, std::string variant_, Payload payload_) noexcept
        : number(number_), variant(std::move(variant_)), payload(std::move(payload_)) {}

    const std::uint64_t number;
    const std::string variant;
    const Payload payload;

    std::list<Clock::time_point> held_since;  // one entry a held lease, oldest first
    Clock::time_point retired_at{};
    bool is_retired = false;
};

}  // namespace edgeadapt
