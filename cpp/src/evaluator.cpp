#include "edgeadapt/evaluator.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace edgeadapt {

namespace {

std::size_t as_index(std::int32_t value) { return static_cast<std::size_t>(value); }

// Both factors split into halves whose products are exact: Dekker's product, since `std::fma` may be a slow call.
struct Product {
    double value;
    double error;
};

Product exact_product(double a, double b) {
    constexpr double splitter = 134217729.0;  // 2^27 + 1
    const double p = a * b;
    const double ta = splitter * a, tb = splitter * b;
    const double ah = ta - (ta - a), bh = tb - (tb - b);
    const double al = a - ah, bl = b - bh;
    return {p, ((ah * bh - p) + ah * bl + al * bh) + al * bl};
}

bool all_idle(const Phase* phases, std::size_t size) {
    unsigned any = 0;
    for (std::size_t i = 0; i < size; ++i) any |= static_cast<unsigned>(phases[i]);
    return any == 0;
}

}  // namespace

Ns to_ns(double seconds) {
    // Cut towards zero: the rest keeps every bit of a small number, whatever its sign.
    const Ns whole = static_cast<Ns>(seconds);
    const double rest = seconds - static_cast<double>(whole);
    if (rest == 0) return whole * 1'000'000'000;
    const Product ns = exact_product(rest, 1e9);
    // Beside 1.5 * 2^52 there are no bits below the point, so the sum is rounded to a whole number, half to even.
    constexpr double no_fraction = 6755399441055744.0;
    double rounded = (ns.value + no_fraction) - no_fraction;
    // Where `value` stands exactly between two numbers, the true product may stand beside: the error says where. Else it
    // can't change the answer, being less than half a step of `value`.
    const double apart = ns.value - rounded;
    if (apart == 0.5 && ns.error > 0) rounded += 1;
    if (apart == -0.5 && ns.error < 0) rounded -= 1;
    return whole * 1'000'000'000 + static_cast<Ns>(rounded);
}

void commit(DeviceMemory& device, std::int32_t variant, Ns at) {
    if (device.active >= 0 && device.active != variant) device.commits.push_back(at);
    device.active = variant;
}

bool Plan::is_constant(const ChoicePlan& choice) const {
    const auto constant = [&](std::int32_t score) {
        return score >= columns && as_index(score - columns) < constants.size();
    };
    return std::all_of(choice.candidates.begin(), choice.candidates.end(), [&](const CandidatePlan& candidate) {
        return candidate.where <= yes && std::all_of(candidate.scores.begin(), candidate.scores.end(), constant);
    });
}

void Plan::check() const {
    const auto within = [](std::int32_t index, std::int32_t size) {
        if (index < 0 || index >= size) throw std::invalid_argument("a plan points outside its registers");
    };
    const auto range = [](OpRange r, std::size_t size) {
        if (r.begin < 0 || r.end < r.begin || as_index(r.end) > size) {
            throw std::invalid_argument("a plan has a range that is none");
        }
    };
    if (columns < 0 || temporaries < 0 || truths < 0 || bands < 0 || variants < 0) {
        throw std::invalid_argument("a plan has a negative size");
    }
    for (const Op& op : ops) {
        const bool bounded = op.code >= OpCode::band_less;
        const bool from_truths = op.code >= OpCode::both && !bounded;
        const bool to_number = op.code <= OpCode::number_or;
        const std::int32_t sources = from_truths ? truth_registers() : number_registers();
        within(op.a, sources);
        within(op.b, sources);
        if (bounded) {
            within(op.c, sources);
            within(op.memory, bands);
        }
        // Columns and constants are never written.
        within(op.out - (to_number ? number_registers() - temporaries : 3), to_number ? temporaries : truths);
    }
    range(conditions, ops.size());
    range(otherwise, choices.size());
    for (const RulePlan& rule : rules) {
        within(rule.when, truth_registers());
        if (rule.until != -1) within(rule.until, truth_registers());
        range(rule.choices, choices.size());
    }
    for (const ChoicePlan& choice : choices) {
        range(choice.ops, ops.size());
        for (const CandidatePlan& candidate : choice.candidates) {
            within(candidate.variant, variants);
            within(candidate.where, truth_registers());
            for (std::int32_t score : candidate.scores) within(score, number_registers());
            if (candidate.scores.size() != choice.highest.size()) {
                throw std::invalid_argument("a plan's candidate has another number of scores than rankings");
            }
        }
    }
}

