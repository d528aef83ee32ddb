// A policy at work: steps of one device, a whole trace of one device, or a fleet of devices over time.
//
// The reference is `runtime/session.py`; for every plan, memory and input the two decide the same, bit for bit.
// Thread rule: one thread at a time for each Evaluator; the Plan may be shared, a PolicyMemory as it says.
#pragma once

#include <cstdint>
#include <vector>

#include "edgeadapt/plan.hpp"
#include "edgeadapt/policy_memory.hpp"
#include "edgeadapt/registers.hpp"

namespace edgeadapt {

enum class Reason : std::uint8_t { adopted, unchanged, recommend, cooldown, rate, no_candidate };
inline constexpr int reason_count = 6;

// What one step decided. Variants by their index in the family, -1 for none; the rule after the last is `otherwise`.
struct Outcome {
    std::int32_t target;
    std::int32_t active;
    std::int32_t rule;
    Reason reason;

    bool swaps() const { return reason == Reason::recommend; }
};

// Where the outcomes of many steps go, one entry a step.
struct OutcomeColumns {
    std::int16_t* target;
    std::int16_t* active;
    std::int16_t* rule;
    std::uint8_t* reason;

    void put(std::size_t at, const Outcome& outcome) const {
        target[at] = static_cast<std::int16_t>(outcome.target);
        active[at] = static_cast<std::int16_t>(outcome.active);
        rule[at] = static_cast<std::int16_t>(outcome.rule);
        reason[at] = static_cast<std::uint8_t>(outcome.reason);
    }
};

// A time in seconds, rounded once to whole nanoseconds, half to even. `seconds` is within `latest_s`.
Ns to_ns(double seconds);
inline constexpr double latest_s = 3e9;

// Tell a device's memory that `variant` serves since `at`: the adoption, nothing, or a swap.
void commit(DeviceMemory& device, std::int32_t variant, Ns at);

class Evaluator {
  public:
    // A block is as long as the registers of a few columns fit the first cache.
    static constexpr std::size_t longest_block = 512;

    // `block` is 1 for single steps.
    Evaluator(const Plan& plan, std::size_t block);

    // Which variants may be chosen, one flag each; all of them until told otherwise.
    void set_available(std::vector<bool> available);

    // One step of device 0 at `t`, which has been held against the clock's last value. `values` has one number a column.
    Outcome step(PolicyMemory& memory, const double* values, Ns t, bool auto_commit);

    // Consecutive steps of device 0, each committing its own swap. `columns[c][i]` and `seconds[i]` belong to step i.
    // Returns how often the clock went back.
    std::int64_t run_trace(PolicyMemory& memory, const double* const* columns, const double* seconds, std::size_t steps,
                           const OutcomeColumns& out);

    // `steps` rounds of the devices `begin` to `end`: `columns[c][i * devices + d]`, `seconds[i]`.
    void run_fleet(PolicyMemory& memory, const double* const* columns, const double* seconds, std::size_t steps,
                   std::size_t begin, std::size_t end, const OutcomeColumns& out);

  private:
    Truth until_of(const RulePlan& rule, Truth when, std::size_t at) const;
    std::int32_t target_at(DeviceMemory& device, const Phase* phases, std::size_t stride, std::int32_t first,
                           std::size_t at, std::int32_t& rule);
    std::int32_t chosen(std::int32_t rule, std::int32_t active, std::size_t at);
    std::int32_t pick(const ChoicePlan& choice, std::int32_t active, std::size_t at) const;
    Outcome decide(DeviceMemory& device, std::int32_t target, std::int32_t rule, Ns t, bool auto_commit) const;
    Reason guarded(const DeviceMemory& device, std::int32_t rule, Ns t) const;
    void forget(DeviceMemory& device, Ns t) const;
    bool stays(const DeviceMemory& device, std::int32_t rule) const;
    void advance_row(PolicyMemory& memory, std::size_t r, std::size_t size, const Ns* times, Phase* row) const;
    void start_block(std::size_t size);
    void tabulate();

    const Plan* plan_;
    Registers registers_;
    std::vector<bool> available_;
    Ns remembered_ns_;
    std::size_t block_size_ = 0;
    std::vector<bool> choice_ran_;  // in this block
    // What a rule (or `otherwise`) with constant choices yields, by active variant + 1; `asks` where it must be asked.
    static constexpr std::int32_t asks = -2;
    std::vector<std::int32_t> table_;
};

}  // namespace edgeadapt
