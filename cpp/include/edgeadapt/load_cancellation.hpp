// One load at a time in a process, and how another thread ends one: ONNX Runtime has raced with itself where two
// sessions were made at once (microsoft/onnxruntime#27089).
#pragma once

#include <functional>
#include <mutex>

namespace edgeadapt {

// Asks one load to end. Thread rule: any thread.
class LoadCancellation {
public:
    LoadCancellation() = default;
    LoadCancellation(const LoadCancellation&) = delete;
    LoadCancellation& operator=(const LoadCancellation&) = delete;

    // Ends the wait for another load, and the load itself as soon as the runtime looks. For good: a new load needs a
    // new one.
    void cancel();
    [[nodiscard]] bool is_cancelled() const;

private:
    friend class LoadTurn;
    mutable std::mutex mutex_;
    std::function<void()> stop_;  // while the runtime loads
    bool is_cancelled_ = false;
};

// A load's turn: waits for the one before it. Thread rule: one thread.
class LoadTurn {
public:
    explicit LoadTurn(LoadCancellation& cancellation);
    LoadTurn(const LoadTurn&) = delete;
    LoadTurn& operator=(const LoadTurn&) = delete;
    ~LoadTurn();

    // False where it was cancelled meanwhile; then it is nobody's turn.
    [[nodiscard]] bool is_mine() const noexcept { return is_mine_; }
    // Says how to stop what is done from now on; null where nothing is. `stop` must not throw or call back here.
    void on_cancel(std::function<void()> stop);

private:
    LoadCancellation& cancellation_;
    bool is_mine_ = false;
};

}  // namespace edgeadapt
