#include "edgeadapt/load_cancellation.hpp"

#include <condition_variable>
#include <utility>

#include "edgeadapt/per_process.hpp"

namespace edgeadapt {
namespace {

struct Gate {
    std::mutex mutex;
    std::condition_variable changed;
    bool is_taken = false;
};

Gate& gate() {
    static PerProcess<Gate> instance;
    return instance.get();
}

}  // namespace

void LoadCancellation::cancel() {
    {
        const std::lock_guard lock(mutex_);
        is_cancelled_ = true;
        if (stop_) stop_();
    }
    Gate& all = gate();
    // Taken and let go: whoever looked before the flag was set has begun to wait when the news comes.
    { const std::lock_guard lock(all.mutex); }
    all.changed.notify_all();
}

bool LoadCancellation::is_cancelled() const {
    const std::lock_guard lock(mutex_);
    return is_cancelled_;
}

LoadTurn::LoadTurn(LoadCancellation& cancellation) : cancellation_(cancellation) {
    Gate& all = gate();
    std::unique_lock lock(all.mutex);
    all.changed.wait(lock, [&] { return !all.is_taken || cancellation_.is_cancelled(); });
    if (cancellation_.is_cancelled()) return;
    all.is_taken = is_mine_ = true;
}

LoadTurn::~LoadTurn() {
    if (!is_mine_) return;
    on_cancel(nullptr);
    Gate& all = gate();
    {
        const std::lock_guard lock(all.mutex);
        all.is_taken = false;
    }
    all.changed.notify_all();
}

void LoadTurn::on_cancel(std::function<void()> stop) {
    const std::lock_guard lock(cancellation_.mutex_);
    cancellation_.stop_ = std::move(stop);
    if (cancellation_.is_cancelled_ && cancellation_.stop_) cancellation_.stop_();
}

}  // namespace edgeadapt
