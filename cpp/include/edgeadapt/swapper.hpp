// The swapper: one slot, one loader thread, a reaper, a notifier and a watchdog.
//
// At most one request to serve is open. A request for the open one's variant, or for what already serves, joins; any
// other supersedes the open one at once and has its load cancelled; where the load can't be, it goes on to its end,
// unheeded. What is resident already, preloaded or kept for a probation, serves at once, on the caller's thread. A
// preload waits behind swaps in a place of its own. A commit and any other end of a request exclude each other by the
// mutex, so a load that was superseded, timed out or cancelled never becomes active.
//
// Its parts: swapper.cpp has the requests, loader.cpp a load's stages, gap.cpp what happens while nothing serves,
// probation.cpp what is kept after a commit, watchdog.cpp deadlines and cancelling.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "edgeadapt/activator.hpp"
#include "edgeadapt/notifier.hpp"
#include "edgeadapt/reaper.hpp"
#include "edgeadapt/request.hpp"
#include "edgeadapt/slot.hpp"
#include "edgeadapt/swapper_status.hpp"
#include "edgeadapt/trial.hpp"
#include "edgeadapt/trim.hpp"
#include "edgeadapt/worker.hpp"

namespace edgeadapt {

// Nothing serves: closed, not started, in a gap, or inherited through a fork.
class NotServing : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
    [[nodiscard]] static NotServing after_fork() {
        return NotServing("this swapper was made before the fork; make a new one in the child process");
    }
};

// There is nothing to roll back to.
class NoPrevious : public std::logic_error {
public:
    NoPrevious() : std::logic_error("there is no variant to roll back to: none served before this one") {}
};

struct SwapperOptions {
    std::size_t max_resident = 3;
    std::function<void()> trim = &trim_memory;
    Clock::duration trim_interval = std::chrono::seconds(1);
    std::optional<Clock::duration> load_timeout = std::nullopt;  // from the request on; none: no limit
    std::optional<ProbationRules> probation = std::nullopt;
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

    // Every function here but close throws NotServing in a forked child; these three once closed too.
    [[nodiscard]] std::shared_ptr<Request> swap_to(const std::string& variant);
    // A preload of another variant supersedes the one before it.
    [[nodiscard]] std::shared_ptr<Request> preload(const std::string& variant);
    // Back to what served before; at once where it is resident. Throws NoPrevious.
    [[nodiscard]] std::shared_ptr<Request> roll_back();
    // Cancels the open request to serve, else the open preload; false where none is open, as once closed. What brings
    // the old variant back after a gap is not cancelled.
    bool cancel();

    // Without a generation where nothing serves.
    [[nodiscard]] ReadLease read();
    [[nodiscard]] HeldLease hold();
    // Waits for the end of a gap, at most until `until`, and says what there is then.
    [[nodiscard]] Serving await_serving(Clock::time_point until);
    // Throws the NotServing that says why nothing serves.
    [[noreturn]] void refuse() const;

    [[nodiscard]] Counters counters() const;
    [[nodiscard]] Status status() const;

    // Cancels what is open and lets nothing new in; true if by `until` all threads ended, but for a reaper that waits
    // on held leases. What is left ends on its own, later, and activates nothing.
    bool close(Clock::time_point until);

    // True on the thread where loads run, which must not wait for one.
    [[nodiscard]] bool is_loader_thread() const noexcept { return loader_thread_.is_this_thread(); }
    [[nodiscard]] bool is_here() const noexcept { return slot_->is_here(); }

    // A Trial's verdicts; without effect once that generation is not on probation any more.
    void end_probation(std::uint64_t generation);
    void roll_back_from(std::uint64_t generation, const std::string& reason, const std::shared_ptr<void>& cause);

private:
    Swapper(std::unique_ptr<Activator> activator, std::function<void(const Event&)> listener, SwapperOptions options);

