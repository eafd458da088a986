// Cores by affinity mask and quota, with made-up control groups.
#include "sched/cores.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <span>
#include <string>
#include <vector>

namespace grove::sched {
namespace {

namespace fs = std::filesystem;

constexpr double kNoLimit = std::numeric_limits<double>::infinity();

class CoresTest : public testing::Test {
 protected:
  void TearDown() override { fs::remove_all(root_); }

  void Write(const std::string& path, const std::string& text) const {
    fs::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path) << text;
  }
  double Quota() const { return CpuQuota(root_.string()); }

  const fs::path root_ = fs::path(testing::TempDir()) / ("grove_cores_" + std::to_string(getpid()));
};

int MaskedCores() {
  cpu_set_t mask;
  return sched_getaffinity(0, sizeof(mask), &mask) == 0 ? CPU_COUNT(&mask) : 0;
}

TEST_F(CoresTest, WithoutGroupsTheMaskCounts) {
  EXPECT_EQ(Quota(), kNoLimit);
  EXPECT_EQ(UsableCores(root_.string()), MaskedCores());
}

TEST_F(CoresTest, TheMaskOfTheProcessCounts) {
  const pid_t child = fork();
  if (child == 0) {
    cpu_set_t mask, one;
    sched_getaffinity(0, sizeof(mask), &mask);
    CPU_ZERO(&one);
    for (int cpu = CPU_SETSIZE - 1; cpu >= 0; --cpu) {
      if (!CPU_ISSET(cpu, &mask)) continue;
      CPU_SET(cpu, &one);
      break;
    }
    if (sched_setaffinity(0, sizeof(one), &one) != 0) _exit(2);
    _exit(UsableCores(root_.string()) == 1 ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST_F(CoresTest, VersionTwo) {
  Write("proc/self/cgroup", "0::/a/b\n");
  Write("sys/fs/cgroup/a/b/cpu.max", "max 100000\n");
  EXPECT_EQ(Quota(), kNoLimit);
  Write("sys/fs/cgroup/a/b/cpu.max", "150000 100000\n");
  EXPECT_EQ(Quota(), 1.5);
  Write("sys/fs/cgroup/a/cpu.max", "50000 100000\n");
  EXPECT_EQ(Quota(), 0.5) << "a group has no more than the one above";
  EXPECT_EQ(UsableCores(root_.string()), 1);
  Write("sys/fs/cgroup/a/cpu.max", "100000000 100000\n");
  EXPECT_EQ(Quota(), 1.5);
  Write("sys/fs/cgroup/a/c/cpu.max", "10000 100000\n");
  EXPECT_EQ(Quota(), 1.5) << "another group's";
}

// As a container sees it.
TEST_F(CoresTest, TheMountedTopCounts) {
  Write("proc/self/cgroup", "0::/\n");
  Write("sys/fs/cgroup/cpu.max", "200000 100000\n");
  EXPECT_EQ(Quota(), 2);
  Write("proc/self/cgroup", "0::/../../hosts/path\n");
  EXPECT_EQ(Quota(), 2);
  Write("proc/self/cgroup", "4:cpu,cpuacct:/docker/1234\n3:memory:/docker/1234\n");
  Write("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "300000\n");
  Write("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(Quota(), 3);
}

TEST_F(CoresTest, VersionOne) {
  Write("proc/self/cgroup", "5:cpuset:/x\n4:cpu,cpuacct:/a\n0::/\n");
  Write("sys/fs/cgroup/cpu/a/cpu.cfs_quota_us", "-1\n");
  Write("sys/fs/cgroup/cpu/a/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(Quota(), kNoLimit);
  Write("sys/fs/cgroup/cpu/a/cpu.cfs_quota_us", "25000\n");
  EXPECT_EQ(Quota(), 0.25);
  EXPECT_EQ(UsableCores(root_.string()), 1) << "never none";
}

TEST_F(CoresTest, WhatCannotBeReadIsNoLimit) {
  Write("proc/self/cgroup", "\nnonsense\n0::\n1:cpu\n0::relative\n4:cpu:/a\n0::/a");
  Write("sys/fs/cgroup/a/cpu.max", "");
  Write("sys/fs/cgroup/cpu/a/cpu.cfs_quota_us", "100000\n");  // and no period
  EXPECT_EQ(Quota(), kNoLimit);
  for (const char* text : {"0 100000", "100000 0", "100000", "-5 100000", "x y"}) {
    Write("sys/fs/cgroup/a/cpu.max", text);
    EXPECT_EQ(Quota(), kNoLimit) << text;
  }
}

TEST(UsableCores, OfThisMachine) {
  EXPECT_GE(UsableCores(), 1);
  EXPECT_LE(UsableCores(), MaskedCores());
}

TEST_F(CoresTest, AThreadIsBoundToTheCoresThatItIsGiven) {
  const std::vector<int> all = AllowedCores();
  ASSERT_EQ(static_cast<int>(all.size()), MaskedCores());
  ASSERT_TRUE(BindThread(std::span(all).last(1)));
  EXPECT_EQ(AllowedCores(), std::vector<int>{all.back()});
  EXPECT_FALSE(BindThread({}));
  EXPECT_EQ(AllowedCores(), std::vector<int>{all.back()});
  ASSERT_TRUE(BindThread(all));
  EXPECT_EQ(AllowedCores(), all);
}

// Three physical cores of two each: the second halves come last, and a core whose first half is not
// allowed counts as another.
TEST_F(CoresTest, EachPhysicalCoreComesOnceBeforeAnyComesTwice) {
  const char* siblings[] = {"0,4", "1,5", "2-3", "2-3", "0,4", "1,5"};
  for (int core = 0; core < 6; ++core) {
    Write("sys/devices/system/cpu/cpu" + std::to_string(core) + "/topology/thread_siblings_list",
          siblings[core]);
  }
  const auto spread = [this](std::vector<int> cores) { return SpreadCores(cores, root_.string()); };
  EXPECT_EQ(spread({0, 1, 2, 3, 4, 5}), (std::vector<int>{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(spread({2, 3, 4, 5}), (std::vector<int>{2, 4, 5, 3}));
  EXPECT_EQ(spread({}), std::vector<int>{});
  // Nothing is known of these.
  EXPECT_EQ(spread({7, 8}), (std::vector<int>{7, 8}));
}

}  // namespace
}  // namespace grove::sched
