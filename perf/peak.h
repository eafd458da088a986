// The yardstick of the other benchmarks.
#pragma once

namespace grove::perf {

// Floating-point operations a second that one core reaches with independent fused multiply-adds in
// registers, on the active target (single precision): the best of several short runs, measured at
// the first call. What else the machine does at that time can only make it too small.
double PeakFlops();

}  // namespace grove::perf
