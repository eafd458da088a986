#include "experiments/cli/batch_counts.h"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>

namespace grove {
namespace {

constexpr size_t kMostRows = 30;  // of the table; the journal has all

void PrintTable(const std::vector<NotDone>& not_done, const std::string& out) {
  if (not_done.empty()) return;
  const size_t rows = std::min(not_done.size(), kMostRows);
  size_t width = 0;
  for (size_t i = 0; i < rows; ++i) width = std::max(width, not_done[i].label.size());
  for (size_t i = 0; i < rows; ++i) {
    const NotDone& run = not_done[i];
    std::cerr << fmt::format("{}  {:<{}}  {:<8}  {}\n", run.key, run.label, width, run.status,
                             run.message);
  }
  if (rows < not_done.size()) {
    std::cerr << "and " << not_done.size() - rows << " more: grove status " << out << "\n";
  }
  std::cerr << std::flush;
}

}  // namespace

void PrintCounts(const BatchCounts& counts, const std::string& out, bool json) {
  if (json) {
    nlohmann::ordered_json object = {{"out", out},
                                     {"done", counts.done},
                                     {"failed", counts.failed},
                                     {"diverged", counts.diverged},
                                     {"stopped", counts.stopped},
                                     {"not_done", nlohmann::ordered_json::array()}};
    for (const NotDone& run : counts.not_done) {
      object["not_done"].push_back({{"key", run.key},
                                    {"label", run.label},
                                    {"status", run.status},
                                    {"message", run.message}});
    }
    std::cout << object.dump() << std::endl;
    return;
  }
  PrintTable(counts.not_done, out);
  std::cout << counts.done << " done, " << counts.failed << " failed, " << counts.diverged
            << " diverged, " << counts.stopped << " to do: " << out << std::endl;
}

}  // namespace grove
