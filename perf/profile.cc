#include "perf/profile.h"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/cells/model.h"
#include "perf/sampler.h"
#include "perf/steps.h"
#include "perf/symbols.h"

namespace grove::perf {
namespace {

constexpr double kSeconds = 5;
constexpr double kSecondsOfEach = 1;  // of all models
constexpr double kMostUnclassified = 0.03;
constexpr char kAllModels[] = "all";

enum Phase {
  kProject,
  kGates,
  kBackward,
  kWeightGradient,
  kUpdate,
  kSchedule,
  kClassifier,
  kOther,
  kUnclassified,
  kPhases
};
constexpr const char* kPhaseNames[kPhases] = {
    "project (forward products)",
    "gates (cell kernels, both ways)",
    "backward (products for the data gradient)",
    "weight gradient (products)",
    "update (AdaGrad, transposed copies)",
    "schedule",
    "classifier",
    "other (word vectors, levels, loops)",
    "unclassified",
};

// The first rule that a function on the stack matches decides. The same product serves several
// phases, so it is the caller that tells them apart: rules stand in the order in which they count.
struct Rule {
  const char* function;  // part of its name
  Phase phase;
  bool innermost = false;  // counts only if it is that function's own code that runs
};
constexpr Rule kRules[] = {
    {"grove::Scheduler::", kSchedule},
    {"grove::Classifier::", kClassifier},
    {"grove::BackwardWeights(", kWeightGradient},
    {"::WeightGradients(", kWeightGradient},
    {"grove::BackwardInput(", kBackward},
    {"::BackProject(", kBackward},
    {"grove::Forward(", kProject},
    {"::Project(", kProject},
    {"grove::Network::Update", kUpdate},
    {"GatherRows", kOther},
    // All that a model of any cell calls beside products is the stages of its cell; its own code is
    // loops.
    {"grove::LevelModel::", kOther, true},
    {"grove::LevelModel::", kGates},
    // Loops over minibatches: what they call must have a rule of its own.
    {"grove::Network::", kOther, true},
    {"grove::perf::Steps::", kOther, true},
};

// `functions`: innermost first.
Phase PhaseOf(const std::vector<std::string>& functions) {
  for (const Rule& rule : kRules) {
    for (const std::string& function : functions) {
      if (function.find(rule.function) != std::string::npos) return rule.phase;
      if (rule.innermost) break;
    }
  }
  return kUnclassified;
}

// "Tile<6ul, 6ul> < grove::Multiply < ...": the inner functions, to see what a rule is missing for.
std::string Outline(const std::vector<std::string>& functions) {
  constexpr std::string_view kAnonymous = "(anonymous namespace)::";
  std::string outline;
  for (size_t i = 0; i < std::min(functions.size(), size_t{4}); ++i) {
    std::string name = functions[i];
    for (size_t at; (at = name.find(kAnonymous)) != std::string::npos;) {
      name.erase(at, kAnonymous.size());
    }
    outline += (i == 0 ? "" : " < ") + name.substr(0, name.find('('));
  }
  return outline.empty() ? "?" : outline;
}

// "train/rlstm/dim50/len21-30/batch5", or without the batch.
bool ParseStep(const std::string& step, Work& work) {
  char model[16] = "", rest;
  const auto read = [&](const char* format, auto*... more) {
    return std::sscanf(step.c_str(), format, model, &work.dim, &work.min_length, &work.max_length,
                       more..., &rest);
  };
  // One field more, and there is something behind the name.
  const bool valid = read("train/%15[a-z0-9_]/dim%d/len%d-%d%c") == 4 ||
                     read("train/%15[a-z0-9_]/dim%d/len%d-%d/batch%d%c", &work.batch) == 5;
  work.model = model;
  return valid;
}

std::string NameOf(const Work& work) {
  std::string name = "train/" + work.model + "/dim" + std::to_string(work.dim) + "/len" +
                     std::to_string(work.min_length) + "-" + std::to_string(work.max_length);
  if (work.batch != 0) name += "/batch" + std::to_string(work.batch);
  return name;
}

struct Split {
  size_t samples[kPhases] = {};
  size_t total = 0;
  std::map<std::string, size_t> unclassified;  // by outline
};

Split Classify(const std::vector<Stack>& stacks) {
  const Symbols symbols;
  std::unordered_map<uintptr_t, std::string> names;
  Split split;
  split.total = stacks.size();
  for (const Stack& stack : stacks) {
    std::vector<std::string> functions;
    for (const uintptr_t address : stack) {
      auto [found, is_new] = names.try_emplace(address);
      if (is_new) found->second = symbols.Find(address);
      // Functions of shared libraries, memset for one, count for their callers.
      if (!found->second.empty()) functions.push_back(found->second);
    }
    const Phase phase = PhaseOf(functions);
    ++split.samples[phase];
    if (phase == kUnclassified) ++split.unclassified[Outline(functions)];
  }
  return split;
}

// Returns the exit code.
int Print(const Split& split) {
  if (split.total == 0) {
    std::fprintf(stderr, "no samples\n");
    return 1;
  }
  const auto percent = [&](size_t samples) {
    return 100.0 * static_cast<double>(samples) / static_cast<double>(split.total);
  };
  for (int phase = 0; phase < kPhases; ++phase) {
    std::printf("%6.1f %%  %s\n", percent(split.samples[phase]), kPhaseNames[phase]);
  }
  std::printf("%zu samples\n", split.total);
  if (percent(split.samples[kUnclassified]) <= 100 * kMostUnclassified) return 0;
  std::vector<std::pair<size_t, std::string>> functions;
  for (const auto& [name, samples] : split.unclassified) functions.emplace_back(samples, name);
  std::sort(functions.rbegin(), functions.rend());
  if (functions.size() > 10) functions.resize(10);
  std::fprintf(stderr, "%.1f %% of the samples belong to no phase of perf/profile.cc:\n",
               percent(split.samples[kUnclassified]));
  for (const auto& [samples, name] : functions) {
    std::fprintf(stderr, "%6.1f %%  %s\n", percent(samples), name.c_str());
  }
  return 1;
}

// Returns the exit code.
int ProfileModel(const Work& work, double seconds) {
  Steps steps(work, EpochTrees(work));
  steps.TrainEpoch();
  std::printf("profile of %s\n", NameOf(work).c_str());
  return Print(Classify(Sample(seconds, [&] { steps.TrainEpoch(); })));
}

}  // namespace

int Profile(std::string_view step) try {
  Work work;
  if (!ParseStep(std::string(step), work)) {
    std::fprintf(
        stderr,
        "--profile=%s: expected train/<model>/dim<n>/len<a>-<b>, with all for every model, "
        "and /batch<B> if not the model's own\n",
        std::string(step).c_str());
    return 2;
  }
  if (work.model != kAllModels) return ProfileModel(work, kSeconds);
  int worst = 0;
  for (const std::string& model : ModelNames()) {
    work.model = model;
    worst = std::max(worst, ProfileModel(work, kSecondsOfEach));
  }
  return worst;
} catch (const std::exception& error) {
  std::fprintf(stderr, "--profile=%s: %s\n", std::string(step).c_str(), error.what());
  return 2;
}

}  // namespace grove::perf
