// The swapper: one slot, one loader thread with a mailbox of one, a reaper and a notifier.
//
// At most one request is open. A request for the open one's variant, or for what already serves, joins; any other
// supersedes the open one at once, whose load goes on to its end, unheeded. A commit and a supersede exclude each other
// by the mutex, so a superseded load never becomes active.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>

#include "edgeadapt/activator.hpp"
#include "edgeadapt/notifier.hpp"
#include "edgeadapt/reaper.hpp"
#include "edgeadapt/request.hpp"
#include "edgeadapt/slot.hpp"
#include "edgeadapt/worker.hpp"

namespace edgeadapt {

// Nothing serves: closed, not started, or inherited through a fork.
class NotServing : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
    [[nodiscard]] static NotServing after_fork() {
        return NotServing("this swapper was made before the fork; make a new one in the child process");
    }
};

// attempted = succeeded + failed + superseded + timed_out + cancelled, once nothing is open; joined counts apart.
struct Counters {
    std::uint64_t attempted = 0;
    std::uint64_t succeeded = 0;
    std::uint64_t failed = 0;
    std::uint64_t superseded = 0;
    std::uint64_t timed_out = 0;
    std::uint64_t cancelled = 0;
    std::uint64_t joined = 0;
    std::uint64_t untold = 0;  // events left out of a backlog
};

struct Status {
    std::optional<std::string> active;
    std::uint64_t generation = 0;
    std::optional<std::string> requested;  // the open request's variant
    State stage = State::idle;             // and where it is
    bool is_waiting_for_room = false;      // it waits for an old generation to end
    std::size_t resident = 0;
    std::optional<Clock::duration> oldest_lease_age;  // of a lease that keeps an old generation
    bool is_closed = false;
};

struct SwapperOptions {
    std::size_t max_resident = 3;
    std::function<void()> trim = &trim_memory;
    Clock::duration trim_interval = std::chrono::seconds(1);
};

// Thread rule: any thread. INVARIANT: nothing type-erased (payload, cause, activator, listener) is called or destroyed
// with a lock held, so a caller may hold an outer lock, such as Python's, that those want.
class Swapper : public std::enable_shared_from_this<Swapper> {
public:
    // Starts the threads, which keep the swapper until they end; whoever made it must close it.
    [[nodiscard]] static std::shared_ptr<Swapper> start(std::unique_ptr<Activator> activator,
                                                        std::function<void(const Event&)> listener,
                                                        SwapperOptions options = {});
    Swapper(const Swapper&) = delete;
    Swapper& operator=(const Swapper&) = delete;
    ~Swapper() = default;

    // Throws NotServing once closed, and in a forked child, as every other function here but close.
    [[nodiscard]] std::shared_ptr<Request> swap_to(const std::string& variant);
    // Without a generation where nothing serves.
    [[nodiscard]] ReadLease read();
    // Throws NotServing where nothing serves.
    [[nodiscard]] HeldLease hold();
    // Throws the NotServing that says why nothing serves.
    [[noreturn]] void refuse() const;

    [[nodiscard]] Counters counters() const;
    [[nodiscard]] Status status() const;

    // Cancels the open request and lets nothing new in; true if by `until` all threads ended, but for a reaper that
    // waits on held leases. What is left ends on its own, later, and activates nothing.
    bool close(Clock::time_point until);

    // True on the thread where loads run, which must not wait for one.
    [[nodiscard]] bool is_loader_thread() const noexcept { return loader_thread_.is_this_thread(); }
    [[nodiscard]] bool is_here() const noexcept { return slot_->is_here(); }

private:
    Swapper(std::unique_ptr<Activator> activator, std::function<void(const Event&)> listener, SwapperOptions options);

    void run_loader();
    void serve(Request& request);
    void commit(Request& request, Payload payload, double load_time_s);
    void fail(Request& request, const char* reason, std::shared_ptr<void> cause, double load_time_s);

    // These need the mutex.
    [[nodiscard]] std::shared_ptr<Request> open_request() const;
    void end(Request& request, Trigger trigger, Event event, std::uint64_t Counters::*counter);
    [[nodiscard]] Event event_about(const std::string& variant) const;

    std::unique_ptr<Activator> activator_;  // the loader thread's; gone when that ends
    const std::shared_ptr<Slot> slot_ = std::make_shared<Slot>();
    const std::size_t max_resident_;
    Notifier notifier_;
    Reaper reaper_;

    mutable std::mutex mutex_;
    std::condition_variable loader_wakes_;
    std::shared_ptr<Request> mailbox_;  // asked for, not begun
    std::shared_ptr<Request> begun_;    // the loader has it; it may have ended already, by a supersede
    Counters counters_;
    std::uint64_t last_number_ = 0;
    bool is_closed_ = false;

    Worker loader_thread_;
    Worker notifier_thread_;
    Worker reaper_thread_;
};

}  // namespace edgeadapt
