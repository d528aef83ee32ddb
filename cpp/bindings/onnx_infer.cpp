// From arrays to arrays: `infer_native`.
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <cstring>
#include <exception>
#include <string>
#include <utility>

#include "edgeadapt/companion.hpp"
#include "edgeadapt/ort_run.hpp"
#include "numpy_array.hpp"
#include "onnx_infer.hpp"
#include "onnx_session.hpp"
#include "python_thread.hpp"

namespace nb = nanobind;
using edgeadapt::OrtRun;
using edgeadapt::OrtSession;
using edgeadapt::TensorInfo;
using edgeadapt::TensorView;

namespace {

// Above it, a copy takes longer than giving the GIL away and back.
constexpr std::size_t long_copy_bytes = 64 * 1024;
// NumPy 2's limit.
constexpr std::size_t most_dims = 64;

bool fits(const NumpyArray& array, const TensorInfo& input) noexcept {
    if (Numpy::type_of(array) != input.type) return false;
    // An empty shape is a scalar or an unknown rank; the runtime knows.
    if (input.dims.empty()) return true;
    if (static_cast<std::size_t>(array.rank) != input.dims.size()) return false;
    for (std::size_t axis = 0; axis < input.dims.size(); ++axis) {
        if (input.dims[axis] >= 0 && input.dims[axis] != array.dims[axis]) return false;
    }
    return true;
}

TensorView view_of(const NumpyArray& array) noexcept {
    std::size_t bytes = edgeadapt::ort::size_of(Numpy::type_of(array));
    for (int axis = 0; axis < array.rank; ++axis) bytes *= static_cast<std::size_t>(array.dims[axis]);
    return {array.data, reinterpret_cast<const std::int64_t*>(array.dims), static_cast<std::size_t>(array.rank), bytes};
}

// The arrays of one run, which another thread must not free meanwhile.
class Arrays {
public:
    explicit Arrays(const OrtSession& session)
        : session_(session), held_(session.inputs().size()), views_(session.inputs().size()) {}
    Arrays(const Arrays&) = delete;
    Arrays& operator=(const Arrays&) = delete;
    ~Arrays() {
        for (std::size_t index = 0; index < held_.size(); ++index) drop_python(held_[index]);
    }

    // False for what does not fit as it is.
    [[nodiscard]] bool take(const Numpy& numpy, std::size_t index, PyObject* object) {
        const NumpyArray* array = numpy.as_plain(object);
        if (array == nullptr || !fits(*array, session_.inputs()[index])) return false;
        Py_INCREF(object);
        PyObject* before = std::exchange(held_[index], object);
        if (before != nullptr) drop_python(before);
        views_[index] = view_of(*array);
        return true;
    }
    [[nodiscard]] const TensorView* views() const noexcept { return views_.data(); }

private:
    const OrtSession& session_;
    edgeadapt::Few<PyObject*, 4> held_;
    edgeadapt::Few<TensorView, 4> views_;
};

bool take_all(const Numpy& numpy, Arrays& arrays, const OrtSession& session, PyObject* inputs) {
    const std::size_t count = session.inputs().size();
    if (PyDict_CheckExact(inputs)) {
        if (static_cast<std::size_t>(PyDict_GET_SIZE(inputs)) != count) return false;
        for (std::size_t index = 0; index < count; ++index) {
            const std::string& name = session.inputs()[index].name;
            PyObject* key = PyUnicode_FromStringAndSize(name.data(), static_cast<Py_ssize_t>(name.size()));
            // A key of the dict may run Python code of its own to be compared.
            PyObject* value = key == nullptr ? nullptr : guarded([&] { return PyDict_GetItemWithError(inputs, key); });
            Py_XDECREF(key);
            if (value == nullptr) {
                PyErr_Clear();
                return false;
            }
            if (!arrays.take(numpy, index, value)) return false;
        }
        return true;
    }
    if (PyList_CheckExact(inputs) || PyTuple_CheckExact(inputs)) {
        if (static_cast<std::size_t>(PySequence_Fast_GET_SIZE(inputs)) != count) return false;
        for (std::size_t index = 0; index < count; ++index) {
            PyObject* value = PySequence_Fast_GET_ITEM(inputs, static_cast<Py_ssize_t>(index));
            if (!arrays.take(numpy, index, value)) return false;
        }
        return true;
    }
    return count == 1 && arrays.take(numpy, 0, inputs);
}

// A dict of what was given as plain arrays; throws Python's InputError.
nb::object plain_of(const OrtSession& session, nb::handle inputs) {
    const nb::object plain = nb::module_::import_("edgeadapt.backends.onnx_inputs").attr("plain");
    const nb::object described = nb::cast(session.inputs());
    PyObject* arguments[] = {described.ptr(), inputs.ptr()};
    PyObject* made = call_python(plain.ptr(), arguments, 2);
    if (made == nullptr) throw nb::python_error();
    return nb::steal(made);
}

// Throws, as Python's, what is in flight.
[[noreturn]] void raise_as_python(const OrtSession& session, const std::exception_ptr& failure) {
    const nb::module_ errors = nb::module_::import_("edgeadapt.backends.onnx_errors");
    nb::object error;
    try {
        std::rethrow_exception(failure);
    } catch (const edgeadapt::OrtError& found) {
        nb::list inputs;
        for (const TensorInfo& input : session.inputs()) inputs.append(nb::cast(input));
        error = errors.attr("run_failed")(session.label(), found.code, text_of(found.what()), inputs);
    } catch (const edgeadapt::RunTimedOut&) {
        error = errors.attr("run_timed_out")(session.label());
    } catch (const std::exception& found) {
        error = errors.attr("run_refused")(session.label(), text_of(found.what()));
    }
    PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(error.ptr())), error.ptr());
    throw nb::python_error();
}

