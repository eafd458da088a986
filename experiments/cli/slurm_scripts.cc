#include "experiments/cli/slurm_scripts.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/error.h"
#include "engine/text.h"
#include "experiments/plan/shard_forecast.h"
#include "experiments/report/template.h"
#include "slurm.h"

namespace grove {
namespace {

using Json = nlohmann::json;

// A path as a line "#SBATCH --output=..." has it: sbatch knows quotes, and %A stands for an id.
// A backslash in a name of a file means to it that nothing stands for anything.
std::string QuoteForSbatch(const std::string& path) {
  if (path.find_first_of("\n\\") != std::string::npos) {
    throw Error(EscapeBytes(path) + ": sbatch takes no path with a backslash or a line end");
  }
  std::string quoted = "\"";
  for (const char c : path) {
    if (c == '"') quoted += '\\';
    if (c == '%') quoted += '%';
    quoted += c;
  }
  return quoted + "\"";
}

Json Texts(const std::vector<std::string>& texts) {
  Json list = Json::array();
  for (const std::string& text : texts) list.push_back({{"text", text}});
  return list;
}

// The arrays that the shards make: of each its first and last shard, and its highest index.
Json Arrays(const SlurmJobs& jobs) {
  Json arrays = Json::array();
  for (int first = 0; first < jobs.shards; first += jobs.max_array_size) {
    const int size = std::min(jobs.max_array_size, jobs.shards - first);
    arrays.push_back({{"first", first}, {"last_shard", first + size - 1}, {"highest", size - 1}});
  }
  return arrays;
}

Json Values(const SlurmJobs& jobs) {
  return {{"grove", jobs.grove},
          {"out", jobs.out},
          {"folder", jobs.folder},
          {"log_folder", QuoteForSbatch(jobs.folder)},
          {"specs", Texts(jobs.specs)},
          {"choice", Texts(jobs.choice)},
          {"settings", Texts(jobs.settings)},
          {"options", Texts(jobs.options)},
          {"openblas", jobs.openblas},
          {"cheapest", "key=" + jobs.cheapest},
          {"label", jobs.cheapest_label},
          {"runs", jobs.runs},
          {"shards", jobs.shards},
          {"highest", std::min(jobs.shards, jobs.max_array_size) - 1},
          {"threads", jobs.threads},
          {"minutes", jobs.minutes},
          {"megabytes", jobs.megabytes},
          {"time_margin", fmt::format("{:g}", kTimeMargin)},
          {"memory_margin", fmt::format("{:g}", kMemoryMargin)},
          {"warning_seconds", kWarningSeconds},
          {"own_requeue", jobs.own_requeue},
          {"sbatch", Texts(jobs.sbatch)},
          {"arrays", Arrays(jobs)},
          {"submit_command", "bash " + QuoteForShell(jobs.folder + "/submit.sh")},
          {"status_command", QuoteForShell(jobs.grove) + " status " + QuoteForShell(jobs.out)}};
}

}  // namespace

std::vector<Script> SlurmScripts(const SlurmJobs& jobs) {
  const Json values = Values(jobs);
  std::vector<Script> scripts;
  for (const auto& [file, text] : kSlurm) {
    const std::string name(file.substr(0, file.rfind('.')));  // without .mustache
    try {
      scripts.push_back({name, FillTemplate(std::string(text), Markup::kShell, values)});
    } catch (const Error& error) {
      throw Error(fmt::format("slurm/{}: {}", file, error.what()));
    }
  }
  return scripts;
}

}  // namespace grove