    // What the loader does with a lock held only for moments.
    void run_loader();
    [[nodiscard]] std::shared_ptr<Request> await_request();
    void serve(Request& request);
    void load(Request& request, Payload& payload);
    [[nodiscard]] bool release_first(Request& request);
    void finish(Request& request, Payload payload, double load_time_s);
    void fail(Request& request, const char* reason, std::shared_ptr<void> cause, double load_time_s);

    void run_watchdog();

    // Everything below needs the mutex.
    void refuse_if_closed() const;
    [[nodiscard]] std::shared_ptr<Request> open_swap() const;
    [[nodiscard]] std::shared_ptr<Request> open_preload() const;
    [[nodiscard]] std::shared_ptr<Request> make_request(const std::string& variant, Kind kind);
    [[nodiscard]] std::shared_ptr<Request> enter(const std::string& variant, Kind kind, Event event);
    [[nodiscard]] std::shared_ptr<Request> serve_at_once(const std::string& variant, Kind kind, Payload payload);
    void accept(Kind kind, Event event);
    void end(Request& request, Trigger trigger, Event event);
    void leave(Request& request, Trigger trigger, std::string reason = "");
    void count(const Event& event);
    [[nodiscard]] Event event_about(const std::string& variant) const;
    [[nodiscard]] Event put(const std::string& variant, Payload payload, bool is_back);

    [[nodiscard]] Payload resident_payload(const std::string& variant) const;
    [[nodiscard]] bool is_preloaded(const std::string& variant) const;
    [[nodiscard]] bool has_room(bool is_preload);
    void evict(const std::string& variant);
    void evict_all();
    void close_probation();

    void leave_gap_by_what_is_left();
    [[nodiscard]] bool is_recovery_due(Clock::time_point now) const;
    void begin_recovery();
    void end_gap();

    void note_gap_failure(const Event& event);

    void expire(Clock::time_point now);
    [[nodiscard]] std::string lateness(const Request& request) const;
    [[nodiscard]] std::optional<Clock::time_point> next_deadline() const;

    // While nothing serves because the old variant went first.
    struct Gap {
        std::string origin;            // what served before
        std::string failed;            // what should have served instead, last
        std::string reason;            // why it does not, once it has failed
        std::shared_ptr<void> cause;
        Clock::time_point retry_at{};  // when the old variant may be loaded again
        Clock::duration pause{};       // between two tries
    };

    const std::shared_ptr<Slot> slot_ = std::make_shared<Slot>();
    const std::size_t max_resident_;
    const std::optional<Clock::duration> load_timeout_;
    const std::optional<ProbationRules> probation_;
    Notifier notifier_;
    Reaper reaper_;

    mutable std::mutex mutex_;
    std::condition_variable loader_wakes_;
    std::condition_variable watchdog_wakes_;
    std::condition_variable serves_;

    Trimmer trimmer_;
    std::shared_ptr<Activator> activator_;  // gone when the loader ends, which alone replaces it
    std::shared_ptr<Request> mailbox_;      // asked to serve, not begun
    std::shared_ptr<Request> preload_box_;  // asked to be kept, not begun
    std::shared_ptr<Request> begun_;        // the loader has it; it may have ended already
    std::uint64_t loads_ = 0;               // the number of the loader's last load, which it alone changes
    bool is_cancel_due_ = false;            // the watchdog shall cancel that load

    std::vector<const Generation*> preloaded_;  // kept by the slot, oldest first
    const Generation* previous_ = nullptr;      // kept by the slot while a probation lasts
    std::shared_ptr<Trial> trial_;              // the active generation's, while it lasts
    Clock::time_point trial_ends_{};
    std::optional<std::string> previous_variant_;
    std::optional<Gap> gap_;
    std::vector<std::shared_ptr<void>> spent_;  // causes to drop without the mutex, on the watchdog's thread

    Counters counters_;
    std::uint64_t last_number_ = 0;
    bool is_closed_ = false;

    Worker loader_thread_;
    Worker notifier_thread_;
    Worker reaper_thread_;
    Worker watchdog_thread_;
};

}  // namespace edgeadapt
