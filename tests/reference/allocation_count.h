// Counts what a program takes from the heap, and large arrays from the system (simd/pages.h). Link
// grove_allocation_count, which replaces every form of operator new and delete of the whole
// program; what calls malloc itself is not seen.
#pragma once

#include <cstdint>

namespace grove {

// Bytes that operator new and TakePages have handed out since the program started, on all threads.
// It never falls: two readings differ exactly by what was asked for in between, freed or not.
uint64_t AllocatedBytes();

}  // namespace grove
