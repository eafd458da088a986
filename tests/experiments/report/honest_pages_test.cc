// The project's README and the page of results tell the same of the kept runs, and what the
// published tables say.
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "engine/files/files.h"

namespace {

const std::string kRoot = GROVE_SOURCE_DIR;

// Rows by column name, of a table without quoted line ends.
class Csv {
 public:
  explicit Csv(const std::string& name) {
    std::istringstream lines(grove::ReadFile(kRoot + "/experiments/results/" + name));
    for (std::string line; std::getline(lines, line);) rows_.push_back(Split(line));
    header_ = rows_.front();
    rows_.erase(rows_.begin());
  }
  size_t size() const { return rows_.size(); }
  std::string At(size_t row, const std::string& column) const {
    const auto found = std::find(header_.begin(), header_.end(), column);
    return rows_[row].at(static_cast<size_t>(found - header_.begin()));
  }

 private:
  static std::vector<std::string> Split(const std::string& line) {
    std::vector<std::string> fields(1);
    bool quoted = false;
    for (const char c : line) {
      if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        fields.emplace_back();
      } else {
        fields.back() += c;
      }
    }
    return fields;
  }
  std::vector<std::string> header_;
  std::vector<std::vector<std::string>> rows_;
};

// A page as one line, since its lines break anywhere.
std::string Flat(const std::string& path) {
  std::istringstream words(grove::ReadFile(kRoot + "/" + path));
  std::string flat;
  for (std::string word; words >> word;) flat += word + " ";
  return flat;
}

TEST(HonestPages, BothTellWhatTheTablesSay) {
  const Csv claims("claims.csv");
  int held = 0, held_by_five = 0;
  for (size_t i = 0; i < claims.size(); ++i) {
    held += claims.At(i, "verdict") == "holds";
    held_by_five += claims.At(i, "holds_seeds_1_5") == "holds";
  }
  const Csv cells("cells.csv");
  int solved = 0, runs = 0;
  for (size_t i = 0; i < cells.size(); ++i) {
    if (cells.At(i, "experiment") != "exp1" || cells.At(i, "model") != "rlstm") continue;
    if (std::stoi(cells.At(i, "dataset")) > 4) continue;
    solved += std::stoi(cells.At(i, "solved"));
    runs += std::stoi(cells.At(i, "n"));
  }
  ASSERT_EQ(claims.size(), 17u);
  ASSERT_EQ(runs, 100);
  for (const char* path : {"README.md", "experiments/results/README.md"}) {
    const std::string page = Flat(path);
    const auto says = [&](const std::string& text) { return page.find(text) != std::string::npos; };
    EXPECT_TRUE(says(std::to_string(held) + " of the paper's 17")) << path;
    EXPECT_TRUE(says("25 seeds")) << path;
    EXPECT_TRUE(says("(" + std::to_string(held_by_five) + " on ")) << path;
    EXPECT_TRUE(says("up to 40 words") || says("up to forty words")) << path;
    EXPECT_TRUE(says(std::to_string(solved) + " of " + std::to_string(runs) + " runs")) << path;
  }
}

}  // namespace
