// One instance a process of something shared: a forked child starts with a fresh one, and leaves its parent's alone.
//
// What a fork interrupts may be locked or half done in the child for ever; so nobody there touches it again.
#pragma once

#include <atomic>
#include <cstdint>

#include "edgeadapt/process_mark.hpp"

namespace edgeadapt {

// Instances are never destroyed: threads may use them up to the process's end. For static storage.
// Thread rule: any thread; what `T` holds has a rule of its own.
template <class T>
class PerProcess {
public:
    [[nodiscard]] T& get() {
        // acquire: what the instance's maker wrote; partner: the exchange below.
        Node* seen = node_.load(std::memory_order_acquire);
        if (seen != nullptr && seen->depth == fork_depth()) return seen->value;
        auto* fresh = new Node;
        // release: publishes `fresh`; acquire on failure: another thread of this process was first. Partner: the load above.
        if (node_.compare_exchange_strong(seen, fresh, std::memory_order_release, std::memory_order_acquire)) {
            return fresh->value;
        }
        delete fresh;
        return seen->value;
    }

private:
    struct Node {
        std::uint64_t depth = fork_depth();
        T value;
    };
    std::atomic<Node*> node_{nullptr};
};

}  // namespace edgeadapt
