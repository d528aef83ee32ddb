#include "onnx_locations.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <exception>
#include <new>
#include <set>
#include <string>
#include <system_error>

#if defined(_WIN32)
#include <io.h>
#else
#include <unistd.h>
#endif

#include "edgeadapt/ort_locations.hpp"
#include "python_thread.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace {

std::size_t read_file(int descriptor, std::uint64_t at, char* into, std::size_t count) {
#if defined(_WIN32)
    const bool is_there = _lseeki64(descriptor, static_cast<__int64>(at), SEEK_SET) >= 0;
    const int found = is_there ? _read(descriptor, into, static_cast<unsigned>(count)) : -1;
#else
    const ssize_t found = pread(descriptor, into, count, static_cast<off_t>(at));
#endif
    if (found < 0) throw std::system_error(errno, std::generic_category());
    return static_cast<std::size_t>(found);
}

nb::list locations(nb::handle source, std::uint64_t size) {
    edgeadapt::ReadAt read;
    if (nb::isinstance<nb::bytes>(source)) {
        const char* data = PyBytes_AS_STRING(source.ptr());
        size = std::min<std::uint64_t>(size, static_cast<std::uint64_t>(PyBytes_GET_SIZE(source.ptr())));
        read = [data, size](std::uint64_t at, char* into, std::size_t count) {
            const std::size_t found = at < size ? static_cast<std::size_t>(std::min<std::uint64_t>(count, size - at)) : 0;
            std::memcpy(into, data + at, found);
            return found;
        };
    } else {
        read = [descriptor = nb::cast<int>(source)](std::uint64_t at, char* into, std::size_t count) {
            return read_file(descriptor, at, into, count);
        };
    }
    std::set<std::string> found;
    int error = 0;
    without_gil([&] {
        try {
            found = edgeadapt::ort_locations(size, read);
        } catch (const std::system_error& failure) {
            error = failure.code().value();
        } catch (const std::bad_alloc&) {
            error = ENOMEM;
        }
    });
    if (error != 0) {
        errno = error;
        PyErr_SetFromErrno(PyExc_OSError);
        throw nb::python_error();
    }
    nb::list out;
    for (const std::string& each : found) out.append(nb::bytes(each.data(), each.size()));
    return out;
}

}  // namespace

void bind_onnx_locations(nb::module_& m) {
    m.def("onnx_locations", &locations, "source"_a, "size"_a,
          nb::sig("def onnx_locations(source: int | bytes, size: int) -> list[bytes]"),
          "Return where an ONNX model of `size` bytes, open or in memory, keeps weights in other files, as it writes it.");
}
