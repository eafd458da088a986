// Any bytes as a spec file and the experiment that it may vary, up to a list of planned runs: there
// is nothing but grove::Error, and no memory for a plan that is refused.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/error.h"
#include "experiments/plan/plan.h"
#include "experiments/plan/spec.h"
#include "tests/fuzz/fuzz.h"

namespace grove {
namespace {

constexpr double kMostToPlan = 2000;  // what takes seconds to plan finds nothing that less does not
constexpr double kMostAllowed = 1000000;  // more are refused

double Combinations(const Spec& spec) {
  double count = 1;
  for (const Axis& axis : spec.axes) count *= static_cast<double>(axis.points.size());
  if (!spec.IsSweep()) return count;
  double varied = 0;
  for (const Spec& experiment : spec.of) varied += Combinations(experiment);
  return count * varied;
}

// Files of trees are not made up here.
bool OnFiles(Spec& spec) {
  return std::ranges::any_of(
      Experiments(spec), [](const Spec& experiment) { return experiment.treebanks != nullptr; });
}

// Reads a file and plans its runs. Returns false if that is more work than wanted.
bool ReadAndPlan(const std::string& path) {
  Spec spec = ReadSpec(path);
  const double count = Combinations(spec);
  if (OnFiles(spec) || (count > kMostToPlan && count <= kMostAllowed)) return false;
  if (spec.IsSweep() && count > kMostAllowed) return false;  // `only` may leave few
  const RunList list = Plan({spec});
  Require(count <= kMostAllowed);
  Require(!list.runs.empty() && list.runs.size() <= static_cast<size_t>(count));
  Require(list.group_of.size() == list.runs.size());
  for (const Job& job : list.runs) {
    Require(job.key.size() == 16 && list.group_of.contains(job.key));
    Job again = job;
    SetKey(again);
    Require(again.key == job.key);
  }
  return true;
}

// The spec, and behind a zero byte base.toml, which is read first: `only` plans it.
void FuzzOne(std::string_view bytes) {
  const std::string path = Put("spec.toml", TakeText(bytes));
  const std::string base = Put("base.toml", bytes);
  try {
    if (!bytes.empty() && !ReadAndPlan(base)) return;
    ReadAndPlan(path);
  } catch (const Error& error) {
    Require(*error.what() != '\0');
  }
}

}  // namespace
}  // namespace grove

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  grove::FuzzOne({reinterpret_cast<const char*>(data), size});
  return 0;
}
