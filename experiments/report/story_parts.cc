#include "experiments/report/story_parts.h"

#include <algorithm>

#include "experiments/stats/numbers.h"

namespace grove::story {

std::string Number(double value, int digits) { return FormatNumber(value, digits); }
std::string Count(int value) { return std::to_string(value); }

std::string Row(const std::vector<std::string>& fields) {
  std::string row = "|";
  for (const std::string& field : fields) row += " " + field + " |";
  return row + "\n";
}

// A figure, with the command that makes the runs it rests on.
std::string Figure(const std::string& name, const std::string& command) {
  return "\n![" + name + "](figures/" + name + ".svg)\n\n" + "*Its runs: `" + command +
         "`; the figure: `make -C experiments study`.*\n";
}

namespace {

// The range of medians over the lengths, at the least and at the greatest depth.
std::string DepthRanges(const Study& study) {
  const auto [least, greatest] = std::minmax_element(
      study.length_depth.begin(), study.length_depth.end(),
      [](const LengthDepth& a, const LengthDepth& b) { return a.depth < b.depth; });
  std::string text;
  for (const std::string model : {"rnn", "rlstm"}) {
    text += "- " + model + ", medians over the lengths:";
    for (const int depth : {least->depth, greatest->depth}) {
      std::vector<double> medians;
      for (const LengthDepth& c : study.length_depth) {
        if (c.model == model && c.depth == depth) medians.push_back(c.median);
      }
      text += " at depth " + Count(depth) + " " + Number(Quantile(medians, 0)) + " to " +
              Number(Quantile(medians, 1)) + (depth == least->depth ? " %," : " %.\n");
    }
  }
  return text;
}

}  // namespace

std::string ObservedText(const Study& study) {
  if (study.node_ratios.empty()) return "";
  const std::string command = "grove run experiments/specs/observed.toml --out DIR";
  return "\n## Beyond the paper: all nodes, and the gates\n\n"
         "The paper follows the gradient to the keyword's leaf. Here it is measured at every node "
         "of "
         "the dev trees, before training and after every epoch (`node_ratios.csv`), with the mean "
         "activation of the gates on the way to the keyword (toward), of its siblings (beside) and "
         "elsewhere (off); the output gate is of nodes on the path or off it (`gates.csv`).\n" +
         Figure("node_ratios", command) + Figure("gates", command);
}

std::string LengthDepthText(const Study& study) {
  if (study.length_depth.empty()) return "";
  int runs = 0;
  for (const LengthDepth& c : study.length_depth) runs += c.n;
  return "\n## Beyond the paper: length and depth apart\n\n"
         "In experiment 1 longer sentences also have deeper keywords. Here every length is crossed "
         "with every depth (`experiments/specs/exp4.toml`, " +
         Count(runs) + " runs, `length_depth.csv`).\n\n" + DepthRanges(study) +
         Figure("length_depth", "grove run experiments/specs/exp4.toml --out DIR");
}

}  // namespace grove::story