Evaluator::Evaluator(const Plan& plan, std::size_t block)
    : plan_(&plan),
      registers_(plan, block),
      available_(as_index(plan.variants), true),
      remembered_ns_(plan.guard_cooldown_ns),
      choice_ran_(plan.choices.size(), false) {
    for (const WindowPlan& window : plan.guard_windows) remembered_ns_ = std::max(remembered_ns_, window.per_ns);
    tabulate();
}

void Evaluator::set_available(std::vector<bool> available) {
    if (available == available_) return;
    available_ = std::move(available);
    tabulate();
}

void Evaluator::tabulate() {
    const std::size_t width = as_index(plan_->variants) + 1;
    const std::size_t rules = plan_->rules.size();
    table_.assign((rules + 1) * width, asks);
    for (std::size_t rule = 0; rule <= rules; ++rule) {
        const OpRange choices = rule < rules ? plan_->rules[rule].choices : plan_->otherwise;
        const auto begin = plan_->choices.begin() + choices.begin, end = plan_->choices.begin() + choices.end;
        if (!std::all_of(begin, end, [&](const ChoicePlan& choice) { return plan_->is_constant(choice); })) continue;
        for (std::size_t active = 0; active < width; ++active) {
            std::int32_t found = -1;
            for (auto choice = begin; choice != end && found < 0; ++choice) {
                found = pick(*choice, static_cast<std::int32_t>(active) - 1, 0);
            }
            table_[rule * width + active] = found;
        }
    }
}

void Evaluator::start_block(std::size_t size) {
    block_size_ = size;
    std::fill(choice_ran_.begin(), choice_ran_.end(), false);
}

// INVARIANT: candidates stand in the family's order, so the first of equals is kept by taking only a better one.
std::int32_t Evaluator::pick(const ChoicePlan& choice, std::int32_t active, std::size_t at) const {
    const CandidatePlan* best = nullptr;
    const CandidatePlan* held = nullptr;
    for (const CandidatePlan& candidate : choice.candidates) {
        if (!available_[as_index(candidate.variant)] || registers_.truth(candidate.where)[at] != yes) continue;
        const auto score = [&](std::int32_t index) { return registers_.number(index)[at]; };
        const bool known = std::none_of(candidate.scores.begin(), candidate.scores.end(),
                                        [&](std::int32_t index) { return std::isnan(score(index)); });
        if (!known && !choice.total) continue;
        if (candidate.variant == active) held = &candidate;
        if (best == nullptr) {
            best = &candidate;
            continue;
        }
        for (std::size_t rank = 0; rank < choice.highest.size(); ++rank) {
            const double mine = score(candidate.scores[rank]), theirs = score(best->scores[rank]);
            const bool mine_known = !std::isnan(mine), theirs_known = !std::isnan(theirs);
            const bool better = mine_known && (!theirs_known || (choice.highest[rank] ? mine > theirs : mine < theirs));
            const bool equal = mine_known == theirs_known && (!mine_known || mine == theirs);
            if (better) best = &candidate;
            if (!equal) break;
        }
    }
    if (best == nullptr) return -1;
    if (held != nullptr && !std::isnan(choice.tolerance)) {
        const double mine = registers_.number(held->scores[0])[at], theirs = registers_.number(best->scores[0])[at];
        if (std::fabs(theirs - mine) <= choice.tolerance) return held->variant;
    }
    return best->variant;
}

std::int32_t Evaluator::chosen(std::int32_t rule, std::int32_t active, std::size_t at) {
    const std::size_t width = as_index(plan_->variants) + 1;
    const std::int32_t listed = table_[as_index(rule) * width + as_index(active + 1)];
    if (listed != asks) return listed;
    const OpRange range = as_index(rule) < plan_->rules.size() ? plan_->rules[as_index(rule)].choices : plan_->otherwise;
    for (std::int32_t index = range.begin; index < range.end; ++index) {
        const ChoicePlan& choice = plan_->choices[as_index(index)];
        if (!choice_ran_[as_index(index)]) {
            choice_ran_[as_index(index)] = true;
            registers_.run_devices(*plan_, choice.ops, block_size_, nullptr, 0);  // a choice has no bands
        }
        const std::int32_t found = pick(choice, active, at);
        if (found >= 0) return found;
    }
    return -1;
}

