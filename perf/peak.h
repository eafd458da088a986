// The yardstick of the other benchmarks.
#pragma once

namespace grove::perf {

// Floating-point operations a second that this core reaches now, on the active target, with
// independent fused multiply-adds in registers (single precision): the best of four slices of about
// half a millisecond.
//
// A benchmark measures it right before and right after its own work and divides by the larger:
// whatever else the machine does can only make a slice slow, so that the best slice is the nearest
// to the truth, and a peak that is too low would flatter. A slow phase of the machine that lasts
// longer than the work slows both.
double MeasurePeak();

}  // namespace grove::perf
