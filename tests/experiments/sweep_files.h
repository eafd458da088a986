// Small experiments and the sweeps over them that the tests of sweeps write and read.
#pragma once

#include <string>
#include <vector>

#include "experiments/plan/plan.h"
#include "tests/experiments/temporary_folder.h"

namespace grove::test {

// 2 datasets x 2 models x 2 seeds.
inline constexpr char kBaseExperiment[] = R"(name = "base"
[run]
dim = 4
[axes]
dataset = [{id = 1, min_length = 1, max_length = 10}, {id = 2}]
model = ["rnn", "rlstm"]
seed = "1-2"
)";

// A folder with base.toml.
class SweepFolder : public TemporaryFolder {
 public:
  SweepFolder() { Write("base.toml", kBaseExperiment); }

  // The sweep of base.toml with that text after its first two lines, so that it starts at line 3.
  Spec Read(const std::string& text) const { return ReadSpec(WriteSweep(text)); }
  std::string WriteSweep(const std::string& text) const {
    return Write("s.toml", "name = 's'\nof = ['base.toml']\n" + text);
  }

  // The error of reading and planning that file, its folder left out.
  std::string RefusalOf(const std::string& file) const {
    std::string message = ErrorMessage([&] { Plan({ReadSpec(Path(file))}); });
    for (size_t at = 0; (at = message.find(path() + "/")) != std::string::npos;) {
      message.erase(at, path().size() + 1);
    }
    return message;
  }
  std::string Refusal(const std::string& text) const {
    WriteSweep(text);
    return RefusalOf("s.toml");
  }
};

inline std::vector<std::string> PointLabels(const Spec& sweep) {
  std::vector<std::string> labels;
  for (const Point& point : sweep.axes[0].points) labels.push_back(point.label);
  return labels;
}

inline std::vector<std::string> RunLabels(const std::vector<Job>& runs) {
  std::vector<std::string> labels;
  for (const Job& run : runs) labels.push_back(run.Label());
  return labels;
}

}  // namespace grove::test
