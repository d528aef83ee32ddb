// NumPy arrays read and made by NumPy's C interface, at a tenth of what the buffer protocol costs.
//
// An array's leading fields and the places in NumPy's table of functions are its ABI, the same in 1.x and 2.x; what is
// found is held against what Python says before it is relied on.
#pragma once

#include <Python.h>

#include <cstddef>
#include <cstdint>

#include "edgeadapt/ort_api.hpp"

// The leading fields of `numpy.dtype` and `numpy.ndarray`.
struct NumpyDtype {
    PyObject_HEAD
    PyObject* scalar_type;
    char kind;
    char letter;
    char byte_order;
    char flags;
    int number;
};
struct NumpyArray {
    PyObject_HEAD
    void* data;
    int rank;
    Py_ssize_t* dims;
    Py_ssize_t* strides;
    PyObject* base;
    NumpyDtype* dtype;
    int flags;
};

// Thread rule: the GIL.
class Numpy {
public:
    // Imports NumPy at the first call. Null, with Python's error set, where there is none or it is not as known here.
    [[nodiscard]] static const Numpy* find();
    // Null before the first `find` that found it.
    [[nodiscard]] static const Numpy* found() noexcept { return instance_; }

    // An array and no subclass, in C order and native byte order, of a type that ONNX Runtime has too: else null.
    [[nodiscard]] const NumpyArray* as_plain(PyObject* object) const noexcept;
    [[nodiscard]] static edgeadapt::ort::ElementType type_of(const NumpyArray& array) noexcept;

    // A new array, not filled; null with Python's error set.
    [[nodiscard]] NumpyArray* make(edgeadapt::ort::ElementType type, std::size_t rank, const std::int64_t* dims) const;

private:
    using New = PyObject*(PyTypeObject*, int, const Py_ssize_t*, int, const Py_ssize_t*, void*, int, int, PyObject*);

    static const Numpy* instance_;
    PyTypeObject* array_type_ = nullptr;
    New* new_ = nullptr;
};
