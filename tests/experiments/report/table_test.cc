#include "experiments/report/table.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace grove {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

Table Small() {
  Table table({{"name"}, {"share", "Share", Table::Align::kRight, "%"}, {"verdict", "Verdict"}});
  table.Add({"a, \"b\"", 100.0 / 3, Value("holds", Tone::kGood)});
  table.Add({"c|d <e>", 5, Value("does not hold", Tone::kBad)});
  table.Add({"two\nlines", kNan, Value()});
  return table;
}

TEST(CsvNumber, ReadsBackTheSame) {
  EXPECT_EQ(CsvNumber(0.1), "0.1");
  EXPECT_EQ(CsvNumber(1.0), "1.0");
  EXPECT_EQ(CsvNumber(1.0 / 3), "0.3333333333333333");
  EXPECT_EQ(CsvNumber(std::nan("")), "");
  EXPECT_EQ(CsvNumber(-kInfinity), "-inf");
}

TEST(Table, AsCsvQuotesWhatMustBeAndKeepsEveryDigit) {
  EXPECT_EQ(Small().Csv(),
            "name,share,verdict\n"
            "\"a, \"\"b\"\"\",33.333333333333336,holds\n"
            "c|d <e>,5,does not hold\n"
            "\"two\nlines\",,\n");
}

TEST(Table, AsTextAlignsItsColumns) {
  EXPECT_EQ(Small().Text(),
            "name        Share  Verdict\n"
            "a, \"b\"     33.3 %  holds\n"
            "c|d <e>       5 %  does not hold\n"
            "two lines       -  -\n");
}

TEST(Table, AsTextCountsCharactersAndNotBytes) {
  Table table = Table::Named({"word", "n"});
  table.Add({"caf\xC3\xA9", 1});
  table.Add({"tree", 2});
  EXPECT_EQ(table.Text(), "word  n\ncaf\xC3\xA9  1\ntree  2\n");
}

TEST(Table, AsMarkdownEscapesAndMarksWhatFails) {
  EXPECT_EQ(Small().Markdown(),
            "| name | Share | Verdict |\n"
            "| --- | ---: | --- |\n"
            "| a, \"b\" | 33.3 % | holds |\n"
            "| c\\|d &lt;e> | 5 % | **does not hold** |\n"
            "| two lines | - | - |\n");
}

TEST(Table, AsHtmlEscapesAndAligns) {
  EXPECT_EQ(Small().Html(),
            "<div class=\"wide\" tabindex=\"0\"><table>\n"
            "<thead><tr><th scope=\"col\">name</th><th scope=\"col\" class=\"number\">Share</th>"
            "<th scope=\"col\">Verdict</th></tr></thead>\n"
            "<tbody>\n"
            "<tr><td>a, &quot;b&quot;</td><td class=\"number\">33.3 %</td>"
            "<td><span class=\"good\">holds</span></td></tr>\n"
            "<tr><td>c|d &lt;e&gt;</td><td class=\"number\">5 %</td>"
            "<td><span class=\"bad\">does not hold</span></td></tr>\n"
            "<tr><td>two\nlines</td><td class=\"number\">&ndash;</td><td>&ndash;</td></tr>\n"
            "</tbody></table></div>\n");
}

TEST(Table, AsJsonHasNullForWhatIsMissingOrInfinite) {
  Table table = Table::Named({"a", "b", "c", "d"});
  table.Add({"x", uint64_t{7}, 0.5, kNan});
  table.Add({"", -1, kInfinity, Value()});
  EXPECT_EQ(table.Json().dump(),
            R"([{"a":"x","b":7,"c":0.5,"d":null},{"a":"","b":-1,"c":null,"d":null}])");
}

TEST(Table, WithoutRowsIsItsHeader) {
  const Table table = Table::Named({"a", "b"});
  EXPECT_TRUE(table.empty());
  EXPECT_EQ(table.Csv(), "a,b\n");
  EXPECT_EQ(table.Text(), "a  b\n");
  EXPECT_EQ(table.Json().dump(), "[]");
}

TEST(Table, NegativeZeroIsZeroForPeople) {
  Table table = Table::Named({"a"});
  table.Add({-0.0});
  EXPECT_EQ(table.Text(), "a\n0\n");
}

}  // namespace
}  // namespace grove
