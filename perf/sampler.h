// Samples what this program is doing, by a timer and the stack of return addresses: no privileges,
// no hardware counters and no other program are needed, and nothing is built into what is measured.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

namespace grove::perf {

// Where the program was and who had called: code addresses, innermost first. Every address lies
// within its function (return addresses are less one).
using Stack = std::vector<uintptr_t>;

// Calls `work`, which uses this thread alone, again and again for `seconds`, and returns the stacks
// seen meanwhile, two thousand a second. Not for two threads at a time.
std::vector<Stack> Sample(double seconds, const std::function<void()>& work);

}  // namespace grove::perf
