// How many cores this process may use, which is often fewer than the machine has.
#pragma once

#include <string>

namespace grove::sched {

// The cores' worth of time that the control groups of this process allow, 1.5 for example: the
// smallest quota of its group and the groups above, in version 1 (cpu.cfs_quota_us) or 2 (cpu.max)
// of control groups; infinity if there is none. `root` stands for "/" in tests.
double CpuQuota(const std::string& root = "/");

// The number of threads that keep busy what the process may use: the cores of its affinity mask, or
// its quota rounded up, whichever is less; at least 1.
int UsableCores(const std::string& root = "/");

}  // namespace grove::sched
