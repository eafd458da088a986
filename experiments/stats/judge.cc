#include "experiments/stats/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "engine/random.h"
#include "experiments/stats/claim_statistics.h"

namespace grove {
namespace {

constexpr uint64_t kStudySeed = 1;

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
  const std::vector<uint32_t>& Runs(const CellName& cell, uint32_t size) {
    auto [place, is_new] = runs_.try_emplace({cell, size});
    if (is_new) place->second = DrawWithoutReplacement(random_, size, std::min(size, kStudyRuns));
    return place->second;
  }

  RandomStream random_;
  std::map<std::pair<CellName, uint32_t>, std::vector<uint32_t>> runs_;
};

// A condition over all studies.
struct Tested {
  Condition condition;
  StatisticInput input;
  std::vector<double> values;  // by study
  int failures = 0;
};

// A claim over all studies.
struct Tally {
  std::vector<Tested> conditions;
  int upheld = 0;
};

Tally Prepare(const ClaimSpec& claim, const PaperRuns& runs, Cells cells) {
  Tally tally;
  for (Condition condition : claim.conditions) {
    if (cells == Cells::kDeciding) condition = Deciding(condition);
    tally.conditions.push_back({condition, InputOf(condition, runs), {}});
  }
  return tally;
}

bool HoldsIn(Drawing& drawing, Tally& tally) {
  bool holds = true;
  for (auto& [condition, input, values, failures] : tally.conditions) {
    values.push_back(input.statistic(drawing.Draw(input)));
    if (Meets(values.back(), condition)) continue;
    ++failures;
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

// Of the datasets of the claim's first condition, for both models.
std::vector<SolvedRuns> SolvedBy(const Condition& condition, const PaperRuns& runs) {
  std::vector<SolvedRuns> all;
  for (const std::string model : {"rlstm", "rnn"}) {
    for (int dataset = condition.first; dataset <= condition.last; ++dataset) {
      const std::vector<double> values =
          Accuracies(runs.Cell(condition.experiment, dataset, model));
      if (values.empty()) continue;
      all.push_back({{condition.experiment, dataset, model},
                     CountSolved(values),
                     static_cast<int>(values.size())});
    }
  }
  return all;
}

bool IsOneStudy(const Tested& tested) {
  return std::all_of(tested.input.groups.begin(), tested.input.groups.end(),
                     [](const std::vector<double>& group) { return group.size() <= kStudyRuns; });
}

// What can be said before any study is drawn.
Judgement Begin(const ClaimSpec& claim, const Tally& tally, const PaperRuns& runs) {
  Judgement judgement;
  judgement.claim = &claim;
  judgement.one_study = std::all_of(tally.conditions.begin(), tally.conditions.end(), IsOneStudy);
  for (size_t c = tally.conditions.size(); c-- > 0;) {
    const StatisticInput& input = tally.conditions[c].input;
    if (!input.missing.empty()) judgement.decisive = c;
    const std::string& text = input.missing.empty() ? input.text : input.missing;
    std::string& all = input.missing.empty() ? judgement.text : judgement.missing;
    all = text + (all.empty() ? "" : "; ") + all;
  }
  judgement.available = judgement.missing.empty();
  if (!judgement.available) judgement.text.clear();
  if (claim.counts_solved) judgement.solved = SolvedBy(tally.conditions[0].condition, runs);
  return judgement;
}

// `item`: of the bootstrap stream of the claim's first condition.
void Finish(const Tally& tally, uint32_t item, Judgement& judgement) {
  const auto worst =
      std::max_element(tally.conditions.begin(), tally.conditions.end(),
                       [](const Tested& a, const Tested& b) { return a.failures < b.failures; });
  judgement.decisive = static_cast<size_t>(worst - tally.conditions.begin());
  judgement.upheld = static_cast<double>(tally.upheld) / kStudies;
  judgement.value = Median(worst->values);
  judgement.interval = IntervalOf(worst->input, item + static_cast<uint32_t>(judgement.decisive));
}

template <typename Predicate>
std::string Ids(const std::vector<Judgement>& claims, Predicate predicate) {
  std::string ids;
  for (const Judgement& j : claims) {
    if (predicate(j)) ids += (ids.empty() ? "" : " ") + std::string(j.claim->id);
  }
  return ids;
}

template <typename Predicate>
int Count(const std::vector<Judgement>& claims, Predicate predicate) {
  return static_cast<int>(std::count_if(claims.begin(), claims.end(), predicate));
}

}  // namespace

Judgements Judge(const PaperRuns& runs, Cells cells) {
  std::vector<Tally> tallies;
  Judgements all;
  for (const ClaimSpec& claim : ClaimTable()) {
    const Tally& tally = tallies.emplace_back(Prepare(claim, runs, cells));
    all.claims.push_back(Begin(claim, tally, runs));
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
    if (all.claims[i].available) Finish(tallies[i], item, all.claims[i]);
    item += static_cast<uint32_t>(tallies[i].conditions.size());
  }
  return all;
}

Verdict Judgement::verdict() const {
  if (!available) return Verdict::kNoData;
  return holds() ? Verdict::kHolds : Verdict::kDoesNotHold;
}

int Judgements::held() const {
  return Count(claims, [](const Judgement& j) { return j.holds(); });
}

int Judgements::judged() const {
  return Count(claims, [](const Judgement& j) { return j.available; });
}

bool Judgements::many_studies() const {
  return Count(claims, [](const Judgement& j) { return j.available && !j.one_study; }) > 0;
}

double Judgements::share() const {
  if (judged() == 0) return std::numeric_limits<double>::quiet_NaN();
  return static_cast<double>(held()) / judged();
}

std::string Judgements::Failing() const {
  return Ids(claims, [](const Judgement& j) { return j.available && !j.holds(); });
}

std::string Judgements::Unjudged() const {
  return Ids(claims, [](const Judgement& j) { return !j.available; });
}

std::string ToString(Verdict verdict) {
  static constexpr const char* kTexts[] = {"holds", "does not hold", "no data"};
  return kTexts[static_cast<size_t>(verdict)];
}

std::string HeldOf(const Judgements& judgements) {
  return fmt::format("{} of {}", judgements.held(), judgements.judged());
}

std::string ToText(const std::vector<SolvedRuns>& solved) {
  std::string text;
  const std::string* model = nullptr;
  for (const SolvedRuns& s : solved) {
    if (model == nullptr || *model != s.cell.model) {
      text += (text.empty() ? "" : "; ") + s.cell.model;
    }
    model = &s.cell.model;
    text += fmt::format(" {}/{}", s.solved, s.n);
  }
  return text;
}

std::string VerdictLine(const Judgements& judgements) {
  const int all = static_cast<int>(judgements.claims.size());
  const int held = judgements.held(), failing = judgements.failing();
  const int unjudged = all - judgements.judged();
  std::string line = fmt::format("{} of {} claims hold{}", held, all, held == 1 ? "s" : "");
  if (failing > 0) line += fmt::format(", {} {} not", failing, failing == 1 ? "does" : "do");
  if (unjudged > 0)
    line += fmt::format(", {} {} no data yet", unjudged, unjudged == 1 ? "has" : "have");
  return line;
}

}  // namespace grove
