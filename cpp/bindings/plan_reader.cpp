#include "plan_reader.hpp"

#include <nanobind/stl/array.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <array>
#include <cstdint>
#include <stdexcept>
#include <tuple>
#include <utility>
#include <vector>

namespace nb = nanobind;
using namespace edgeadapt;

namespace {

using Row = std::vector<std::int32_t>;
using Range = std::pair<std::int32_t, std::int32_t>;
using RuleRow = std::tuple<std::int32_t, std::int32_t, Ns, Ns, Ns, Ns, bool, std::int32_t, std::int32_t>;
using CandidateRow = std::tuple<std::int32_t, std::int32_t, Row>;
using ChoiceRow =
    std::tuple<std::int32_t, std::int32_t, bool, double, std::vector<bool>, std::vector<CandidateRow>>;

template <class T>
T field(nb::handle plan, const char* name) {
    return nb::cast<T>(plan.attr(name));
}

}  // namespace

Plan read_plan(nb::handle source) {
    Plan plan;
    plan.columns = field<std::int32_t>(source, "columns");
    plan.constants = field<std::vector<double>>(source, "constants");
    plan.temporaries = field<std::int32_t>(source, "temporaries");
    plan.truths = field<std::int32_t>(source, "truths");
    plan.bands = field<std::int32_t>(source, "bands");
    plan.variants = field<std::int32_t>(source, "variants");
    for (const auto& op : field<std::vector<std::array<std::int32_t, 6>>>(source, "ops")) {
        if (op[0] < 0 || op[0] >= op_code_count) throw std::invalid_argument("a plan has an operation that is none");
        plan.ops.push_back({static_cast<OpCode>(op[0]), op[1], op[2], op[3], op[4], op[5]});
    }
    plan.conditions = {0, field<std::int32_t>(source, "conditions")};
    for (const auto& [when, until, for_, linger, hold, cooldown, urgent, begin, end] :
         field<std::vector<RuleRow>>(source, "rules")) {
        plan.rules.push_back({when, until, for_, linger, hold, cooldown, urgent, {begin, end}});
    }
    const auto otherwise = field<Range>(source, "otherwise");
    plan.otherwise = {otherwise.first, otherwise.second};
    for (const auto& [begin, end, total, tolerance, highest, candidates] :
         field<std::vector<ChoiceRow>>(source, "choices")) {
        ChoicePlan choice{{begin, end}, total, tolerance, highest, {}};
        for (const auto& [variant, where, scores] : candidates) choice.candidates.push_back({variant, where, scores});
        plan.choices.push_back(std::move(choice));
    }
    plan.guard_cooldown_ns = field<Ns>(source, "guard_cooldown_ns");
    for (const auto& [count, per] : field<std::vector<std::pair<std::int64_t, Ns>>>(source, "guard_windows")) {
        plan.guard_windows.push_back({count, per});
    }
    plan.check();
    return plan;
}

std::vector<std::string_view> op_code_names() {
    return {"add",          "subtract",       "multiply",   "scale_left",    "scale_right",  "divide",
            "divide_by_ratio", "negate",      "number_or",  "less",          "less_equal",   "greater",
            "greater_equal", "equal",         "not_equal",  "number_known",  "number_unknown", "truth_of",
            "both",         "either",         "inverse",    "same",          "differ",       "truth_known",
            "truth_unknown", "truth_or",      "band_less",  "band_less_equal", "band_greater", "band_greater_equal"};
}
