// The kernel's small files, read through kept descriptors, in Python.
#pragma once

#include <nanobind/nanobind.h>

void bind_kernel_files(nanobind::module_& m);
