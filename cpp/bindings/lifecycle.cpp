#include "lifecycle.hpp"

#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <string_view>
#include <tuple>
#include <vector>

#include "edgeadapt/lifecycle.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace {

using Row = std::tuple<std::string_view, std::string_view, std::string_view>;

std::vector<Row> table() {
    std::vector<Row> rows;
    for (const edgeadapt::Transition& row : edgeadapt::transitions) {
        rows.emplace_back(name(row.from), name(row.trigger), name(row.to));
    }
    return rows;
}

template <class List>
std::vector<std::string_view> names(const List& all) {
    std::vector<std::string_view> out;
    for (const auto one : all) out.push_back(name(one));
    return out;
}

edgeadapt::Trigger trigger_named(std::string_view text) {
    for (const edgeadapt::Trigger trigger : edgeadapt::all_triggers) {
        if (name(trigger) == text) return trigger;
    }
    throw nb::value_error("there is no such trigger; `lifecycle_triggers()` lists them");
}

}  // namespace

void bind_lifecycle(nb::module_& m) {
    m.def("lifecycle_states", [] { return names(edgeadapt::all_states); },
          "List the states of a swap request.");
    m.def("lifecycle_triggers", [] { return names(edgeadapt::all_triggers); },
          "List what moves a swap request from state to state.");
    m.def("lifecycle_transitions", &table, "List the legal moves as (from, trigger, to).");

    nb::class_<edgeadapt::Lifecycle>(m, "Lifecycle", "One swap request's place in the table.")
        .def(nb::init<>())
        .def_prop_ro("state", [](const edgeadapt::Lifecycle& self) { return name(self.state()); })
        .def("apply",
             [](edgeadapt::Lifecycle& self, std::string_view text) { return self.apply(trigger_named(text)); },
             "trigger"_a, "Follow the table; return False and stay when it has no such move.");
}
