// A generation's probation, counted by the threads that serve it; what comes of it is the swapper's to decide.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "edgeadapt/generation.hpp"

namespace edgeadapt {

// How long the generation before is kept, and how many errors are too many.
struct ProbationRules {
    std::uint64_t inferences = 0;
    Clock::duration time{};
    std::uint64_t errors = 0;
};

class Swapper;

// Thread rule: any thread. It ends once, by `close`; what is counted at that moment may come too late, which is all the
// same: a verdict looks under the swapper's mutex whether the trial still matters.
class Trial {
public:
    Trial(std::weak_ptr<Swapper> swapper, std::uint64_t generation, ProbationRules rules)
        : rules_(rules), swapper_(std::move(swapper)), generation_(generation) {}
    Trial(const Trial&) = delete;
    Trial& operator=(const Trial&) = delete;

    // What serving costs outside of a probation. relaxed: partner of the store in `close`; nothing is read through it.
    [[nodiscard]] bool is_open() const noexcept { return is_open_.load(std::memory_order_relaxed); }

    // One inference has ended. Both may lead to the swapper's mutex: call them with no lock held.
    void passed();
    void failed(const std::string& reason, const std::shared_ptr<void>& cause);

    // relaxed: partner of the load in `is_open`.
    void close() noexcept { is_open_.store(false, std::memory_order_relaxed); }

    [[nodiscard]] std::uint64_t generation() const noexcept { return generation_; }
    // relaxed: figures to show, and partners of the counting in trial.cpp.
    [[nodiscard]] std::uint64_t inferences() const noexcept { return inferences_.load(std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t errors() const noexcept { return errors_.load(std::memory_order_relaxed); }

private:
    const ProbationRules rules_;
    const std::weak_ptr<Swapper> swapper_;
    const std::uint64_t generation_;
    std::atomic<bool> is_open_{true};
    std::atomic<std::uint64_t> inferences_{0};
    std::atomic<std::uint64_t> errors_{0};
};

}  // namespace edgeadapt
