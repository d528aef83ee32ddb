// One swap request and how it ended; what a caller of swap_to keeps and waits on.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "edgeadapt/generation.hpp"
#include "edgeadapt/lifecycle.hpp"
#include "edgeadapt/process_mark.hpp"

namespace edgeadapt {

// What a request is for: to serve; to be kept beside what serves; to serve again, as its host or an inference error
// wants; or to serve again after a gap in which another one failed.
enum class Kind : std::uint8_t { swap, preload, rollback, recovery };

[[nodiscard]] std::string_view name(Kind kind) noexcept;

// What happened to a request: accepted (`state` idle) or ended (`state` final). A rollback that inference errors led to
// had no request: its event comes alone.
struct Event {
    std::string variant;
    Kind kind = Kind::swap;
    State state = State::idle;
    State stage = State::idle;            // where it was when it ended
    std::optional<std::string> previous;  // what served before; after a rollback, what it is the rollback of
    std::uint64_t generation = 0;         // what serves now; 0: nothing
    double load_time_s = 0.0;
    std::string reason;
    std::shared_ptr<void> cause;  // the activator's own error, which the core only keeps
};

// Thread rule: any thread.
class Request {
public:
    Request(std::string variant, Kind kind, std::optional<Clock::time_point> deadline_)
        : deadline(deadline_), variant_(std::move(variant)), kind_(kind) {}
    // A request whose wish is fulfilled already, ended by `trigger`.
    Request(Event serving, Trigger trigger);

    const std::optional<Clock::time_point> deadline;

    [[nodiscard]] const std::string& variant() const noexcept { return variant_; }
    [[nodiscard]] Kind kind() const;
    // Makes a preload a request to serve.
    void turn_into(Kind kind);
    // False in a forked child, where it never ends and its mutex may be locked for ever.
    [[nodiscard]] bool is_here() const noexcept { return process_.is_here(); }
    [[nodiscard]] State state() const;
    [[nodiscard]] bool is_done() const { return is_final(state()); }

    // Moves on to a state that is not final; false when the request has ended meanwhile.
    [[nodiscard]] bool advance(Trigger trigger);
    // Ends the request, completes `event` with its states, and wakes who waits; false when it had ended before.
    [[nodiscard]] bool finish(Trigger trigger, Event& event);

    [[nodiscard]] bool await(Clock::time_point until) const;
    // How it ended, once it has.
    [[nodiscard]] std::optional<Event> outcome() const;

private:
    const ProcessMark process_;
    const std::string variant_;
    mutable std::mutex mutex_;
    mutable std::condition_variable ended_;
    Kind kind_;
    Lifecycle lifecycle_;
    std::optional<Event> outcome_;
};

}  // namespace edgeadapt
