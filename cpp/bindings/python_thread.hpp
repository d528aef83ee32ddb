// How our own threads enter Python, and how any thread leaves and re-enters it, at any time up to the process's end.
//
// Until 3.14 CPython ends a thread that asks for the GIL while the interpreter finalizes, by pthread_exit. Its
// unwinding would run destructors without the GIL, and end the process at the first `noexcept` or `catch (...)`. As in
// 3.14, such a thread hangs instead: `HangOnUnwind` stands innermost around each call that may ask for the GIL.
#pragma once

#include <Python.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <thread>

class HangOnUnwind {
public:
    HangOnUnwind() = default;
    HangOnUnwind(const HangOnUnwind&) = delete;
    HangOnUnwind& operator=(const HangOnUnwind&) = delete;
    ~HangOnUnwind() {
        while (!is_done_) std::this_thread::sleep_for(std::chrono::hours(1));
    }
    void done() noexcept { is_done_ = true; }

private:
    bool is_done_ = false;
};

inline bool is_python_over() noexcept {
#if PY_VERSION_HEX >= 0x030D0000
    return Py_IsInitialized() == 0 || Py_IsFinalizing() != 0;
#else
    return Py_IsInitialized() == 0 || _Py_IsFinalizing() != 0;
#endif
}

// Runs one call into CPython that may run Python code; needs the GIL.
template <class Call>
auto guarded(Call&& call) {
    HangOnUnwind guard;
    auto result = call();
    guard.done();
    return result;
}

// Calls a callable with `count` arguments; needs the GIL. Returns a new reference, or null with Python's error set.
inline PyObject* call_python(PyObject* callable, PyObject* const* arguments, std::size_t count) {
    return guarded([=] { return PyObject_Vectorcall(callable, arguments, count, nullptr); });
}

// Gives a reference back; needs the GIL. What dies of it may run Python code.
inline void drop_python(PyObject* object) {
    HangOnUnwind guard;
    Py_XDECREF(object);
    guard.done();
}

// Reports Python's current error where nobody can catch it; needs the GIL.
inline void report_unraisable(PyObject* where) {
    HangOnUnwind guard;
    PyErr_WriteUnraisable(where);
    guard.done();
}

// Runs `body` with the GIL, on any thread; false, and not run, once the interpreter finalizes. `body` must not throw,
// and calls Python only through the functions above.
template <class Body>
bool with_gil(Body&& body) {
    if (is_python_over()) return false;
    HangOnUnwind guard;
    const PyGILState_STATE state = PyGILState_Ensure();
    body();
    PyGILState_Release(state);
    guard.done();
    return true;
}

// Runs `body` without the GIL; needs it before and has it after. `body` must not throw.
template <class Body>
void without_gil(Body&& body) {
    PyThreadState* state = PyEval_SaveThread();
    body();
    HangOnUnwind returning;
    PyEval_RestoreThread(state);
    returning.done();
}

// A reference that any thread may drop at any time; one dropped after the interpreter's end is left to the process's.
inline std::shared_ptr<PyObject> share_python(PyObject* stolen) {
    return {stolen, [](PyObject* object) noexcept { with_gil([object] { drop_python(object); }); }};
}
