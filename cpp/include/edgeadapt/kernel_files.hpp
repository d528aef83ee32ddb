// Reads the small files under /proc and /sys again and again, through descriptors that it keeps.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "edgeadapt/process_mark.hpp"

namespace edgeadapt {

// Thread rule: one thread at a time. A forked child opens its own descriptors: `/proc/self` is another process there.
class KernelFiles {
public:
    explicit KernelFiles(std::string root);
    ~KernelFiles();
    KernelFiles(const KernelFiles&) = delete;
    KernelFiles& operator=(const KernelFiles&) = delete;

    [[nodiscard]] const std::string& root() const noexcept { return root_; }

    // The number of a file by its path below the root; the same one each time. Throws std::invalid_argument for a NUL in it.
    std::size_t add(const std::string& path);

    // The path again, from the root on. Throws std::out_of_range for no file's number, as `content` does.
    [[nodiscard]] const std::string& path(std::size_t file) const { return files_.at(file).path; }

    // Reads, in one go, the files that were asked for since the last time; of the others, `content` reads when asked.
    void refresh();

    // What the file held at the last refresh; none where it is missing, unreadable or refuses. Valid until the next call.
    [[nodiscard]] std::optional<std::string_view> content(std::size_t file);

    // Tries again to open what was not there.
    void retry();

    // Closes every descriptor; a later read opens its file again.
    void close() noexcept;

private:
    struct File {
        std::string path;
        std::string content;
        // Which file the descriptor is of, to tell it from another one of the same number.
        unsigned long long device = 0, node = 0;
        int descriptor = -1;
        bool is_gone = false;     // could not be opened: not tried again before `retry`
        bool is_wanted = false;   // asked for since the last refresh
        bool is_fresh = false;    // read since the last refresh
        bool is_readable = false;
    };

    void read(File& file);
    bool open(File& file);
    int fill(File& file);
    void close(File& file) noexcept;
    void leave_parents_descriptors() noexcept;

    std::string root_;
    std::vector<File> files_;
    std::unordered_map<std::string, std::size_t> numbers_;
    std::vector<char> buffer_;
    std::size_t kept_ = 0;
    ProcessMark process_;
};

}  // namespace edgeadapt
