#include "onnx_session.hpp"

#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <cstring>
#include <exception>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "numpy_array.hpp"
#include "onnx_infer.hpp"
#include "python_thread.hpp"

namespace nb = nanobind;
using namespace nb::literals;
using edgeadapt::LoadCancellation;
using edgeadapt::OrtLibrary;
using edgeadapt::OrtSession;
using edgeadapt::TensorInfo;
using edgeadapt::ort::ElementType;

namespace {

[[noreturn]] void raise_failure(const std::exception_ptr& failure) {
    const char* type = nullptr;
    nb::object text;
    try {
        std::rethrow_exception(failure);
    } catch (const edgeadapt::OrtError& error) {
        type = "LoadRefusedError";
        text = text_of(error.what());
    } catch (const edgeadapt::OrtUnavailable& error) {
        type = "NoNativeError";
        text = text_of(error.what());
    } catch (const edgeadapt::LoadCancelled& error) {
        type = "LoadCancelledError";
        text = text_of(error.what());
    }
    const nb::object errors = nb::module_::import_("edgeadapt.backends.onnx_errors");
    PyErr_SetObject(nb::object(errors.attr(type)).ptr(), text.ptr());
    throw nb::python_error();
}

// Runs `body` without the GIL; what it throws comes out as Python's.
template <class Body>
void run_apart(Body&& body) {
    std::exception_ptr failure;
    without_gil([&] {
        try {
            body();
        } catch (...) {
            failure = std::current_exception();
        }
    });
    if (failure) raise_failure(failure);
}

// Thread rule: the GIL guards `session`; a run in progress keeps a share of its own.
struct PythonOnnxSession {
    std::shared_ptr<const OrtSession> session;

    PythonOnnxSession(const std::filesystem::path& library, const std::string& label, const nb::object& source,
                      std::optional<int> intra_op_threads, std::optional<int> inter_op_threads,
                      std::optional<int> graph_level, std::vector<std::pair<std::string, std::string>> config_entries,
                      LoadCancellation& cancellation) {
        if (Numpy::find() == nullptr) throw nb::python_error();
        edgeadapt::OrtSettings settings{intra_op_threads, inter_op_threads, std::nullopt, std::move(config_entries)};
        if (graph_level) settings.graph_level = static_cast<edgeadapt::ort::GraphLevel>(*graph_level);
        edgeadapt::ModelSource model;
        if (nb::isinstance<nb::bytes>(source)) {
            const auto bytes = nb::borrow<nb::bytes>(source);
            model = edgeadapt::ModelBytes{{bytes.c_str(), bytes.size()}, share_python(nb::borrow(bytes).release().ptr())};
        } else {
            model = nb::cast<std::filesystem::path>(source);
        }
        run_apart([&] { session = OrtSession::load(OrtLibrary::open(library), label, model, settings, cancellation); });
    }
    PythonOnnxSession(const PythonOnnxSession&) = delete;
    PythonOnnxSession& operator=(const PythonOnnxSession&) = delete;
    // A session's end takes milliseconds.
    ~PythonOnnxSession() {
        without_gil([this] { session.reset(); });
    }
};

// ONNX Runtime's Python API's name of a type.
const char* name_of(ElementType type) {
    switch (type) {
        case ElementType::float32: return "tensor(float)";
        case ElementType::uint8: return "tensor(uint8)";
        case ElementType::int8: return "tensor(int8)";
        case ElementType::uint16: return "tensor(uint16)";
        case ElementType::int16: return "tensor(int16)";
        case ElementType::int32: return "tensor(int32)";
        case ElementType::int64: return "tensor(int64)";
        case ElementType::boolean: return "tensor(bool)";
        case ElementType::float16: return "tensor(float16)";
        case ElementType::float64: return "tensor(double)";
        case ElementType::uint32: return "tensor(uint32)";
        case ElementType::uint64: return "tensor(uint64)";
        case ElementType::undefined: break;
    }
    return "";
}

nb::list shape_of(const TensorInfo& info) {
    nb::list out;
    for (std::size_t axis = 0; axis < info.dims.size(); ++axis) {
        const std::string& symbol = info.symbols[axis];
        if (info.dims[axis] >= 0) {
            out.append(nb::int_(info.dims[axis]));
        } else if (!symbol.empty()) {
            out.append(nb::cast(symbol));
        } else {
            out.append(nb::none());
        }
    }
    return out;
}

std::string version_of(const std::filesystem::path& path) {
    std::string version;
    run_apart([&] { version = OrtLibrary::open(path).version(); });
    return version;
}

nb::object infer(const PythonOnnxSession& self, nb::handle inputs, std::optional<double> timeout_s) {
    const auto session = self.session;
    std::optional<edgeadapt::Clock::time_point> until;
    if (timeout_s) {
        const std::chrono::duration<double> wait(*timeout_s < 86400.0 ? *timeout_s : 86400.0);
        until = edgeadapt::Clock::now() + std::chrono::duration_cast<edgeadapt::Clock::duration>(wait);
    }
    nb::object out = infer_native(*session, inputs, until);
    return out.is_valid() ? out : nb::borrow(Py_NotImplemented);
}

}  // namespace

