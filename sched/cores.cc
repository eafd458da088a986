#include "sched/cores.h"

#include <sched.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <fstream>
#include <limits>
#include <map>
#include <memory>
#include <sstream>
#include <thread>
#include <utility>

namespace grove::sched {
namespace {

constexpr double kNoLimit = std::numeric_limits<double>::infinity();

double Cores(double quota, double period) {
  return quota > 0 && period > 0 ? quota / period : kNoLimit;
}

// "150000 100000", or "max 100000" for no limit.
double QuotaV2(const std::string& folder) {
  double quota = 0, period = 0;
  std::ifstream file(folder + "/cpu.max");
  return file >> quota >> period ? Cores(quota, period) : kNoLimit;
}

// A quota of -1 is no limit.
double QuotaV1(const std::string& folder) {
  double quota = 0, period = 0;
  std::ifstream quota_file(folder + "/cpu.cfs_quota_us");
  std::ifstream period_file(folder + "/cpu.cfs_period_us");
  return quota_file >> quota && period_file >> period ? Cores(quota, period) : kNoLimit;
}

// Of `group` (as "/a/b") and all groups above it, up to the one that is mounted. In a container the
// group's path may be that of the host, of which only the top is there to be seen.
template <typename Quota>
double Smallest(const std::string& mount, std::string group, const Quota& quota) {
  double smallest = quota(mount);
  while (group.size() > 1) {
    smallest = std::min(smallest, quota(mount + group));
    group.resize(group.rfind('/'));
  }
  return smallest;
}

// Whether `name` is in "cpu,cpuacct".
bool Lists(const std::string& names, const std::string& name) {
  return ("," + names + ",").find("," + name + ",") != std::string::npos;
}

using CoreMask = std::unique_ptr<cpu_set_t, void (*)(cpu_set_t*)>;

CoreMask NewMask(int cores) {
  CoreMask mask(CPU_ALLOC(static_cast<size_t>(cores)), [](cpu_set_t* set) { CPU_FREE(set); });
  CPU_ZERO_S(CPU_ALLOC_SIZE(static_cast<size_t>(cores)), mask.get());
  return mask;
}

// The lowest of the cores that are one physical core with this; itself if that is not known.
int FirstSibling(int core, const std::string& root) {
  std::ifstream siblings(root + "/sys/devices/system/cpu/cpu" + std::to_string(core) +
                         "/topology/thread_siblings_list");  // "0,64" or "0-1"
  int first = core;
  return siblings >> first ? first : core;
}

}  // namespace

double CpuQuota(const std::string& root) {
  const std::string mounts = root + "/sys/fs/cgroup";
  double quota = kNoLimit;
  std::ifstream groups(root + "/proc/self/cgroup");  // lines "number:controllers:/path"
  for (std::string line; std::getline(groups, line);) {
    std::istringstream fields(line);
    std::string number, controllers, group;
    std::getline(fields, number, ':');
    std::getline(fields, controllers, ':');
    std::getline(fields, group);
    if (!group.starts_with('/')) continue;
    if (controllers.empty()) {
      // Alone, or beside version 1.
      for (const std::string& mount : {mounts, mounts + "/unified"}) {
        quota = std::min(quota, Smallest(mount, group, QuotaV2));
      }
    } else if (Lists(controllers, "cpu")) {
      for (const std::string& mount : {mounts + "/" + controllers, mounts + "/cpu"}) {
        quota = std::min(quota, Smallest(mount, group, QuotaV1));
      }
    }
  }
  return quota;
}

int UsableCores(const std::string& root) {
  size_t allowed = AllowedCores().size();
  if (allowed == 0) allowed = std::thread::hardware_concurrency();
  const double cores = std::min(static_cast<double>(allowed), std::ceil(CpuQuota(root)));
  return std::max(1, static_cast<int>(cores));
}

std::vector<int> AllowedCores() {
  std::vector<int> cores;
  // Larger and larger masks: a machine may have more cores than the usual mask has room for.
  for (int count = CPU_SETSIZE; count <= 1 << 20; count *= 2) {
    const CoreMask mask = NewMask(count);
    const size_t bytes = CPU_ALLOC_SIZE(static_cast<size_t>(count));
    if (sched_getaffinity(0, bytes, mask.get()) != 0) {
      if (errno != EINVAL) break;
      continue;
    }
    for (int core = 0; core < count; ++core) {
      if (CPU_ISSET_S(static_cast<size_t>(core), bytes, mask.get())) cores.push_back(core);
    }
    break;
  }
  return cores;
}

std::vector<int> SpreadCores(std::vector<int> cores, const std::string& root) {
  std::map<int, int> seen;                   // by physical core
  std::vector<std::pair<int, int>> in_turn;  // which of its physical core's it is; the core
  in_turn.reserve(cores.size());
  for (const int core : cores) in_turn.emplace_back(seen[FirstSibling(core, root)]++, core);
  std::stable_sort(in_turn.begin(), in_turn.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  for (size_t i = 0; i < cores.size(); ++i) cores[i] = in_turn[i].second;
  return cores;
}

bool BindThread(std::span<const int> cores) {
  if (cores.empty()) return false;
  const int count = std::max(CPU_SETSIZE, *std::max_element(cores.begin(), cores.end()) + 1);
  const CoreMask mask = NewMask(count);
  const size_t bytes = CPU_ALLOC_SIZE(static_cast<size_t>(count));
  for (const int core : cores) CPU_SET_S(static_cast<size_t>(core), bytes, mask.get());
  return sched_setaffinity(0, bytes, mask.get()) == 0;  // 0: of this thread, not of its process
}

}  // namespace grove::sched
