#include "experiments/cli/treebank_argument.h"

#include "engine/error.h"

namespace grove {

void TreebankArgument::AddTo(CLI::App& command, const std::vector<std::string>& skip) {
  command.add_option("file", path_, "File of trees or of pairs of trees; -: standard input")
      ->required();
  command.add_option("--classes", classes_, "Labels are below this; 0: below 10")
      ->check(CLI::Range(0, kMaxClasses));
  command
      .add_option("--target", target_,
                  "What stands before a pair of trees: classes, or a score from 1 to 5; default: "
                  "as most lines look")
      ->check(CLI::IsMember({"classes", "score"}));
  reading_.AddTo(command, skip);
}

TreebankOptions TreebankArgument::Options() const {
  TreebankOptions options;
  reading_.Apply(options.reading);
  Validate(options.reading);
  options.classes = classes_;
  options.examples = std::nullopt;
  if (target_ == "classes") options.examples = Examples::kPairs;
  if (target_ != "score") return options;
  if (classes_ != 0) throw Error("--classes and --target score: scores have no classes");
  options.examples = Examples::kScoredPairs;
  return options;
}

}  // namespace grove
