#include "perf/table_reporter.h"

#include <algorithm>
#include <cstdio>
#include <string>
#include <string_view>

namespace grove::perf {
namespace {

using Run = benchmark::BenchmarkReporter::Run;

std::string Format(const char* format, double value) {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

// Three or four digits and a unit.
std::string TimeText(double seconds) {
  constexpr struct {
    double size;
    const char* unit;
  } kUnits[] = {{1, "s "}, {1e-3, "ms"}, {1e-6, "us"}, {1e-9, "ns"}};
  for (const auto& [size, unit] : kUnits) {
    if (seconds < size && size > 1e-9) continue;
    const double value = seconds / size;
    return Format(value < 10 ? "%.2f " : value < 100 ? "%.1f " : "%.0f ", value) + unit;
  }
  return "";
}

// Empty where the benchmark has no such counter.
std::string CounterText(const Run& run, const char* counter, const char* format, double scale = 1) {
  const auto found = run.counters.find(counter);
  return found == run.counters.end() ? "" : Format(format, found->second.value * scale);
}

// "0.52 / element"
std::string NanosecondsText(const Run& run) {
  constexpr std::string_view kPrefix = "ns_per_";
  for (const auto& [name, counter] : run.counters) {
    if (!name.starts_with(kPrefix)) continue;
    return Format(counter.value < 100 ? "%.3g" : "%.0f", counter.value) + " / " +
           name.substr(kPrefix.size());
  }
  return "";
}

void PrintRow(int name_width, const std::string& name, const std::string& time,
              const std::string& trees, const std::string& gflops, const std::string& share,
              const std::string& equations, const std::string& nanoseconds,
              const std::string& allocated) {
  std::printf("%-*s %10s %10s %8s %8s %8s %16s %10s\n", name_width, name.c_str(), time.c_str(),
              trees.c_str(), gflops.c_str(), share.c_str(), equations.c_str(), nanoseconds.c_str(),
              allocated.c_str());
  std::fflush(stdout);  // a row as soon as it is there
}

// Why a run has no figures; empty if it has them. Google benchmark 1.8 renamed the two members.
template <typename AnyRun>
std::string FailureText(const AnyRun& run) {
  if constexpr (requires { run.skip_message; }) {
    return run.skipped ? run.skip_message : "";
  } else {
    return run.error_occurred ? run.error_message : "";
  }
}

}  // namespace

bool TableReporter::ReportContext(const Context& context) {
  name_width_ = static_cast<int>(std::max(context.name_field_width, size_t{10}));
  PrintBasicContext(&GetErrorStream(), context);
  PrintRow(name_width_, "name", "time", "trees/s", "GFLOP/s", "of peak", "by eq.", "ns",
           "allocated");
  return true;
}

void TableReporter::ReportRuns(const std::vector<Run>& runs) {
  for (const Run& run : runs) {
    const std::string name = run.benchmark_name();
    if (const std::string failure = FailureText(run); !failure.empty()) {
      std::printf("%-*s %s\n", name_width_, name.c_str(), failure.c_str());
      continue;
    }
    // The coefficient of variation of repetitions is a share, whatever it is of.
    const bool is_share =
        run.run_type == Run::RT_Aggregate && run.aggregate_unit == benchmark::kPercentage;
    const std::string time =
        is_share ? Format("%.1f %%", 100 * run.real_accumulated_time)
                 : TimeText(run.GetAdjustedRealTime() / GetTimeUnitMultiplier(run.time_unit));
    PrintRow(name_width_, name, time,
             CounterText(run, "trees_per_second", is_share ? "%.3f" : "%.0f"),
             CounterText(run, "gflops", "%.1f"), CounterText(run, "peak_fraction", "%.1f %%", 100),
             CounterText(run, "equations_fraction", "%.1f %%", 100), NanosecondsText(run),
             CounterText(run, "allocated_bytes", "%.0f"));
  }
}

}  // namespace grove::perf
