#include "edgeadapt/kernel_files.hpp"

#include <stdexcept>
#include <utility>

#if defined(__unix__) || defined(__APPLE__)
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace edgeadapt {
namespace {

// What the kernel gives at once is one page of records, or one record of any size.
constexpr std::size_t at_once = 1 << 16;
constexpr std::size_t max_bytes = 1 << 20;
// A part shorter than this is the last one: the next record would have fitted into the kernel's page beside it.
constexpr std::size_t short_part = 1 << 11;
// Of a process's usual 1024 descriptors; a machine with more files opens the rest each time.
constexpr std::size_t most_kept = 256;

}  // namespace

void KernelFiles::read(File& file) {
    file.is_fresh = true;
    file.is_readable = false;
    if (file.is_gone) return;
    const bool was_open = file.descriptor >= 0;
    if (!was_open && !open(file)) return;
    int error = fill(file);
    // A device that went, and perhaps came back under the same path. Other errors are a sensor's that sleeps.
    if (was_open && (error == ENODEV || error == ENOENT || error == ESTALE || error == EBADF)) {
        close(file);
        if (!open(file)) return;
        error = fill(file);
    }
    file.is_readable = error == 0;
    if (kept_ > most_kept) close(file);
}

bool KernelFiles::open(File& file) {
    const std::string name = root_ + file.path;
    do {
        file.descriptor = ::open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    } while (file.descriptor < 0 && errno == EINTR);
    if (file.descriptor < 0) {
        // Too many open files is the process's trouble, and passes.
        file.is_gone = errno != EMFILE && errno != ENFILE && errno != ENOMEM;
        return false;
    }
    ++kept_;
    struct stat status {};
    if (::fstat(file.descriptor, &status) == 0) {
        file.device = static_cast<unsigned long long>(status.st_dev);
        file.node = static_cast<unsigned long long>(status.st_ino);
    }
    return true;
}

// Returns 0 or the error.
int KernelFiles::fill(File& file) {
    file.content.clear();
    while (file.content.size() < max_bytes) {
        const auto got = ::pread(file.descriptor, buffer_.data(), buffer_.size(), static_cast<off_t>(file.content.size()));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return errno;
        file.content.append(buffer_.data(), static_cast<std::size_t>(got));
        if (static_cast<std::size_t>(got) < short_part) break;
    }
    return 0;
}

void KernelFiles::close(File& file) noexcept {
    if (file.descriptor < 0) return;
    ::close(std::exchange(file.descriptor, -1));
    --kept_;
}

void KernelFiles::leave_parents_descriptors() noexcept {
    if (process_.is_here()) return;
    process_ = ProcessMark();
    for (File& file : files_) {
        file.is_fresh = file.is_gone = false;
        struct stat status {};
        // A daemon closes what it inherits: the number may be another file's by now, and closing that would break the host.
        const bool is_ours = file.descriptor >= 0 && ::fstat(file.descriptor, &status) == 0 &&
                             file.device == static_cast<unsigned long long>(status.st_dev) &&
                             file.node == static_cast<unsigned long long>(status.st_ino);
        if (is_ours) {
            close(file);
        } else if (std::exchange(file.descriptor, -1) >= 0) {
            --kept_;
        }
    }
}

}  // namespace edgeadapt

#else  // no such files to read: every one is missing

namespace edgeadapt {

void KernelFiles::read(File& file) { file.is_fresh = true; }
bool KernelFiles::open(File&) { return false; }
int KernelFiles::fill(File&) { return 0; }
void KernelFiles::close(File&) noexcept {}
void KernelFiles::leave_parents_descriptors() noexcept {}

}  // namespace edgeadapt

#endif

namespace edgeadapt {

KernelFiles::KernelFiles(std::string root) : root_(std::move(root)), buffer_(std::size_t{1} << 16) {
    while (!root_.empty() && root_.back() == '/') root_.pop_back();
}

KernelFiles::~KernelFiles() { close(); }

std::size_t KernelFiles::add(const std::string& path) {
    if ((root_ + path).find('\0') != std::string::npos) throw std::invalid_argument("a file's path has no NUL in it");
    const auto [place, is_new] = numbers_.try_emplace(path, files_.size());
    if (is_new) files_.emplace_back().path = path;
    return place->second;
}

void KernelFiles::refresh() {
    leave_parents_descriptors();
    for (File& file : files_) {
        file.is_fresh = false;
        if (std::exchange(file.is_wanted, false)) read(file);
    }
}

std::optional<std::string_view> KernelFiles::content(std::size_t number) {
    File& file = files_.at(number);
    file.is_wanted = true;
    if (!file.is_fresh) {
        leave_parents_descriptors();
        read(file);
    }
    if (!file.is_readable) return std::nullopt;
    return file.content;
}

void KernelFiles::retry() {
    for (File& file : files_) file.is_gone = false;
}

void KernelFiles::close() noexcept {
    leave_parents_descriptors();
    for (File& file : files_) {
        close(file);
        file.is_fresh = file.is_gone = false;
    }
}

}  // namespace edgeadapt
