// A DeviceState's signals as the evaluator's numbers: unknown is NaN, a word its place, a boolean 0 or 1.
//
// Thread rule: with the GIL.
#pragma once

#include <nanobind/nanobind.h>

#include <vector>

class StateReader {
  public:
    // One row a column: (attribute, factor, divisor, words). A number's canonical value is value * factor / divisor, of
    // which one is 1.
    StateReader(nanobind::handle state_type, nanobind::handle rows);

    // Fill `values`, one number a row, and return the timestamp in seconds. Throws TypeError for what is no
    // DeviceState.
    double read(PyObject* state, double* values) const;

    // Whether some value of the state had to be clamped to its range.
    bool was_clamped(PyObject* state) const;

  private:
    struct Row {
        nanobind::str attribute;
        Py_ssize_t offset;
        double factor;
        double divisor;
        std::vector<nanobind::str> words;
    };

    Py_ssize_t offset_of(const char* attribute) const;
    nanobind::object attribute(PyObject* state, Py_ssize_t offset, nanobind::handle name) const;
    static double number(const Row& row, PyObject* value);

    nanobind::object type_;
    std::vector<Row> rows_;
    nanobind::str timestamp_name_{"timestamp"};
    nanobind::str clamped_name_{"clamped"};
    Py_ssize_t timestamp_;
    Py_ssize_t clamped_;
};
