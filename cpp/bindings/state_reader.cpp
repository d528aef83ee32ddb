#include "state_reader.hpp"

#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <structmember.h>

#include <limits>
#include <string>
#include <tuple>

namespace nb = nanobind;

StateReader::StateReader(nb::handle state_type, nb::handle rows) : type_(nb::borrow(state_type)) {
    using Source = std::tuple<nb::str, double, double, std::vector<nb::str>>;
    for (auto& [attribute, factor, divisor, words] : nb::cast<std::vector<Source>>(rows)) {
        PyObject* interned = attribute.release().ptr();
        PyUnicode_InternInPlace(&interned);
        nb::str name = nb::steal<nb::str>(interned);
        const Py_ssize_t offset = offset_of(name.c_str());
        rows_.push_back({std::move(name), offset, factor, divisor, std::move(words)});
    }
    timestamp_ = offset_of("timestamp");
    clamped_ = offset_of("clamped");
}

// Slots are plain pointers at a fixed place in the object; where an attribute is no slot, -1, and it is asked for by name.
Py_ssize_t StateReader::offset_of(const char* attribute) const {
    nb::object descriptor = nb::getattr(type_, attribute, nb::none());
    if (!Py_IS_TYPE(descriptor.ptr(), &PyMemberDescr_Type)) return -1;
    const PyMemberDef* member = reinterpret_cast<PyMemberDescrObject*>(descriptor.ptr())->d_member;
    return member->type == T_OBJECT_EX ? member->offset : -1;
}

nb::object StateReader::attribute(PyObject* state, Py_ssize_t offset, nb::handle name) const {
    if (offset >= 0) {
        PyObject* value = *reinterpret_cast<PyObject**>(reinterpret_cast<char*>(state) + offset);
        if (value != nullptr) return nb::borrow(value);
    }
    return nb::getattr(nb::handle(state), name);
}

double StateReader::number(const Row& row, PyObject* value) {
    if (value == Py_None) return std::numeric_limits<double>::quiet_NaN();
    if (PyFloat_CheckExact(value)) return PyFloat_AS_DOUBLE(value) * row.factor / row.divisor;
    if (value == Py_True) return 1;
    if (value == Py_False) return 0;
    for (std::size_t place = 0; place < row.words.size(); ++place) {
        const int same = PyObject_RichCompareBool(value, row.words[place].ptr(), Py_EQ);
        if (same < 0) throw nb::python_error();
        if (same == 1) return static_cast<double>(place);
    }
    throw nb::type_error("a signal of this state has a value that DeviceState does not allow");
}

double StateReader::read(PyObject* state, double* values) const {
    if (!PyObject_TypeCheck(state, reinterpret_cast<PyTypeObject*>(type_.ptr()))) {
        throw nb::type_error("`step` takes a DeviceState");
    }
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        const Row& row = rows_[i];
        // The common case borrows the slot's own reference: the state is alive for the whole call.
        PyObject* value = row.offset >= 0
                              ? *reinterpret_cast<PyObject**>(reinterpret_cast<char*>(state) + row.offset)
                              : nullptr;
        values[i] = value != nullptr ? number(row, value)
                                     : number(row, nb::getattr(nb::handle(state), row.attribute).ptr());
    }
    return PyFloat_AsDouble(attribute(state, timestamp_, timestamp_name_).ptr());
}

bool StateReader::was_clamped(PyObject* state) const {
    nb::object clamped = attribute(state, clamped_, clamped_name_);
    return !PyTuple_CheckExact(clamped.ptr()) || PyTuple_GET_SIZE(clamped.ptr()) != 0;
}
