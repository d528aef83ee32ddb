#include "kernel_files.hpp"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "edgeadapt/kernel_files.hpp"
#include "edgeadapt/kernel_text.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace {

using Keys = nb::typed<nb::tuple, nb::str, nb::ellipsis>;
using Counters = nb::typed<nb::tuple, nb::int_, nb::ellipsis>;
using Numbers = nb::typed<nb::tuple, std::optional<nb::int_>, nb::ellipsis>;

// INVARIANT: `is_reading_` is read and written with the GIL held, which `refresh` gives away in between.
class SharedFiles {
public:
    explicit SharedFiles(std::string root) : files_(std::move(root)) {}

    edgeadapt::KernelFiles& idle() {
        if (is_reading_) throw std::runtime_error("another thread is reading these files");
        return files_;
    }

    // Some drivers take milliseconds to answer: other threads go on meanwhile.
    void refresh() {
        edgeadapt::KernelFiles& files = idle();
        is_reading_ = true;
        try {
            nb::gil_scoped_release released;
            files.refresh();
        } catch (...) {
            is_reading_ = false;
            throw;
        }
        is_reading_ = false;
    }

private:
    edgeadapt::KernelFiles files_;
    bool is_reading_ = false;
};

std::string_view content_of(SharedFiles& self, std::size_t file) {
    return self.idle().content(file).value_or(std::string_view());
}

template <typename T>
nb::tuple tuple_of(const std::vector<T>& values) {
    nb::tuple made = nb::steal<nb::tuple>(PyTuple_New(static_cast<Py_ssize_t>(values.size())));
    if (!made.is_valid()) throw nb::python_error();
    Py_ssize_t place = 0;
    for (const T& value : values) PyTuple_SET_ITEM(made.ptr(), place++, nb::cast(value).release().ptr());
    return made;
}

std::optional<nb::str> text(SharedFiles& self, std::size_t file) {
    const auto content = self.idle().content(file);
    if (!content) return std::nullopt;
    const auto shown = edgeadapt::trimmed(*content);
    PyObject* made = PyUnicode_DecodeUTF8(shown.data(), static_cast<Py_ssize_t>(shown.size()), "replace");
    if (made == nullptr) throw nb::python_error();
    return nb::steal<nb::str>(made);
}

std::optional<std::int64_t> integer(SharedFiles& self, std::size_t file) {
    const auto content = self.idle().content(file);
    return content ? edgeadapt::integer_of(*content) : std::nullopt;
}

Numbers numbers(SharedFiles& self, std::size_t file, const Keys& keys) {
    std::vector<std::string_view> names;
    names.reserve(keys.size());
    for (nb::handle key : keys) {
        Py_ssize_t size = 0;
        const char* data = PyUnicode_AsUTF8AndSize(key.ptr(), &size);
        if (data == nullptr) throw nb::python_error();
        names.emplace_back(data, static_cast<std::size_t>(size));
    }
    return Numbers(tuple_of(edgeadapt::numbers_of(content_of(self, file), names)));
}

Counters counters(SharedFiles& self, std::size_t file, const nb::str& key) {
    return Counters(tuple_of(edgeadapt::counters_of(content_of(self, file), key.c_str())));
}

std::optional<double> decimal(SharedFiles& self, std::size_t file, const nb::str& prefix) {
    return edgeadapt::decimal_after(content_of(self, file), prefix.c_str());
}

}  // namespace

void bind_kernel_files(nb::module_& m) {
    nb::class_<SharedFiles>(m, "KernelFiles",
                            "Small files under a root, read through kept descriptors. See edgeadapt.profiler.kernel_files.")
        .def(nb::init<std::string>(), "root"_a)
        .def_prop_ro("root", [](SharedFiles& self) { return self.idle().root(); })
        .def("add", [](SharedFiles& self, const std::string& path) { return self.idle().add(path); }, "path"_a,
             "Return the number of the file at a path from the root on; the same one each time.")
        .def("path", [](SharedFiles& self, std::size_t file) { return self.idle().path(file); }, "file"_a)
        .def("refresh", &SharedFiles::refresh, "Read what was asked for since the last time, in one go and without the GIL.")
        .def("text", &text, "file"_a, "Return a file's text without the blanks around it; None where it cannot be read.")
        .def("integer", &integer, "file"_a, "Return a file's one integer; None where there is none.")
        .def("numbers", &numbers, "file"_a, "keys"_a, "Return the number of each key's first line; None where there is none.")
        .def("counters", &counters, "file"_a, "key"_a, "Return the integers after the key on its first line.")
        .def("decimal", &decimal, "file"_a, "prefix"_a, "Return the number right after the prefix; None where there is none.")
        .def("retry", [](SharedFiles& self) { self.idle().retry(); }, "Try again to open what was not there.")
        .def("close", [](SharedFiles& self) { self.idle().close(); }, "Close every descriptor; a later read opens its file again.");
}
