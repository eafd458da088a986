// The console output of grove_perf.
#pragma once

#include <benchmark/benchmark.h>

#include <vector>

namespace grove::perf {

// One line a benchmark, with a column for each figure that the benchmarks here report: time,
// trees/s, executed GFLOP/s and their share of the FMA peak, that share by the operations of the
// equations, some of which are left out, nanoseconds a thing, bytes allocated. JSON has every
// figure in full (--benchmark_out=FILE).
class TableReporter : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context& context) override;
  void ReportRuns(const std::vector<Run>& runs) override;

 private:
  int name_width_ = 0;
};

}  // namespace grove::perf
