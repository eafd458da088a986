// Random sweeps: the same points every time, within their ranges, spread as asked for.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <set>

#include "tests/experiments/sweep_files.h"

namespace grove::test {
namespace {

using Labels = std::vector<std::string>;

// The values of one setting, in the order of the points.
std::vector<double> Values(const Spec& sweep, const std::string& key) {
  std::vector<double> values;
  for (const Point& point : sweep.axes[0].points) {
    for (const Setting& setting : point.settings) {
      if (setting.key != key) continue;
      const int64_t* integer = std::get_if<int64_t>(&setting.value);
      values.push_back(integer != nullptr ? static_cast<double>(*integer)
                                          : std::get<double>(setting.value));
    }
  }
  return values;
}

std::string Random(int points, const std::string& settings, int seed = 1) {
  return "[random]\npoints = " + std::to_string(points) + "\nseed = " + std::to_string(seed) +
         "\n" + settings;
}

TEST(SweepRandom, TheSamePointsEveryTimeAndMoreAddToFewer) {
  const SweepFolder folder;
  const std::string settings =
      "learning_rate = {log_uniform = [0.01, 0.2]}\nleaf_weights = ['own', 'shared']\n";
  const Labels eight = PointLabels(folder.Read(Random(8, settings)));
  ASSERT_EQ(eight.size(), 8u);
  EXPECT_EQ(PointLabels(folder.Read(Random(8, settings))), eight);
  Labels more = PointLabels(folder.Read(Random(20, settings)));
  more.resize(8);
  EXPECT_EQ(more, eight);
  EXPECT_NE(PointLabels(folder.Read(Random(8, settings, 2))), eight);
  EXPECT_EQ(PointLabels(folder.Read("[random]\npoints = 8\n" + settings)), eight);  // seed 1
  // The order of lines is that of the label, and nothing else.
  const Spec turned = folder.Read(
      Random(8, "leaf_weights = ['own', 'shared']\nlearning_rate = {log_uniform = [0.01, 0.2]}\n"));
  EXPECT_EQ(turned.axes[0].points[0].label.rfind("leaf_weights = ", 0), 0u);
  EXPECT_EQ(Values(turned, "learning_rate"),
            Values(folder.Read(Random(8, settings)), "learning_rate"));
}

TEST(SweepRandom, ValuesAreInTheirRangesWithThreeDigits) {
  const SweepFolder folder;
  const Spec sweep = folder.Read(Random(300,
                                        "l2 = {log_uniform = [1e-5, 1e-3]}\n"
                                        "learning_rate = {uniform = [0.02, 0.1]}\n"
                                        "dim = {integer = [3, 6]}\n"));
  for (const char* key : {"l2", "learning_rate"}) {
    for (const double value : Values(sweep, key)) {
      char digits[32];
      std::snprintf(digits, sizeof(digits), "%.2e", value);
      EXPECT_EQ(std::stod(digits), value);
    }
  }
  const auto range = [&](const char* key) {
    const std::vector<double> values = Values(sweep, key);
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    return std::make_pair(*low, *high);
  };
  EXPECT_GE(range("l2").first, 1e-5);
  EXPECT_LE(range("l2").second, 1e-3);
  EXPECT_GE(range("learning_rate").first, 0.02);
  EXPECT_LE(range("learning_rate").second, 0.1);
  EXPECT_EQ(range("dim"), std::make_pair(3.0, 6.0));
  // Half of a log-uniform sample lies below the geometric mean, of a uniform one below the mean:
  // 300 draws are off by more than 0.1 once in 2,000 times.
  const auto share_below = [&](const char* key, double middle) {
    const std::vector<double> values = Values(sweep, key);
    return std::count_if(values.begin(), values.end(), [&](double v) { return v < middle; }) /
           300.0;
  };
  EXPECT_NEAR(share_below("l2", 1e-4), 0.5, 0.1);
  EXPECT_NEAR(share_below("l2", std::sqrt(1e-5 * 1e-4)), 0.25, 0.1);
  EXPECT_NEAR(share_below("learning_rate", 0.06), 0.5, 0.1);
}

// Ends that have more digits than values do.
TEST(SweepRandom, RoundingDoesNotLeaveTheRange) {
  const SweepFolder folder;
  for (const double value :
       Values(folder.Read(Random(3, "learning_rate = {uniform = [0.10041, 0.10248]}\n")),
              "learning_rate")) {
    EXPECT_GE(value, 0.10041);
    EXPECT_LE(value, 0.10248);
  }
}

TEST(SweepRandom, EveryPointIsDrawnOnceUntilThereAreNoMore) {
  const SweepFolder folder;
  const std::string settings = "leaf_weights = ['own', 'shared']\ndim = {integer = [1, 4]}\n";
  const Labels labels = PointLabels(folder.Read(Random(8, settings)));
  EXPECT_EQ(std::set<std::string>(labels.begin(), labels.end()).size(), 8u);
  EXPECT_EQ(folder.Refusal(Random(9, settings)),
            "s.toml:4: points = 9: there are only 8 different points");
}

TEST(SweepRandom, ChoicesMayGoByModel) {
  const SweepFolder folder;
  Labels labels =
      PointLabels(folder.Read(Random(2, "batch = [{rnn = 10, rlstm = 2}, {rnn = 40}]\n")));
  std::sort(labels.begin(), labels.end());
  EXPECT_EQ(labels, (Labels{"batch = 10 (rnn), 2 (rlstm)", "batch = 40 (rnn)"}));
}

TEST(SweepRandom, ErrorsNameWhatIsAllowed) {
  const SweepFolder folder;
  const auto refusal = [&](const std::string& line) { return folder.Refusal(Random(2, line)); };
  EXPECT_EQ(folder.Refusal("[random]\nl2 = [0, 1]\n"),
            "s.toml:3: [random]: key 'points' is missing");
  EXPECT_EQ(folder.Refusal("[random]\npoints = 0\nl2 = [0, 1]\n"),
            "s.toml:4: points: must be an integer from 1 to 10000");
  EXPECT_EQ(refusal(""), "s.toml:3: [random]: must have at least one setting");
  EXPECT_EQ(folder.Refusal("[random]\npoints = 2\nseed = -1\nl2 = [0, 1]\n"),
            "s.toml:5: seed = -1: must be an integer of at least 0");
  EXPECT_EQ(refusal("l3 = [0, 1]\n"), "s.toml:6: unknown key 'l3'; did you mean 'l2'?");
  EXPECT_EQ(refusal("l2 = 0.1\n"),
            "s.toml:6: l2: must be a list of choices, {uniform = [a, b]}, {log_uniform = [a, b]} "
            "or {integer = [a, b]}");
  EXPECT_EQ(refusal("l2 = {unifrom = [0, 1]}\n"),
            "s.toml:6: unknown key 'unifrom'; did you mean 'uniform'?");
  EXPECT_EQ(refusal("l2 = {uniform = [0]}\n"), "s.toml:6: l2: uniform: must be two numbers");
  EXPECT_EQ(refusal("dim = {integer = [1, 2.5]}\n"),
            "s.toml:6: dim: integer: must be two integers");
  EXPECT_EQ(refusal("l2 = {uniform = [1, 0.5]}\n"),
            "s.toml:6: l2: uniform: the first must be less than the second");
  EXPECT_EQ(refusal("l2 = {log_uniform = [0, 1]}\n"),
            "s.toml:6: l2: log_uniform: must be more than 0");
  EXPECT_EQ(refusal("l2 = {uniform = [0, 1001]}\n"), "s.toml:6: l2 = 1001: must be from 0 to 1000");
  EXPECT_EQ(refusal("dim = {uniform = [1, 9]}\n"),
            "s.toml:6: dim: uniform: this setting takes integers; draw them by integer = [a, b]");
  EXPECT_EQ(refusal("leaf_weights = {uniform = [1, 9]}\n"),
            "s.toml:6: leaf_weights = 1: must be a string, one of own, shared");
  EXPECT_EQ(refusal("leaf_weights = ['won']\n"),
            "s.toml:6: leaf_weights = 'won': must be one of own, shared");
  EXPECT_EQ(folder.Refusal("[run]\nl2 = 0\n" + Random(2, "l2 = [1, 2]\n")),
            "s.toml:8: l2 is given in [run] already");
}

}  // namespace
}  // namespace grove::test
