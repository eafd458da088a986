// The benchmarks of Grove in one program. --benchmark_filter=REGEX chooses among them,
// --benchmark_out=FILE writes JSON beside the table, --simd_target=NAME forces an instruction set;
// --trees=FILE adds training on the trees of a file (perf/train_bench.h),
// --profile=train/<model>/dim<n>/len<a>-<b>[/batch<B>] profiles that step instead (perf/profile.h).
#include <benchmark/benchmark.h>

#include <cstdio>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include "engine/cells/gemm.h"
#include "perf/profile.h"
#include "perf/table_reporter.h"
#include "perf/train_bench.h"
#include "simd/targets.h"

namespace {

// False, with a message, if the name is no target of this processor.
bool Force(std::string_view name) {
  if (grove::simd::ForceTarget(name)) return true;
  std::string allowed;
  for (const std::string& target : grove::simd::SupportedTargets()) allowed += " " + target;
  std::fprintf(stderr, "--simd_target=%s: unknown target; allowed:%s\n", std::string(name).c_str(),
               allowed.c_str());
  return false;
}

}  // namespace

int main(int argc, char** argv) try {
  constexpr std::string_view kTarget = "--simd_target=", kProfile = "--profile=",
                             kTrees = "--trees=";
  // Short by default, so that all kernels take seconds; an argument overrides it.
  char min_time[] = "--benchmark_min_time=0.02";
  std::vector<char*> arguments = {argv[0], min_time};
  std::string_view profiled;
  bool format_chosen = false;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    format_chosen |= argument.starts_with("--benchmark_format");
    if (argument.starts_with(kProfile)) {
      profiled = argument.substr(kProfile.size());
    } else if (argument.starts_with(kTrees)) {
      grove::perf::RegisterTraining(std::string(argument.substr(kTrees.size())));
    } else if (!argument.starts_with(kTarget)) {
      arguments.push_back(argv[i]);
    } else if (!Force(argument.substr(kTarget.size()))) {
      return 2;
    }
  }
  int count = static_cast<int>(arguments.size());
  benchmark::Initialize(&count, arguments.data());
  if (benchmark::ReportUnrecognizedArguments(count, arguments.data())) return 2;
  if (profiled.data() != nullptr) return grove::perf::Profile(profiled);
  benchmark::AddCustomContext("target", grove::simd::ActiveTarget());
  benchmark::AddCustomContext("compiler", __VERSION__);
  benchmark::AddCustomContext("openblas", grove::OpenblasConfig());
  grove::perf::TableReporter table;
  benchmark::RunSpecifiedBenchmarks(format_chosen ? nullptr : &table);
  benchmark::Shutdown();
} catch (const std::exception& error) {
  std::fprintf(stderr, "grove_perf: %s\n", error.what());
  return 2;
}
