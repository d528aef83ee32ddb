// A compiled policy lowered for one family: flat lists of numbers that the evaluator walks. It knows nothing of text,
// of Python or of names; `edgeadapt/runtime/plan.py` makes it and is the only place that knows both sides.
//
// Thread rule: a Plan is immutable once it is built, and may be shared.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

namespace edgeadapt {

// Kleene's three values, so that `and` is min, `or` is max and `not` is 2 - x.
using Truth = std::uint8_t;
inline constexpr Truth no = 0;
inline constexpr Truth unknown = 1;
inline constexpr Truth yes = 2;

// An unknown number is NaN, here and nowhere else in the project.
inline constexpr double unknown_number = std::numeric_limits<double>::quiet_NaN();

// Nanoseconds on the session's clock; `never` marks a timer that does not run.
using Ns = std::int64_t;
inline constexpr Ns never = std::numeric_limits<Ns>::min();

// `runtime/registers.py` lists the same names in the same order; the binding exports them, and a test holds the lists together.
enum class OpCode : std::uint8_t {
    // number <- numbers
    add, subtract, multiply, scale_left, scale_right, divide, divide_by_ratio, negate, number_or,
    // truth <- numbers
    less, less_equal, greater, greater_equal, equal, not_equal, number_known, number_unknown, truth_of,
    // truth <- truths
    both, either, inverse, same, differ, truth_known, truth_unknown, truth_or,
    // truth <- numbers and a band's memory
    band_less, band_less_equal, band_greater, band_greater_equal,
};
inline constexpr int op_code_count = 30;

// One operation on whole registers. `a`, `b` and `c` are source registers of the kind that the code takes; `memory` is
// the band's index.
struct Op {
    OpCode code;
    std::int32_t out;
    std::int32_t a;
    std::int32_t b;
    std::int32_t c;
    std::int32_t memory;
};

struct OpRange {
    std::int32_t begin;
    std::int32_t end;
};

struct RulePlan {
    std::int32_t when;   // truth register
    std::int32_t until;  // truth register, -1 where the rule has none
    Ns for_ns;
    Ns linger_ns;
    Ns hold_ns;
    Ns cooldown_ns;
    bool urgent;
    OpRange choices;  // into Plan::choices
};

// A variant as one choice sees it: where its condition and its scores are found.
struct CandidatePlan {
    std::int32_t variant;
    std::int32_t where;                // truth register
    std::vector<std::int32_t> scores;  // number registers, one a ranking
};

struct ChoicePlan {
    OpRange ops;  // run before the candidates are looked at; empty where all of them are constant
    bool total;                 // the last choice of `otherwise`: an unknown score ranks last
    double tolerance;           // NaN where there is none
    std::vector<bool> highest;  // one a ranking
    std::vector<CandidatePlan> candidates;
};

struct WindowPlan {
    std::int64_t count;
    Ns per_ns;
};

struct Plan {
    std::int32_t columns = 0;  // the first number registers: signals and inputs
    std::vector<double> constants;  // the number registers after them; then come `temporaries`
    std::int32_t temporaries = 0;
    std::int32_t truths = 0;  // truth registers after the three constants no, unknown, yes
    std::int32_t bands = 0;
    std::int32_t variants = 0;
    std::vector<Op> ops;
    OpRange conditions{0, 0};  // the ops that every step runs
    std::vector<RulePlan> rules;
    OpRange otherwise{0, 0};  // into `choices`
    std::vector<ChoicePlan> choices;
    Ns guard_cooldown_ns = 0;
    std::vector<WindowPlan> guard_windows;

    // Throws std::invalid_argument where a register or range points outside: a plan is data from elsewhere.
    void check() const;

    // Whether a choice sees the same of its candidates in every step.
    bool is_constant(const ChoicePlan& choice) const;

    std::int32_t number_registers() const {
        return columns + static_cast<std::int32_t>(constants.size()) + temporaries;
    }
    std::int32_t truth_registers() const { return 3 + truths; }
};

}  // namespace edgeadapt
