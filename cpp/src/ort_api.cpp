#include "edgeadapt/ort_api.hpp"

namespace edgeadapt::ort {
namespace {

constexpr std::size_t cancellation_place = 293;

template <class Function>
bool read(const void* table, std::size_t place, Function*& entry) noexcept {
    using AnyFunction = void (*)();
    entry = reinterpret_cast<Function*>(static_cast<const AnyFunction*>(table)[place]);
    return entry != nullptr;
}

}  // namespace

std::string_view read_table(const void* table, std::uint32_t level, Api& api) noexcept {
#define EDGEADAPT_ORT_READ(place, name, ...) \
    if (!read(table, place, api.name)) return #name;
    EDGEADAPT_ORT_ENTRIES(EDGEADAPT_ORT_READ)
#undef EDGEADAPT_ORT_READ
    // Without it, loads only end by themselves.
    if (level >= cancellation_level) {
        static_cast<void>(read(table, cancellation_place, api.SessionOptionsSetLoadCancellationFlag));
    }
    return {};
}

}  // namespace edgeadapt::ort
