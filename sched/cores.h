// Which cores this process may use, which are often fewer than the machine has.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace grove::sched {

// The cores' worth of time that the control groups of this process allow, 1.5 for example: the
// smallest quota of its group and the groups above, in version 1 (cpu.cfs_quota_us) or 2 (cpu.max)
// of control groups; infinity if there is none. `root` stands for "/" in tests.
double CpuQuota(const std::string& root = "/");

// The number of threads that keep busy what the process may use: the cores of its affinity mask, or
// its quota rounded up, whichever is less; at least 1.
int UsableCores(const std::string& root = "/");

// The cores that the calling thread may run on (its affinity mask, which a cpuset bounds), from the
// lowest; empty if the system does not say.
std::vector<int> AllowedCores();

// `cores` in the order in which they should get a thread: one of each physical core first, because
// what the system calls cores may be two halves of one, which share its vector units.
std::vector<int> SpreadCores(std::vector<int> cores, const std::string& root = "/");

// Lets the calling thread run on `cores` only. Returns false if the system refuses: then nothing
// has changed.
bool BindThread(std::span<const int> cores);

}  // namespace grove::sched
