#!/usr/bin/env bash
# Builds the plain core and its tests under the sanitizers, and runs them: threads first, then addresses and undefined behaviour.
set -euo pipefail
cd "$(dirname "$0")/../.."
cmake=cmake
[ -x .venv/bin/cmake ] && cmake=.venv/bin/cmake
ctest=${cmake%cmake}ctest

for sanitizer in thread address,undefined; do
  build="build/sanitize-${sanitizer%,*}"
  "$cmake" -S . -B "$build" -DEDGEADAPT_PYTHON=OFF -DEDGEADAPT_CPP_TESTS=ON -DEDGEADAPT_STRICT=ON -DCMAKE_BUILD_TYPE=RelWithDebInfo \
    -DCMAKE_CXX_FLAGS="-fsanitize=$sanitizer -fno-omit-frame-pointer -fno-sanitize-recover=all" >/dev/null
  "$cmake" --build "$build" --parallel 2 >/dev/null
  echo "sanitizer: $sanitizer"
  TSAN_OPTIONS="halt_on_error=1 second_deadlock_stack=1" ASAN_OPTIONS="detect_leaks=1" \
    "$ctest" --test-dir "$build" --output-on-failure
done
