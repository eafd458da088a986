#include "experiments/stats/judge.h"

#include <algorithm>
#include <functional>
#include <map>
#include <tuple>
#include <utility>

#include "engine/random.h"
#include "experiments/stats/claim_statistics.h"

namespace grove {
namespace {

using S = Statistic;

constexpr uint64_t kStudySeed = 1;

struct Prepared {
  Condition condition;
  StatisticInput input;
};

// Five of `size` runs of each cell, the same ones for every claim of a study.
class Drawing {
 public:
  explicit Drawing(uint32_t study) : random_(kStudySeed, Purpose::kStudies, study) {}

  Groups Draw(const StatisticInput& input) {
    Groups drawn;
    for (size_t g = 0; g < input.groups.size(); ++g) {
      const std::vector<double>& all = input.groups[g];
      std::vector<double>& some = drawn.emplace_back();
      for (const uint32_t i : Runs(input.cells[g], static_cast<uint32_t>(all.size()))) {
        some.push_back(all[i]);
      }
    }
    return drawn;
  }

 private:
  const std::vector<uint32_t>& Runs(const std::string& cell, uint32_t size) {
    auto [place, is_new] = runs_.try_emplace({cell, size});
    if (is_new) place->second = DrawWithoutReplacement(random_, size, std::min(size, kStudyRuns));
    return place->second;
  }

  RandomStream random_;
  std::map<std::pair<std::string, uint32_t>, std::vector<uint32_t>> runs_;
};

// One claim over all studies.
struct Tally {
  std::vector<Prepared> conditions;
  std::vector<std::vector<double>> values;  // of each condition, by study
  std::vector<int> failures;                // of each condition
  int upheld = 0;
};

Tally Prepare(const ClaimSpec& claim, const ReportData& data, Cells cells) {
  Tally tally;
  for (Condition condition : claim.conditions) {
    if (cells == Cells::kDeciding) condition = Deciding(condition);
    StatisticInput input = IsRatioStatistic(condition.statistic) ? RatioInput(condition, data)
                                                                 : AccuracyInput(condition, data);
    tally.conditions.push_back({condition, std::move(input)});
  }
  tally.values.resize(tally.conditions.size());
  tally.failures.resize(tally.conditions.size());
  return tally;
}

bool HoldsIn(Drawing& drawing, Tally& tally) {
  bool holds = true;
  for (size_t c = 0; c < tally.conditions.size(); ++c) {
    const auto& [condition, input] = tally.conditions[c];
    const double value = input.statistic(drawing.Draw(input));
    tally.values[c].push_back(value);
    if (Meets(value, condition)) continue;
    ++tally.failures[c];
    holds = false;
  }
  tally.upheld += holds;
  return holds;
}

// Of the figure of a five-run study, its runs drawn with replacement from all there are.
Interval IntervalOf(const StatisticInput& input, uint32_t item) {
  const size_t five = kStudyRuns;
  const auto figure = [&](const Groups& groups) {
    Groups study = groups;
    for (std::vector<double>& group : study) group.resize(std::min(group.size(), five));
    return input.statistic(study);
  };
  return BootstrapInterval(input.groups, figure, item);
}

}  // namespace

Condition Deciding(Condition condition) {
  switch (condition.statistic) {
    case S::kLowestBest:
    case S::kLowestMedian:
      condition.first = condition.last;
      break;
    case S::kMeanDrop:
      condition.first = condition.last;
      condition.other_first = condition.other_last;
      break;
    case S::kHighestBest:
    case S::kLargestGap:
      condition.last = condition.first;
      break;
    default:
      break;  // ratios all come from one dataset
  }
  return condition;
}

Judgements Judge(const ReportData& data, Cells cells) {
  std::vector<Tally> tallies;
  Judgements all;
  for (const ClaimSpec& claim : ClaimTable()) {
    Tally& tally = tallies.emplace_back(Prepare(claim, data, cells));
    Judgement& judgement = all.claims.emplace_back();
    judgement.claim = &claim;
    for (const Prepared& prepared : tally.conditions) judgement.missing += prepared.input.missing;
    judgement.available = judgement.missing.empty();
  }
  for (int study = 0; study < kStudies; ++study) {
    Drawing drawing(static_cast<uint32_t>(study));
    int held = 0;
    for (size_t i = 0; i < tallies.size(); ++i) {
      if (all.claims[i].available) held += HoldsIn(drawing, tallies[i]);
    }
    all.claims_of_a_study.push_back(held);
  }
  uint32_t item = 0;
  for (size_t i = 0; i < tallies.size(); ++i) {
    Judgement& judgement = all.claims[i];
    const Tally& tally = tallies[i];
    const auto worst = std::max_element(tally.failures.begin(), tally.failures.end());
    judgement.decisive = static_cast<size_t>(worst - tally.failures.begin());
    if (judgement.available) {
      judgement.upheld = static_cast<double>(tally.upheld) / kStudies;
      judgement.value = Median(tally.values[judgement.decisive]);
      judgement.interval = IntervalOf(tally.conditions[judgement.decisive].input,
                                      item + static_cast<uint32_t>(judgement.decisive));
    }
    item += static_cast<uint32_t>(tally.conditions.size());
  }
  return all;
}

int Judgements::held() const {
  return static_cast<int>(
      std::count_if(claims.begin(), claims.end(), [](const Judgement& j) { return j.holds(); }));
}

int Judgements::judged() const {
  return static_cast<int>(
      std::count_if(claims.begin(), claims.end(), [](const Judgement& j) { return j.available; }));
}

std::string Judgements::Failing() const {
  std::string ids;
  for (const Judgement& j : claims) {
    if (j.available && !j.holds()) ids += (ids.empty() ? "" : " ") + std::string(j.claim->id);
  }
  return ids;
}

std::string Judgements::Unjudged() const {
  std::string ids;
  for (const Judgement& j : claims) {
    if (!j.available) ids += (ids.empty() ? "" : " ") + std::string(j.claim->id);
  }
  return ids;
}

}  // namespace grove
