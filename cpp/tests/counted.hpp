// A payload that knows whether it lives, and on which threads it must not die.
#pragma once

#if defined(__linux__)
#include <pthread.h>
#endif

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "check.hpp"
#include "edgeadapt/slot.hpp"

struct Counted {
    explicit Counted(std::uint64_t value_) : value(value_) { ++living(); }
    ~Counted() {
        CHECK(!is_reader());
        CHECK(!only_on_reaper() || is_on_reaper());
        CHECK(mark.exchange(dead) == alive);
        --living();
    }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;

    static std::atomic<int>& living() {
        static std::atomic<int> count{0};
        return count;
    }
    static bool& is_reader() {
        static thread_local bool yes = false;
        return yes;
    }

    // Set by tests of the whole swapper: a payload dies on its reaper's thread and nowhere else.
    static bool& only_on_reaper() {
        static bool yes = false;
        return yes;
    }
    static bool is_on_reaper() {
#if defined(__linux__)
        char name[16] = {};
        pthread_getname_np(pthread_self(), name, sizeof name);
        return std::string(name) == "ea-reaper";
#else
        return true;
#endif
    }

    static constexpr std::uint64_t alive = 0x600d;
    static constexpr std::uint64_t dead = 0xdead;
    std::atomic<std::uint64_t> mark{alive};
    const std::uint64_t value;
};

inline edgeadapt::Payload counted(std::uint64_t value) {
    return {new Counted(value), [](void* object) noexcept { delete static_cast<Counted*>(object); }};
}

inline std::unique_ptr<edgeadapt::Generation> generation(std::uint64_t number) {
    return std::make_unique<edgeadapt::Generation>(number, std::to_string(number), counted(number));
}

// Fails unless `found` is alive and of one piece.
inline void check_whole(const edgeadapt::Generation& found) {
    const auto& payload = *static_cast<const Counted*>(found.payload.get());
    CHECK(payload.mark.load() == Counted::alive);
    CHECK(payload.value == found.number);
    CHECK(found.variant == std::to_string(found.number));
}