// Ask from rule `first` on, the first that takes part; phases of further rules are `stride` apart.
std::int32_t Evaluator::target_at(DeviceMemory& device, const Phase* phases, std::size_t stride, std::int32_t first,
                                  std::size_t at, std::int32_t& rule) {
    const auto rules = static_cast<std::int32_t>(plan_->rules.size());
    for (rule = first; rule < rules; ++rule) {
        if (!takes_part(phases[as_index(rule) * stride])) continue;
        const std::int32_t found = chosen(rule, device.active, at);
        if (found >= 0) return found;
    }
    return chosen(rules, device.active, at);
}

Reason Evaluator::guarded(const DeviceMemory& device, std::int32_t rule, Ns t) const {
    if (as_index(rule) < plan_->rules.size() && plan_->rules[as_index(rule)].urgent) return Reason::recommend;
    const auto younger = [&](Ns limit) {
        return std::count_if(device.commits.begin(), device.commits.end(),
                             [&](Ns commit) { return std::max<Ns>(0, t - commit) < limit; });
    };
    if (younger(plan_->guard_cooldown_ns) > 0) return Reason::cooldown;
    for (const WindowPlan& window : plan_->guard_windows) {
        if (younger(window.per_ns) >= window.count) return Reason::rate;
    }
    return Reason::recommend;
}

void Evaluator::forget(DeviceMemory& device, Ns t) const {
    std::erase_if(device.commits, [&](Ns commit) { return t - commit >= remembered_ns_; });
}

Outcome Evaluator::decide(DeviceMemory& device, std::int32_t target, std::int32_t rule, Ns t, bool auto_commit) const {
    Reason reason = Reason::unchanged;
    if (target < 0) {
        reason = Reason::no_candidate;
        target = device.active;
    } else if (device.active < 0) {
        reason = Reason::adopted;
        if (auto_commit) device.active = target;
    } else if (target != device.active) {
        reason = guarded(device, rule, t);
        if (auto_commit && reason == Reason::recommend) commit(device, target, t);
    }
    device.last = t;
    if (!device.commits.empty()) forget(device, t);
    return Outcome{target, device.active, rule, reason};
}

Truth Evaluator::until_of(const RulePlan& rule, Truth when, std::size_t at) const {
    if (rule.until < 0) return when == yes ? no : yes;
    return registers_.truth(rule.until)[at];
}

Outcome Evaluator::step(PolicyMemory& memory, const double* values, Ns t, bool auto_commit) {
    for (std::int32_t column = 0; column < plan_->columns; ++column) registers_.set_column(column, values + column);
    start_block(1);
    registers_.run_devices(*plan_, plan_->conditions, 1, memory.bands(0), memory.devices());
    for (std::size_t r = 0; r < plan_->rules.size(); ++r) {
        const RulePlan& rule = plan_->rules[r];
        const Truth when = *registers_.truth(rule.when);
        advance(*memory.phases(r, 0), *memory.times(r, 0), rule, when, until_of(rule, when, 0), t);
    }
    DeviceMemory& device = memory.device(0);
    std::int32_t rule = 0;
    const std::int32_t target = target_at(device, memory.phases(0, 0), memory.devices(), 0, 0, rule);
    return decide(device, target, rule, t, auto_commit);
}

// The common step, whatever its time: the first rule that takes part wants what serves, and the guard has nothing to
// remember or forget.
bool Evaluator::stays(const DeviceMemory& device, std::int32_t rule) const {
    if (device.active < 0 || !device.commits.empty()) return false;
    const std::size_t width = as_index(plan_->variants) + 1;
    return table_[as_index(rule) * width + as_index(device.active + 1)] == device.active;
}

// One rule of one device over a block. Where nothing can happen to it, its phase is filled in.
void Evaluator::advance_row(PolicyMemory& memory, std::size_t r, std::size_t size, const Ns* times, Phase* row) const {
    const RulePlan& rule = plan_->rules[r];
    const Truth* when = registers_.truth(rule.when);
    Phase& phase = *memory.phases(r, 0);
    const auto never_yes = [&](const Truth* truth) { return std::memchr(truth, yes, size) == nullptr; };
    const bool idles = phase == Phase::idle && never_yes(when);
    const bool goes_on = phase == Phase::active && rule.until >= 0 && never_yes(registers_.truth(rule.until));
    if (idles || goes_on) {
        std::fill_n(row, size, phase);
        return;
    }
    RuleTimes& rule_times = *memory.times(r, 0);
    for (std::size_t i = 0; i < size; ++i) {
        advance(phase, rule_times, rule, when[i], until_of(rule, when[i], i), times[i]);
        row[i] = phase;
    }
}

