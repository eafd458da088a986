#include "experiments/runs/observations.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/experiments/temporary_folder.h"

namespace grove {
namespace {

constexpr char kNodes[] = "epoch,kind,depth,n,above_1,q05,q25,median,q75,q95,mean_log10\n";
constexpr char kGates[] = "epoch,gate,place,depth,n,mean,sd\n";

template <typename Reader>
std::string Refusal(const Reader& read, const std::string& contents) {
  const TemporaryFolder folder;
  const std::string path = folder.Write("k.csv", contents);
  return ErrorMessage([&] { read(path); }).substr(path.size());
}
std::string NodesRefusal(const std::string& lines) { return Refusal(ReadNodeRatios, lines); }
std::string GatesRefusal(const std::string& lines) { return Refusal(ReadGates, lines); }

TEST(Observations, AreReadBackExactly) {
  const TemporaryFolder folder;
  std::vector<NodeRatioGroup> nodes = {
      {{5, 1, 1e-30, 0.1 + 0.2, 0.5, std::nextafter(0.5, 1.0), 2.5, -1.0 / 3}, 0, "inner", 3},
      {{1, 0, 1e-300, 1e-300, 1e-300, 1e-300, 1e-300, -300}, 12, "keyword", 40}};
  EXPECT_EQ(ReadNodeRatios(folder.Write("n.csv", NodeRatiosText(nodes))), nodes);
  const std::vector<GateGroup> gates = {{0, "i", "toward", 0, 7, 0.1 + 0.2, 1e-9},
                                        {3, "o", "off", 9, size_t{1} << 40, 1, 0}};
  EXPECT_EQ(ReadGates(folder.Write("g.csv", GatesText(gates))), gates);
  EXPECT_EQ(GatesText({}), kGates);
  EXPECT_TRUE(ReadGates(folder.Write("g.csv", kGates)).empty());
}

TEST(Observations, AMeanOfNoLogarithmsIsNoNumber) {
  const TemporaryFolder folder;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::string text = NodeRatiosText({{{2, 0, 0, 0, 0, 0, 0, nan}, 1, "leaf", 2}});
  EXPECT_EQ(text, std::string(kNodes) + "1,leaf,2,2,0,0,0,0,0,0,nan\n");
  const auto groups = ReadNodeRatios(folder.Write("n.csv", text));
  ASSERT_EQ(groups.size(), 1u);
  EXPECT_TRUE(std::isnan(groups[0].mean_log10));
}

TEST(Observations, BadLinesOfNodesAreNamed) {
  const std::string good = std::string(kNodes) + "0,leaf,1,9,2,0.1,0.2,0.3,0.4,0.5,-1\n";
  const auto refusal = [&](const std::string& line) { return NodesRefusal(good + line + "\n"); };
  const std::string not_a_line =
      ":3: not a line of epoch,kind,depth,n,above_1,q05,q25,median,q75,q95,mean_log10";
  EXPECT_EQ(NodesRefusal(kGates),
            ":1: the first line must be "
            "epoch,kind,depth,n,above_1,q05,q25,median,q75,q95,mean_log10");
  EXPECT_EQ(refusal(""), not_a_line);
  EXPECT_EQ(refusal("0,leaf,1,9,2,0.1,0.2,0.3,0.4,0.5"), not_a_line);
  EXPECT_EQ(refusal("0,leaf,1,9,2,0.1,0.2,0.3,0.4,0.5,-1,7"), not_a_line);
  EXPECT_EQ(refusal("0,leaf,1,9,2,0.1,0.2,0.3,0.4x,0.5,-1"), not_a_line);
  EXPECT_EQ(refusal("0,leaf,1,-9,2,0.1,0.2,0.3,0.4,0.5,-1"), not_a_line);
  EXPECT_EQ(refusal("0,leaf,1.5,9,2,0.1,0.2,0.3,0.4,0.5,-1"), not_a_line);
  EXPECT_EQ(NodesRefusal(good + "0,leaf,1,9,2,0.1,0.2,0.3,0.4,0.5,-1"), not_a_line);  // torn
  EXPECT_EQ(refusal("0,root,1,9,2,0.1,0.2,0.3,0.4,0.5,-1"),
            ":3: kind 'root': must be one of inner, leaf, keyword");
  EXPECT_EQ(refusal("-1,leaf,1,9,2,0.1,0.2,0.3,0.4,0.5,-1"),
            ":3: epoch must be at least 0, depth at least 1");
  EXPECT_EQ(refusal("0,leaf,0,9,2,0.1,0.2,0.3,0.4,0.5,-1"),
            ":3: epoch must be at least 0, depth at least 1");
  EXPECT_EQ(refusal("0,leaf,1,9,10,0.1,0.2,0.3,0.4,0.5,-1"),
            ":3: n must be at least 1, above_1 at most n");
  EXPECT_EQ(refusal("0,leaf,1,9,2,0.1,0.4,0.3,0.4,0.5,-1"),
            ":3: quantiles must be finite, at least 0 and ascend");
  EXPECT_EQ(refusal("0,leaf,1,9,2,0.1,nan,0.3,0.4,0.5,-1"),
            ":3: quantiles must be finite, at least 0 and ascend");
  EXPECT_EQ(refusal("0,leaf,1,9,2,0.1,0.2,0.3,0.4,0.5,-inf"),
            ":3: mean_log10 must be finite or nan");
}

TEST(Observations, BadLinesOfGatesAreNamed) {
  const auto refusal = [](const std::string& line) { return GatesRefusal(kGates + line + "\n"); };
  EXPECT_EQ(GatesRefusal(""), ":1: the first line must be epoch,gate,place,depth,n,mean,sd");
  EXPECT_EQ(refusal("0,i,toward,0,7,0.5"), ":2: not a line of epoch,gate,place,depth,n,mean,sd");
  EXPECT_EQ(refusal("0,,toward,0,7,0.5,0.1"), ":2: the gate has no name");
  EXPECT_EQ(refusal("0,i,above,0,7,0.5,0.1"),
            ":2: place 'above': must be one of toward, beside, off, path");
  EXPECT_EQ(refusal("0,i,toward,-1,7,0.5,0.1"), ":2: epoch and depth must be at least 0");
  EXPECT_EQ(refusal("0,i,toward,0,0,0.5,0.1"), ":2: n must be at least 1");
  EXPECT_EQ(refusal("0,i,toward,0,7,1.5,0.1"), ":2: mean must be from 0 to 1, sd from 0 to 0.5");
  EXPECT_EQ(refusal("0,i,toward,0,7,0.5,nan"), ":2: mean must be from 0 to 1, sd from 0 to 0.5");
}

}  // namespace
}  // namespace grove
