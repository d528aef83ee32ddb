// A swapper to test: an activator that does as a script says, gates to hold it up, and what was told.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "counted.hpp"
#include "edgeadapt/swapper.hpp"

// A door that loads stand before until it opens.
class Gate {
public:
    void open() {
        const std::lock_guard lock(mutex_);
        is_open_ = true;
        changed_.notify_all();
    }
    void pass() {
        std::unique_lock lock(mutex_);
        ++arrived_;
        changed_.notify_all();
        changed_.wait(lock, [this] { return is_open_; });
    }
    void await_arrival(int count = 1) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this, count] { return arrived_ >= count; });
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool is_open_ = false;
    int arrived_ = 0;
};

// What a test wants of the activator, and what that notes. Set before a swap; the maps are then only read.
struct Script {
    std::map<std::string, std::function<void()>> on_load;
    std::set<std::string> gap;  // variants that don't fit beside another
    std::function<void(const std::string&)> on_cancel;

    std::vector<std::string> cancelled() {
        const std::lock_guard lock(mutex);
        return cancelled_;
    }

    std::mutex mutex;
    std::vector<std::string> cancelled_;
    std::atomic<int> loads{0};
    std::atomic<int> ended{0};
};

class Scripted : public edgeadapt::Activator {
public:
    explicit Scripted(std::shared_ptr<Script> script) : script_(std::move(script)) {}

    edgeadapt::Checked check(std::uint64_t load, const std::string& variant,
                             const std::optional<std::string>& active) override {
        ++script_->loads;
        {
            const std::lock_guard lock(script_->mutex);
            load_ = load;
            loading_ = variant;
        }
        if (variant == "unknown") throw edgeadapt::ActivationFailure("no such variant", std::make_shared<int>(7));
        return {counted(1), active.has_value() && script_->gap.count(variant) != 0};
    }
    void load(const std::string& variant, void*) override {
        if (const auto found = script_->on_load.find(variant); found != script_->on_load.end()) found->second();
    }
    void validate(const std::string& variant, void*) override {
        if (variant == "odd") throw std::runtime_error("answers differ");
    }
    void end(const std::string&) noexcept override {
        ++script_->ended;
    }
    void cancel(std::uint64_t load) noexcept override {
        std::string variant;
        {
            const std::lock_guard lock(script_->mutex);
            if (load != load_) return;
            variant = loading_;
            script_->cancelled_.push_back(variant);
        }
        if (script_->on_cancel) script_->on_cancel(variant);
    }

private:
    const std::shared_ptr<Script> script_;
    std::uint64_t load_ = 0;
    std::string loading_;
};

struct Rig {
    explicit Rig(edgeadapt::SwapperOptions options = {}) {
        options.trim = [] {};
        swapper = edgeadapt::Swapper::start(
            std::make_unique<Scripted>(script),
            [this](const edgeadapt::Event& event) {
                const std::lock_guard lock(mutex);
                events.push_back(event.variant + ":" + std::string(name(event.state)));
                last = event;
                changed.notify_all();
            },
            std::move(options));
    }
    ~Rig() {
        CHECK(swapper->close(edgeadapt::Clock::now() + std::chrono::seconds(30)));
        const edgeadapt::Counters c = swapper->counters();
        CHECK(c.attempted == c.succeeded + c.failed + c.superseded + c.timed_out + c.cancelled);
        swapper.reset();
        CHECK(Counted::living() == 0);
    }

    static edgeadapt::Event outcome(const std::shared_ptr<edgeadapt::Request>& request) {
        CHECK(request->await(edgeadapt::Clock::now() + std::chrono::seconds(30)));
        return *request->outcome();
    }
    edgeadapt::Event swap(const std::string& variant) { return outcome(swapper->swap_to(variant)); }
    edgeadapt::Event preload(const std::string& variant) { return outcome(swapper->preload(variant)); }
    std::string active() {
        const edgeadapt::ReadLease lease = swapper->read();
        return lease.generation() == nullptr ? "" : lease.generation()->variant;
    }
    // Waits until that was told, and returns it.
    edgeadapt::Event await_told(const std::string& variant, edgeadapt::State state) {
        std::unique_lock lock(mutex);
        CHECK(changed.wait_for(lock, std::chrono::seconds(30),
                               [&] { return last.variant == variant && last.state == state; }));
        return last;
    }
    void await_resident(std::size_t count) {
        while (swapper->status().resident != count) std::this_thread::yield();
    }
    std::vector<std::string> told() {
        CHECK(swapper->close(edgeadapt::Clock::now() + std::chrono::seconds(30)));
        return events;
    }

    const std::shared_ptr<Script> script = std::make_shared<Script>();
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<std::string> events;
    edgeadapt::Event last;
    std::shared_ptr<edgeadapt::Swapper> swapper;
};
