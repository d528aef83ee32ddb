// A plan made by `edgeadapt/runtime/plan.py` as the evaluator's own.
#pragma once

#include <nanobind/nanobind.h>

#include <string_view>
#include <vector>

#include "edgeadapt/plan.hpp"

// Throws what nanobind throws for values of the wrong type, std::invalid_argument for a plan that is none.
edgeadapt::Plan read_plan(nanobind::handle plan);

// The names of the operations, in the order of their codes.
std::vector<std::string_view> op_code_names();
