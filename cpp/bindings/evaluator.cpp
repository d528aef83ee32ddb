#include "evaluator.hpp"

#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <thread>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "edgeadapt/evaluator.hpp"
#include "plan_reader.hpp"
#include "state_reader.hpp"

namespace nb = nanobind;
using namespace nb::literals;
using namespace edgeadapt;

namespace {

using Doubles = nb::ndarray<const double, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Table = nb::ndarray<const double, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
using RuleRow = std::tuple<int, std::optional<Ns>, std::optional<Ns>, std::optional<Ns>, std::optional<Ns>>;
using MemoryRow =
    std::tuple<std::optional<Ns>, std::vector<bool>, std::vector<RuleRow>, std::int32_t, std::vector<Ns>>;

using Indices = nb::ndarray<nb::numpy, std::int16_t>;
// target, active, rule, reason
using BatchArrays = std::tuple<Indices, Indices, Indices, nb::ndarray<nb::numpy, std::uint8_t>>;

std::optional<Ns> to_python(Ns at) { return at == never ? std::nullopt : std::optional<Ns>(at); }
Ns from_python(std::optional<Ns> at) { return at.value_or(never); }

// The outcomes of many steps, given to numpy without a copy.
struct Batch {
    std::unique_ptr<std::int16_t[]> target, active, rule;
    std::unique_ptr<std::uint8_t[]> reason;
    std::size_t size;

    explicit Batch(std::size_t steps)
        : target(new std::int16_t[steps]),
          active(new std::int16_t[steps]),
          rule(new std::int16_t[steps]),
          reason(new std::uint8_t[steps]),
          size(steps) {}

    OutcomeColumns columns() const { return {target.get(), active.get(), rule.get(), reason.get()}; }

    template <class T>
    static nb::ndarray<nb::numpy, T> array(std::unique_ptr<T[]>& data, const std::vector<std::size_t>& shape) {
        T* raw = data.release();
        nb::capsule owner(raw, [](void* p) noexcept { delete[] static_cast<T*>(p); });
        return nb::ndarray<nb::numpy, T>(raw, shape.size(), shape.data(), owner);
    }

    BatchArrays to_numpy(const std::vector<std::size_t>& shape) {
        return {array(target, shape), array(active, shape), array(rule, shape), array(reason, shape)};
    }
};

std::vector<const double*> pointers(const std::vector<Doubles>& columns, const Plan& plan, std::size_t steps) {
    if (columns.size() != static_cast<std::size_t>(plan.columns)) {
        throw std::invalid_argument("there is not one column for each signal and input that the policy reads");
    }
    std::vector<const double*> out;
    for (const Doubles& column : columns) {
        if (column.shape(0) != steps) throw std::invalid_argument("the columns are not of one length");
        out.push_back(column.data());
    }
    return out;
}

void check_times(const double* seconds, std::size_t steps) {
    for (std::size_t i = 0; i < steps; ++i) {
        // NaN fails it too.
        if (!(seconds[i] >= -latest_s && seconds[i] <= latest_s)) {
            throw std::invalid_argument("a timestamp is not finite, or beyond 3e9 seconds");
        }
    }
}

// One device's session. What happens rarely (inputs, unavailable variants, explanations, a restored memory) is done by
// the Python subclass, whose hooks are the methods with a leading underscore.
//
// Thread rule: with the GIL, which every method holds but `run_trace`.
class Stepper {
  public:
    Stepper(nb::handle plan, nb::handle state_type, nb::handle rows, bool auto_commit)
        : plan_(read_plan(plan)),
          evaluator_(plan_, 1),
          memory_(plan_, 1),
          reader_(state_type, rows),
          signals_(static_cast<std::size_t>(nb::len(rows))),
          values_(static_cast<std::size_t>(plan_.columns), unknown_number),
          auto_commit_(auto_commit) {
        if (signals_ > values_.size()) throw std::invalid_argument("there are more signals than columns");
    }

    nb::object step(nb::handle state, nb::handle inputs, nb::handle variants, bool explain) {
        if (explain || restored_) return nb::find(this).attr("_step_by_reference")(state, inputs, variants, explain);
        const double seconds = reader_.read(state.ptr(), values_.data());
        if (!(seconds >= -latest_s && seconds <= latest_s)) throw nb::value_error("a timestamp is beyond 3e9 seconds");
        if (signals_ < values_.size()) take_inputs(inputs);
        else if (!inputs.is_none()) nb::find(this).attr("_take_inputs")(inputs);
        if (!variants.is_none() || restricted_) restrict(variants);
        if (reader_.was_clamped(state.ptr())) nb::find(this).attr("_count_clamped")(state);
        Ns t = to_ns(seconds);
        const Ns last = memory_.device(0).last;
        if (t < last) {
            ++steps_back_;
            t = last;
        }
        return decision(evaluator_.step(memory_, values_.data(), t, auto_commit_));
    }