std::int64_t Evaluator::run_trace(PolicyMemory& memory, const double* const* columns, const double* seconds,
                                  std::size_t steps, const OutcomeColumns& out) {
    DeviceMemory& device = memory.device(0);
    const std::size_t rules = plan_->rules.size();
    std::vector<Phase> phases(rules * longest_block);
    std::array<Ns, longest_block> times;
    std::array<std::int16_t, longest_block> first;
    std::int64_t back = 0;
    for (std::size_t at = 0; at < steps; at += longest_block) {
        const std::size_t size = std::min(longest_block, steps - at);
        Ns last = device.last;
        for (std::size_t i = 0; i < size; ++i) {
            const Ns t = to_ns(seconds[at + i]);
            back += t < last;
            times[i] = last = std::max(t, last);
        }
        for (std::int32_t c = 0; c < plan_->columns; ++c) registers_.set_column(c, columns[c] + at);
        start_block(size);
        std::fill_n(first.begin(), size, static_cast<std::int16_t>(rules));
        registers_.run_carried(*plan_, plan_->conditions, size, memory.bands(0), memory.devices());
        for (std::size_t r = rules; r-- > 0;) {
            Phase* row = phases.data() + r * longest_block;
            advance_row(memory, r, size, times.data(), row);
            for (std::size_t i = 0; i < size; ++i) {
                if (takes_part(row[i])) first[i] = static_cast<std::int16_t>(r);
            }
        }
        for (std::size_t i = 0; i < size; ++i) {
            if (stays(device, first[i])) {
                out.put(at + i, {device.active, device.active, first[i], Reason::unchanged});
                continue;
            }
            std::int32_t rule = 0;
            const std::int32_t target = target_at(device, phases.data() + i, longest_block, first[i], i, rule);
            out.put(at + i, decide(device, target, rule, times[i], true));
        }
        device.last = times[size - 1];
    }
    return back;
}

void Evaluator::run_fleet(PolicyMemory& memory, const double* const* columns, const double* seconds, std::size_t steps,
                          std::size_t begin, std::size_t end, const OutcomeColumns& out) {
    const std::size_t devices = memory.devices();
    std::array<Ns, longest_block> times;
    std::array<std::int16_t, longest_block> first;
    for (std::size_t from = begin; from < end; from += longest_block) {
        const std::size_t size = std::min(longest_block, end - from);
        for (std::size_t s = 0; s < steps; ++s) {
            const Ns now = to_ns(seconds[s]);
            const std::size_t at = s * devices + from;
            for (std::size_t i = 0; i < size; ++i) times[i] = std::max(now, memory.device(from + i).last);
            for (std::int32_t c = 0; c < plan_->columns; ++c) registers_.set_column(c, columns[c] + at);
            start_block(size);
            registers_.run_devices(*plan_, plan_->conditions, size, memory.bands(from), devices);
            std::fill_n(first.begin(), size, static_cast<std::int16_t>(plan_->rules.size()));
            for (std::size_t r = plan_->rules.size(); r-- > 0;) {
                const RulePlan& rule = plan_->rules[r];
                const Truth* when = registers_.truth(rule.when);
                Phase* phases = memory.phases(r, from);
                RuleTimes* rule_times = memory.times(r, from);
                if (std::memchr(when, yes, size) == nullptr && all_idle(phases, size)) continue;
                for (std::size_t i = 0; i < size; ++i) {
                    advance(phases[i], rule_times[i], rule, when[i], until_of(rule, when[i], i), times[i]);
                    if (takes_part(phases[i])) first[i] = static_cast<std::int16_t>(r);
                }
            }
            for (std::size_t i = 0; i < size; ++i) {
                DeviceMemory& device = memory.device(from + i);
                if (stays(device, first[i])) {
                    device.last = times[i];
                    out.put(at + i, {device.active, device.active, first[i], Reason::unchanged});
                    continue;
                }
                std::int32_t rule = 0;
                const std::int32_t target = target_at(device, memory.phases(0, from + i), devices, first[i], i, rule);
                out.put(at + i, decide(device, target, rule, times[i], true));
            }
        }
    }
}

}  // namespace edgeadapt
