#include "experiments/runs/table_lines.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "engine/error.h"

namespace grove {
namespace {

using Json = nlohmann::json;

TEST(RatioLine, KeepsFiveDigitsAndInfinity) {
  RatioSummary summary;
  summary.epoch = 2;
  summary.depth = 10;
  summary.n = 3;
  summary.above_1 = 1;
  summary.q05 = summary.q25 = 0.123456789;
  summary.median = 2;
  summary.q75 = summary.q95 = std::numeric_limits<double>::infinity();
  const std::string line = RatioLine("k", {summary});
  EXPECT_EQ(line, R"({"ratios":{"key":"k","rows":[[2,10,3,1,0.12346,0.12346,2.0,null,null]]}})");
  const Json json = Json::parse(line)["ratios"];
  const auto back = ReadRatioTable(json);
  ASSERT_EQ(back.size(), 1u);
  EXPECT_EQ(back[0].n, 3u);
  EXPECT_EQ(back[0].q25, 0.12346);
  EXPECT_TRUE(std::isinf(back[0].q95));
  EXPECT_EQ(RatioLine("k", back), line);
}

TEST(ObservationLine, KeepsNodesAndGates) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  Observations observations;
  observations.node_ratios = {{{3, 1, 0.123456789, 0.2, 0.5, 2, 2.5, nan}, 1, "leaf", 4}};
  observations.gates = {{2, "f", "toward", 5, 7, 0.5, 0.125}};
  const std::string line = ObservationLine("k", observations);
  const Observations back = ReadObservationTables(Json::parse(line)["observations"]);
  ASSERT_EQ(back.node_ratios.size(), 1u);
  EXPECT_EQ(back.node_ratios[0].kind, "leaf");
  EXPECT_EQ(back.node_ratios[0].depth, 4);
  EXPECT_EQ(back.node_ratios[0].n, 3u);
  EXPECT_EQ(back.node_ratios[0].q05, 0.12346);
  EXPECT_TRUE(std::isnan(back.node_ratios[0].mean_log10));
  EXPECT_EQ(back.gates, observations.gates);
  EXPECT_EQ(ObservationLine("k", back), line);
}

TEST(TableLines, OtherFormsAreRefused) {
  EXPECT_THROW(ReadRatioTable(Json::parse(R"({"rows": [[1, 2]]})")), Json::exception);
  EXPECT_THROW(ReadRatioTable(Json::parse("{}")), Json::exception);
  EXPECT_THROW(ReadObservationTables(Json::parse(R"({"nodes": []})")), Json::exception);
}

// None is cut to fit its column.
TEST(TableLines, NumbersThatDoNotFitAreRefused) {
  for (const char* bad : {"1e300", "-1", "1.5", "1e20", "true"}) {
    const std::string row = "[1, 2, " + std::string(bad) + ", 1, 0.1, 0.1, 0.1, 0.1, 0.1]";
    EXPECT_THROW(ReadRatioTable(Json::parse("{\"rows\": [" + row + "]}")), Error) << bad;
  }
  const char* const tables = R"({"nodes": [], "gates": [[4294967297, "f", "toward", 1, 1, 1, 1]]})";
  EXPECT_THROW(ReadObservationTables(Json::parse(tables)), Error);
}

}  // namespace
}  // namespace grove