void run_without_gil(OrtRun& run, std::optional<edgeadapt::Clock::time_point> until, std::exception_ptr& failure) {
    without_gil([&] {
        try {
            edgeadapt::Companion::run([&] { run.run(until); });
        } catch (...) {
            failure = std::current_exception();
        }
    });
}

// A new array with an output's numbers.
nb::object copy_of(const Numpy& numpy, const OrtSession& session, const OrtRun& run, std::size_t index) {
    const OrtRun::Output& output = run.output(index);
    std::int64_t dims[most_dims];
    if (output.rank > most_dims) throw nb::value_error("the model gives more dimensions than NumPy has");
    run.read_dims(index, dims);
    NumpyArray* array = numpy.make(session.outputs()[index].type, output.rank, dims);
    if (array == nullptr) throw nb::python_error();
    const TensorView view = view_of(*array);
    if (view.bytes > long_copy_bytes) {
        without_gil([&] { std::memcpy(array->data, output.data, view.bytes); });
    } else if (view.bytes > 0) {
        std::memcpy(array->data, output.data, view.bytes);
    }
    return nb::steal(reinterpret_cast<PyObject*>(array));
}

}  // namespace

nb::object text_of(const char* text) {
    // What a model's file says may be no UTF-8.
    return nb::steal(PyUnicode_DecodeUTF8(text, static_cast<Py_ssize_t>(std::strlen(text)), "replace"));
}

nb::object infer_native(const OrtSession& session, nb::handle inputs,
                        std::optional<edgeadapt::Clock::time_point> until) {
    const Numpy* numpy = Numpy::found();
    if (numpy == nullptr) return {};
    Arrays arrays(session);
    if (!take_all(*numpy, arrays, session, inputs.ptr())) {
        // The Python path could not be ended at a time.
        if (!until || !take_all(*numpy, arrays, session, plain_of(session, inputs).ptr())) return {};
    }
    OrtRun run(session);
    std::exception_ptr failure;
    try {
        run.bind(arrays.views());
        run_without_gil(run, until, failure);
    } catch (const nb::python_error&) {
        throw;
    } catch (...) {
        failure = std::current_exception();
    }
    if (failure) raise_as_python(session, failure);
    const std::size_t count = session.outputs().size();
    if (count == 1) return copy_of(*numpy, session, run, 0);
    nb::dict out;
    for (std::size_t index = 0; index < count; ++index) {
        out[nb::str(session.outputs()[index].name.c_str(), session.outputs()[index].name.size())] = copy_of(*numpy, session, run, index);
    }
    return out;
}