    void committed(std::int32_t variant, Ns at) {
        if (variant < 0 || variant >= plan_.variants) throw nb::index_error("there is no such variant");
        commit(memory_.device(0), variant, at);
    }

    BatchArrays run_trace(const std::vector<Doubles>& columns, const Doubles& seconds) {
        const std::size_t steps = seconds.shape(0);
        const std::vector<const double*> data = pointers(columns, plan_, steps);
        check_times(seconds.data(), steps);
        Batch batch(steps);
        {
            nb::gil_scoped_release released;
            Evaluator evaluator(plan_, Evaluator::longest_block);
            steps_back_ += evaluator.run_trace(memory_, data.data(), seconds.data(), steps, batch.columns());
        }
        return batch.to_numpy({steps});
    }

    MemoryRow memory() {
        const DeviceMemory& device = memory_.device(0);
        std::vector<bool> bands;
        for (std::int32_t i = 0; i < plan_.bands; ++i) bands.push_back(memory_.bands(0)[i] == yes);
        std::vector<RuleRow> rules;
        for (std::size_t r = 0; r < plan_.rules.size(); ++r) {
            const RuleTimes& times = *memory_.times(r, 0);
            rules.emplace_back(static_cast<int>(*memory_.phases(r, 0)), to_python(times.since), to_python(times.ended),
                               to_python(times.entry), to_python(times.exit));
        }
        return {to_python(device.last), bands, rules, device.active, device.commits};
    }

    void set_memory(const MemoryRow& row) {
        const auto& [last, bands, rules, active, commits] = row;
        if (bands.size() != static_cast<std::size_t>(plan_.bands) || rules.size() != plan_.rules.size() ||
            active < -1 || active >= plan_.variants) {
            throw nb::value_error("the memory is of another policy");
        }
        for (std::size_t i = 0; i < bands.size(); ++i) memory_.bands(0)[i] = bands[i] ? yes : no;
        for (std::size_t r = 0; r < rules.size(); ++r) {
            const auto& [phase, since, ended, entry, exit] = rules[r];
            if (phase < 0 || phase > static_cast<int>(Phase::ending)) throw nb::value_error("there is no such phase");
            *memory_.phases(r, 0) = static_cast<Phase>(phase);
            *memory_.times(r, 0) = {from_python(since), from_python(ended), from_python(entry), from_python(exit)};
        }
        memory_.device(0) = {active, from_python(last), commits};
    }

    std::int64_t steps_back() const { return steps_back_; }
    bool restored() const { return restored_; }
    void set_restored(bool restored) { restored_ = restored; }
    std::int32_t active() { return memory_.device(0).active; }

    std::vector<int> phases() {
        std::vector<int> out;
        for (std::size_t r = 0; r < plan_.rules.size(); ++r) out.push_back(static_cast<int>(*memory_.phases(r, 0)));
        return out;
    }

  private:
    void take_inputs(nb::handle inputs) {
        std::fill(values_.begin() + static_cast<std::ptrdiff_t>(signals_), values_.end(), unknown_number);
        if (inputs.is_none()) return;
        const auto given = nb::cast<std::vector<double>>(nb::find(this).attr("_take_inputs")(inputs));
        if (given.size() != values_.size() - signals_) throw nb::value_error("there is not one value for each input");
        std::copy(given.begin(), given.end(), values_.begin() + static_cast<std::ptrdiff_t>(signals_));
    }

    void restrict(nb::handle variants) {
        std::vector<bool> available(static_cast<std::size_t>(plan_.variants), true);
        if (!variants.is_none()) available = nb::cast<std::vector<bool>>(nb::find(this).attr("_available")(variants));
        restricted_ = false;
        for (const bool one : available) restricted_ = restricted_ || !one;
        evaluator_.set_available(std::move(available));
    }

    // A policy has few different decisions, so each is made once.
    nb::object decision(const Outcome& outcome) {
        const auto variants = static_cast<std::uint64_t>(plan_.variants) + 1;
        const std::uint64_t key =
            ((static_cast<std::uint64_t>(outcome.rule) * variants + static_cast<std::uint64_t>(outcome.target + 1)) *
                 variants + static_cast<std::uint64_t>(outcome.active + 1)) * reason_count +
            static_cast<std::uint64_t>(outcome.reason);
        if (key == last_key_) return last_decision_;
        nb::object& known = decisions_[key];
        if (!known.is_valid()) {
            known = nb::find(this).attr("_decision")(outcome.target, outcome.active, outcome.swaps(), outcome.rule,
                                   static_cast<int>(outcome.reason));
        }
        last_key_ = key;
        last_decision_ = known;
        return known;
    }

