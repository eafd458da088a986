// The benchmarks of Grove in one program; --benchmark_filter chooses among them, --simd_target=NAME
// forces an instruction set.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <string>
#include <string_view>

#include "engine/gemm.h"
#include "simd/targets.h"

int main(int argc, char** argv) {
  constexpr std::string_view kTarget = "--simd_target=";
  benchmark::Initialize(&argc, argv);
  if (argc > 1 && std::string_view(argv[1]).starts_with(kTarget)) {
    const std::string_view name = std::string_view(argv[1]).substr(kTarget.size());
    if (!grove::simd::ForceTarget(name)) {
      std::string allowed;
      for (const std::string& target : grove::simd::SupportedTargets()) allowed += " " + target;
      std::fprintf(stderr, "%s: unknown target; allowed:%s\n", argv[1], allowed.c_str());
      return 2;
    }
    argv[1] = argv[0];
    --argc, ++argv;
  }
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::AddCustomContext("target", grove::simd::ActiveTarget());
  benchmark::AddCustomContext("compiler", __VERSION__);
  benchmark::AddCustomContext("openblas", grove::OpenblasConfig());
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
