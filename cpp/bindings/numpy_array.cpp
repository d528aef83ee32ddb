#include "numpy_array.hpp"

#include <nanobind/nanobind.h>

#include <array>
#include <memory>

namespace nb = nanobind;
using edgeadapt::ort::ElementType;

namespace {

constexpr std::size_t array_type_place = 2;
constexpr std::size_t new_place = 93;
constexpr int c_contiguous = 0x1;
constexpr int aligned = 0x100;

// NumPy's numbers of its types; two may mean the same element.
constexpr std::array<ElementType, 24> elements = [] {
    std::array<ElementType, 24> out{};
    constexpr bool is_long_64 = sizeof(long) == 8;
    out[0] = ElementType::boolean;
    out[1] = ElementType::int8;
    out[2] = ElementType::uint8;
    out[3] = ElementType::int16;
    out[4] = ElementType::uint16;
    out[5] = ElementType::int32;
    out[6] = ElementType::uint32;
    out[7] = is_long_64 ? ElementType::int64 : ElementType::int32;
    out[8] = is_long_64 ? ElementType::uint64 : ElementType::uint32;
    out[9] = ElementType::int64;
    out[10] = ElementType::uint64;
    out[11] = ElementType::float32;
    out[12] = ElementType::float64;
    out[23] = ElementType::float16;
    return out;
}();

// The number that NumPy itself gives `numpy.dtype("int64")` and its kin: a `long` where one fits.
constexpr int number_of(ElementType type) noexcept {
    if (elements[7] == type) return 7;
    if (elements[8] == type) return 8;
    for (std::size_t number = 0; number < elements.size(); ++number) {
        if (elements[number] == type) return static_cast<int>(number);
    }
    return -1;
}

nb::object table_of_numpy() {
    try {
        return nb::module_::import_("numpy._core._multiarray_umath").attr("_ARRAY_API");
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_ImportError)) throw;
    }
    // Before 2.0.
    return nb::module_::import_("numpy.core._multiarray_umath").attr("_ARRAY_API");
}

// Whether an array's fields are where they are looked for.
bool is_as_known(const Numpy& numpy, nb::handle object, ElementType type) {
    const NumpyArray* array = numpy.as_plain(object.ptr());
    if (array == nullptr || Numpy::type_of(*array) != type) return false;
    const nb::tuple shape(object.attr("shape"));
    const nb::object place = object.attr("__array_interface__")["data"][0];
    bool is_same = nb::cast<std::uintptr_t>(place) == reinterpret_cast<std::uintptr_t>(array->data);
    is_same = is_same && static_cast<std::size_t>(array->rank) == shape.size();
    for (std::size_t axis = 0; is_same && axis < shape.size(); ++axis) {
        is_same = nb::cast<Py_ssize_t>(shape[axis]) == array->dims[axis];
    }
    return is_same;
}

void verify(const Numpy& numpy) {
    if (sizeof(Py_ssize_t) != sizeof(std::int64_t)) throw nb::import_error("this platform's NumPy has 32-bit sizes");
    const nb::module_ module = nb::module_::import_("numpy");
    const std::int64_t dims[] = {2, 3, 5};
    struct Case {
        ElementType type;
        const char* name;
    };
    for (const Case& each : {Case{ElementType::float32, "float32"}, Case{ElementType::int64, "int64"},
                             Case{ElementType::boolean, "bool"}, Case{ElementType::float16, "float16"}}) {
        const nb::object theirs = module.attr("empty")(nb::make_tuple(7, 11), each.name);
        NumpyArray* made = numpy.make(each.type, 3, dims);
        if (made == nullptr) throw nb::python_error();
        const nb::object ours = nb::steal(reinterpret_cast<PyObject*>(made));
        if (!is_as_known(numpy, theirs, each.type) || !is_as_known(numpy, ours, each.type) ||
            !ours.attr("dtype").equal(theirs.attr("dtype")) || !ours.attr("shape").equal(nb::make_tuple(2, 3, 5))) {
            throw nb::import_error("this NumPy's arrays are not laid out as expected");
        }
    }
    // Swapped bytes, gaps and subclasses are told apart.
    const nb::object swapped = module.attr("empty")(4, ">f4"), whole = module.attr("empty")(4, "f4");
    if (numpy.as_plain(swapped.ptr()) != nullptr || numpy.as_plain(whole[nb::slice(nb::none(), nb::none(), nb::int_(2))].ptr()) != nullptr) {
        throw nb::import_error("this NumPy's arrays are not marked as expected");
    }
}

}  // namespace

const Numpy* Numpy::instance_ = nullptr;

const Numpy* Numpy::find() {
    if (instance_ != nullptr) return instance_;
    try {
        const nb::object capsule = table_of_numpy();
        auto* const* table = static_cast<void* const*>(PyCapsule_GetPointer(capsule.ptr(), nullptr));
        if (table == nullptr) throw nb::python_error();
        auto made = std::make_unique<Numpy>();
        made->array_type_ = static_cast<PyTypeObject*>(table[array_type_place]);
        made->new_ = reinterpret_cast<New*>(reinterpret_cast<void (*)()>(table[new_place]));
        if (nb::handle(nb::module_::import_("numpy").attr("ndarray")).ptr() != reinterpret_cast<PyObject*>(made->array_type_)) {
            throw nb::import_error("this NumPy's table is not as expected");
        }
        verify(*made);
        instance_ = made.release();  // to the process's end, as NumPy is
    } catch (nb::python_error& error) {
        error.restore();
    } catch (const nb::builtin_exception& error) {
        PyErr_SetString(PyExc_ImportError, error.what());
    }
    return instance_;
}

const NumpyArray* Numpy::as_plain(PyObject* object) const noexcept {
    // A subclass may mean something else by its numbers.
    if (Py_TYPE(object) != array_type_) return nullptr;
    const auto* array = reinterpret_cast<const NumpyArray*>(object);
    constexpr int needed = c_contiguous | aligned;
    if ((array->flags & needed) != needed) return nullptr;
    const char order = array->dtype->byte_order;
    if (order != '=' && order != '|') return nullptr;
    return type_of(*array) != ElementType::undefined ? array : nullptr;
}

ElementType Numpy::type_of(const NumpyArray& array) noexcept {
    const auto number = static_cast<std::size_t>(array.dtype->number);
    return number < elements.size() ? elements[number] : ElementType::undefined;
}

NumpyArray* Numpy::make(ElementType type, std::size_t rank, const std::int64_t* dims) const {
    return reinterpret_cast<NumpyArray*>(new_(array_type_, static_cast<int>(rank), reinterpret_cast<const Py_ssize_t*>(dims),
                                              number_of(type), nullptr, nullptr, 0, 0, nullptr));
}