std::shared_ptr<const OrtSession> native_session_of(nb::handle backend) noexcept {
    PyObject* found = guarded([=] { return PyObject_GetAttrString(backend.ptr(), "native"); });
    if (found == nullptr) PyErr_Clear();
    std::shared_ptr<const OrtSession> session;
    if (found != nullptr && nb::isinstance<PythonOnnxSession>(found)) {
        session = nb::inst_ptr<PythonOnnxSession>(found)->session;
    }
    drop_python(found);
    return session;
}

void bind_onnx_session(nb::module_& m) {
    m.def("onnx_runtime_version", &version_of, "library"_a,
          nb::sig("def onnx_runtime_version(library: str) -> str"),
          "Return the version of ONNX Runtime's library at a path; raises NoNativeError where it can't be used.");
    nb::class_<TensorInfo>(m, "TensorInfo", "What an input or output of a session is, as ONNX Runtime's Python API says.")
        .def_ro("name", &TensorInfo::name)
        .def_prop_ro("type", [](const TensorInfo& self) { return name_of(self.type); })
        .def_prop_ro("shape", &shape_of, nb::sig("def shape(self) -> list[int | str | None]"));
    nb::class_<LoadCancellation>(m, "LoadCancellation", "Ends one load, from any thread.")
        .def(nb::init<>())
        .def("cancel", &LoadCancellation::cancel, "End the wait for another load, and the load.")
        .def_prop_ro("is_cancelled", &LoadCancellation::is_cancelled);
    nb::class_<PythonOnnxSession>(m, "OnnxSession",
                                  "A model loaded by ONNX Runtime's C API; any number of threads may run it at once.")
        .def(nb::init<const std::filesystem::path&, const std::string&, const nb::object&, std::optional<int>,
                      std::optional<int>, std::optional<int>, std::vector<std::pair<std::string, std::string>>,
                      LoadCancellation&>(),
             "library"_a, "label"_a, "source"_a, nb::kw_only(), "intra_op_threads"_a.none(), "inter_op_threads"_a.none(),
             "graph_level"_a.none(), "config_entries"_a, "cancellation"_a,
             nb::sig("def __init__(self, library: str, label: str, source: str | bytes, *, "
                     "intra_op_threads: int | None, inter_op_threads: int | None, graph_level: int | None, "
                     "config_entries: collections.abc.Sequence[tuple[str, str]], cancellation: LoadCancellation) -> None"))
        .def_prop_ro("inputs", [](const PythonOnnxSession& self) { return self.session->inputs(); })
        .def_prop_ro("outputs", [](const PythonOnnxSession& self) { return self.session->outputs(); })
        .def("infer", &infer, "inputs"_a.none(), "timeout_s"_a = nb::none(),
             nb::sig("def infer(self, inputs: object, timeout_s: float | None = None) -> typing.Any"),
             "Run on plain arrays; NotImplemented for anything else.");
}