    Plan plan_;
    Evaluator evaluator_;
    PolicyMemory memory_;
    StateReader reader_;
    std::size_t signals_;
    std::vector<double> values_;
    bool auto_commit_;
    bool restricted_ = false;
    bool restored_ = false;
    std::int64_t steps_back_ = 0;
    std::unordered_map<std::uint64_t, nb::object> decisions_;
    std::uint64_t last_key_ = ~std::uint64_t{0};
    nb::object last_decision_;
};

// Many devices under one policy, each with a memory of its own.
class Fleet {
  public:
    Fleet(nb::handle plan, std::size_t devices) : plan_(read_plan(plan)), memory_(plan_, devices) {}

    BatchArrays run(const std::vector<Table>& columns, const Doubles& seconds, std::size_t threads) {
        const std::size_t steps = seconds.shape(0), devices = memory_.devices();
        if (columns.size() != static_cast<std::size_t>(plan_.columns)) {
            throw std::invalid_argument("there is not one column for each signal and input that the policy reads");
        }
        std::vector<const double*> data;
        for (const Table& column : columns) {
            if (column.shape(0) != steps || column.shape(1) != devices) {
                throw std::invalid_argument("a column has not one row a step and one entry a device");
            }
            data.push_back(column.data());
        }
        check_times(seconds.data(), steps);
        Batch batch(steps * devices);
        {
            nb::gil_scoped_release released;
            run_threads(data, seconds.data(), steps, std::max<std::size_t>(1, threads), batch.columns());
        }
        return batch.to_numpy({steps, devices});
    }

  private:
    void run_threads(const std::vector<const double*>& data, const double* seconds, std::size_t steps,
                     std::size_t threads, const OutcomeColumns& out) {
        const std::size_t devices = memory_.devices();
        // Shares are whole blocks, so that no two threads write to one cache line of a device's memory.
        const std::size_t blocks = (devices + Evaluator::longest_block - 1) / Evaluator::longest_block;
        const std::size_t share = ((blocks + threads - 1) / threads) * Evaluator::longest_block;
        const auto work = [&](std::size_t begin) {
            Evaluator evaluator(plan_, Evaluator::longest_block);
            evaluator.run_fleet(memory_, data.data(), seconds, steps, begin, std::min(devices, begin + share), out);
        };
        std::vector<std::jthread> others;
        for (std::size_t begin = share; begin < devices; begin += share) others.emplace_back(work, begin);
        if (devices > 0) work(0);
    }

    Plan plan_;
    PolicyMemory memory_;
};

}  // namespace

void bind_evaluator(nb::module_& m) {
    m.def("op_code_names", &op_code_names, "List the plan's operations in the order of their codes.");
    m.def("to_ns", &to_ns, "seconds"_a, "Round a time in seconds once to whole nanoseconds, half to even.");

    nb::class_<Stepper>(m, "Stepper", "One device's session under a plan; `edgeadapt.runtime.native` completes it.")
        .def(nb::init<nb::handle, nb::handle, nb::handle, bool>(), "plan"_a, "state_type"_a, "rows"_a,
             "auto_commit"_a)
        .def("step", &Stepper::step, "state"_a.none(), "inputs"_a = nb::none(), "variants"_a = nb::none(),
             "explain"_a = false,
             nb::sig("def step(self, state: Any, inputs: Any = None, variants: Any = None, explain: bool = False) -> Any"),
             "Decide for one state; see `edgeadapt.runtime.Session.step`.")
        .def("run_trace", &Stepper::run_trace, "columns"_a, "seconds"_a,
             "Decide for consecutive steps, each committing its own swap; returns target, active, rule and reason.")
        .def_prop_ro("active_index", &Stepper::active, "The active variant's place in the family, -1 for none.")
        .def_prop_ro("phase_codes", &Stepper::phases, "Each rule's phase after the last step.")
        .def_prop_ro("steps_back", &Stepper::steps_back, "How often a timestamp was earlier than the one before it.")
        .def_prop_rw("waits_for_reference", &Stepper::restored, &Stepper::set_restored,
                     "Whether the next step is the reference's, which finds a restored memory's place on the clock.")
        .def_prop_rw("memory_row", &Stepper::memory, &Stepper::set_memory,
                     "The memory as (last, bands, rules, active, commits); a rule is (phase, since, ended, entry, exit).")
        .def("commit", &Stepper::committed, "variant"_a, "at"_a, "Take notice that a variant serves since `at`, in ns.");

    nb::class_<Fleet>(m, "Fleet", "Many devices under one plan, each with a memory of its own.")
        .def(nb::init<nb::handle, std::size_t>(), "plan"_a, "devices"_a)
        .def("run", &Fleet::run, "columns"_a, "seconds"_a, "threads"_a = 1,
             "Decide for every device at each of the steps; returns target, active, rule and reason, [steps, devices].");
}
