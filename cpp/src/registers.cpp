#include "edgeadapt/registers.hpp"

#include <algorithm>
#include <cfloat>
#include <cmath>

// The loops run twice as fast with wider registers where the processor has them; the choice is made when the library is
// loaded, which is before a sanitizer is ready. Results are the same to the bit: no fused operation is allowed.
#if defined(__x86_64__) && defined(__linux__) && defined(__GNUC__) && !defined(__SANITIZE_THREAD__) && \
    !defined(__SANITIZE_ADDRESS__)
#define EDGEADAPT_WIDE __attribute__((target_clones("avx2", "default"), flatten))
#else
#define EDGEADAPT_WIDE
#endif

namespace edgeadapt {

namespace {

// What is not finite is unknown.
inline double finite(double x) { return std::fabs(x) <= DBL_MAX ? x : unknown_number; }

inline Truth as_truth(bool x) { return x ? yes : no; }

template <class F>
void numbers(double* out, const double* a, const double* b, std::size_t size, F f) {
    for (std::size_t i = 0; i < size; ++i) out[i] = finite(f(a[i], b[i]));
}

template <class F>
void compare(Truth* out, const double* a, const double* b, std::size_t size, F f) {
    for (std::size_t i = 0; i < size; ++i) {
        // NaN is the one value that differs from itself.
        const bool known = (a[i] == a[i]) & (b[i] == b[i]);
        out[i] = static_cast<Truth>(2 * (f(a[i], b[i]) & known) + !known);
    }
}

template <class F>
void truths(Truth* out, const Truth* a, const Truth* b, std::size_t size, F f) {
    for (std::size_t i = 0; i < size; ++i) out[i] = f(a[i], b[i]);
}

// A band enters by `inside(a, b)` and stays by `inside(a, widened b)`; an unknown operand keeps the memory.
template <class Inside, class Widen>
inline Truth band(Truth held, double a, double b, double w, Inside inside, Widen widen) {
    if (a != a || b != b) return held;
    return as_truth(inside(a, b) || (held == yes && inside(a, widen(b, w))));
}

inline double above(double b, double w) { return b + w; }
inline double below(double b, double w) { return b - w; }

// One device: the memory is carried from step to step.
struct Carried {
    Truth* memory;
    std::size_t stride;
    template <class F>
    void each(std::int32_t index, Truth* out, std::size_t size, F f) const {
        Truth& kept = memory[static_cast<std::size_t>(index) * stride];
        Truth held = kept;
        for (std::size_t i = 0; i < size; ++i) out[i] = held = f(held, i);
        kept = held;
    }
};

// Many devices: each has its own.
struct Beside {
    Truth* memory;
    std::size_t stride;
    template <class F>
    void each(std::int32_t index, Truth* out, std::size_t size, F f) const {
        Truth* held = memory + static_cast<std::size_t>(index) * stride;
        for (std::size_t i = 0; i < size; ++i) out[i] = held[i] = f(held[i], i);
    }
};

}  // namespace

Registers::Registers(const Plan& plan, std::size_t capacity) : capacity_(capacity) {
    const auto columns = static_cast<std::size_t>(plan.columns);
    const auto all = static_cast<std::size_t>(plan.number_registers());
    number_store_.resize((all - columns) * capacity);
    numbers_.resize(all, nullptr);
    offsets_.resize(all, 0);
    for (std::size_t i = columns; i < all; ++i) {
        offsets_[i] = (i - columns) * capacity;
        numbers_[i] = number_store_.data() + offsets_[i];
    }
    for (std::size_t i = 0; i < plan.constants.size(); ++i) {
        double* store = number_store_.data() + i * capacity;
        std::fill(store, store + capacity, plan.constants[i]);
    }
    const auto truth_count = static_cast<std::size_t>(plan.truth_registers());
    truth_store_.resize(truth_count * capacity);
    for (std::size_t i = 0; i < truth_count; ++i) truths_.push_back(truth_store_.data() + i * capacity);
    for (Truth value : {no, unknown, yes}) {
        std::fill_n(truth_store_.data() + value * capacity, capacity, value);
    }
}

template <class Bands>
void Registers::run_all(const Plan& plan, OpRange range, std::size_t size, Bands&& bands) {
    for (std::int32_t at = range.begin; at < range.end; ++at) {
        const Op& op = plan.ops[static_cast<std::size_t>(at)];
        const auto na = [&] { return number(op.a); };
        const auto nb = [&] { return number(op.b); };
        const auto ta = [&] { return truth(op.a); };
        const auto tb = [&] { return truth(op.b); };
        const auto bound = [&](auto inside, auto widen) {
            const double *a = number(op.a), *b = number(op.b), *w = number(op.c);
            bands.each(op.memory, truth_out(op.out), size, [=](Truth held, std::size_t i) {
                return band(held, a[i], b[i], w[i], inside, widen);
            });
        };
        switch (op.code) {
            case OpCode::add:
                numbers(number_out(op.out), na(), nb(), size, [](double a, double b) { return a + b; });
                break;
            case OpCode::subtract:
                numbers(number_out(op.out), na(), nb(), size, [](double a, double b) { return a - b; });
                break;
            case OpCode::multiply:
                numbers(number_out(op.out), na(), nb(), size, [](double a, double b) { return a * b; });
                break;
            case OpCode::scale_left:
                numbers(number_out(op.out), na(), nb(), size, [](double a, double b) { return (a / 100) * b; });
                break;
            case OpCode::scale_right:
                numbers(number_out(op.out), na(), nb(), size, [](double a, double b) { return a * (b / 100); });
                break;
            case OpCode::divide:
                numbers(number_out(op.out), na(), nb(), size, [](double a, double b) { return a / b; });
                break;
            case OpCode::divide_by_ratio:
                numbers(number_out(op.out), na(), nb(), size, [](double a, double b) { return a / (b / 100); });
                break;
            case OpCode::negate:
                numbers(number_out(op.out), na(), na(), size, [](double a, double) { return -a; });
                break;
            case OpCode::number_or:
                numbers(number_out(op.out), na(), nb(), size, [](double a, double b) { return a == a ? a : b; });
                break;
            case OpCode::less:
                compare(truth_out(op.out), na(), nb(), size, [](double a, double b) { return a < b; });
                break;
            case OpCode::less_equal:
                compare(truth_out(op.out), na(), nb(), size, [](double a, double b) { return a <= b; });
                break;
            case OpCode::greater:
                compare(truth_out(op.out), na(), nb(), size, [](double a, double b) { return a > b; });
                break;
            case OpCode::greater_equal:
                compare(truth_out(op.out), na(), nb(), size, [](double a, double b) { return a >= b; });
                break;
            case OpCode::equal:
                compare(truth_out(op.out), na(), nb(), size, [](double a, double b) { return a == b; });
                break;
            case OpCode::not_equal:
                compare(truth_out(op.out), na(), nb(), size, [](double a, double b) { return a != b; });
                break;
            case OpCode::number_known: {
                const double* a = na();
                Truth* out = truth_out(op.out);
                for (std::size_t i = 0; i < size; ++i) out[i] = as_truth(a[i] == a[i]);
                break;
            }
            case OpCode::number_unknown: {
                const double* a = na();
                Truth* out = truth_out(op.out);
                for (std::size_t i = 0; i < size; ++i) out[i] = as_truth(a[i] != a[i]);
                break;
            }
            case OpCode::truth_of: {
                const double* a = na();
                Truth* out = truth_out(op.out);
                for (std::size_t i = 0; i < size; ++i) out[i] = a[i] == a[i] ? as_truth(a[i] != 0) : unknown;
                break;
            }
            case OpCode::both:
                truths(truth_out(op.out), ta(), tb(), size, [](Truth a, Truth b) { return std::min(a, b); });
                break;
            case OpCode::either:
                truths(truth_out(op.out), ta(), tb(), size, [](Truth a, Truth b) { return std::max(a, b); });
                break;
            case OpCode::inverse:
                truths(truth_out(op.out), ta(), ta(), size,
                       [](Truth a, Truth) { return static_cast<Truth>(yes - a); });
                break;
            case OpCode::same:
                truths(truth_out(op.out), ta(), tb(), size, [](Truth a, Truth b) {
                    return a == unknown || b == unknown ? unknown : as_truth(a == b);
                });
                break;
            case OpCode::differ:
                truths(truth_out(op.out), ta(), tb(), size, [](Truth a, Truth b) {
                    return a == unknown || b == unknown ? unknown : as_truth(a != b);
                });
                break;
            case OpCode::truth_known:
                truths(truth_out(op.out), ta(), ta(), size, [](Truth a, Truth) { return as_truth(a != unknown); });
                break;
            case OpCode::truth_unknown:
                truths(truth_out(op.out), ta(), ta(), size, [](Truth a, Truth) { return as_truth(a == unknown); });
                break;
            case OpCode::truth_or:
                truths(truth_out(op.out), ta(), tb(), size, [](Truth a, Truth b) { return a == unknown ? b : a; });
                break;
            case OpCode::band_less:
                bound([](double a, double b) { return a < b; }, above);
                break;
            case OpCode::band_less_equal:
                bound([](double a, double b) { return a <= b; }, above);
                break;
            case OpCode::band_greater:
                bound([](double a, double b) { return a > b; }, below);
                break;
            case OpCode::band_greater_equal:
                bound([](double a, double b) { return a >= b; }, below);
                break;
        }
    }
}

EDGEADAPT_WIDE void Registers::run_carried(const Plan& plan, OpRange range, std::size_t size, Truth* bands, std::size_t stride) {
    run_all(plan, range, size, Carried{bands, stride});
}

EDGEADAPT_WIDE void Registers::run_devices(const Plan& plan, OpRange range, std::size_t size, Truth* bands, std::size_t stride) {
    run_all(plan, range, size, Beside{bands, stride});
}

}  // namespace edgeadapt
