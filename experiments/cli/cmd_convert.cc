// grove data convert: other trees, other files, of the same sentences.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/error.h"
#include "engine/files/bracket_writer.h"
#include "engine/files/files.h"
#include "engine/files/tree_stream.h"
#include "engine/random.h"
#include "engine/trees/reshape.h"
#include "experiments/cli/cli.h"
#include "experiments/cli/output_files.h"
#include "experiments/cli/treebank_argument.h"

namespace grove {
namespace {

namespace fs = std::filesystem;

struct ConvertOptions {
  TreebankArgument file;
  std::string out;
  std::string binarise, shape;
  bool collapse_unary = false, force = false;
  std::vector<double> split;  // shares of train, dev and test; empty: one file
  int folds = 0;
  uint64_t seed = 1;
};

TreeShape ShapeOf(const std::string& name) {
  return name == "random" ? TreeShape::kSplit : ParseTreeShape(name, "--shape");
}

// What becomes of the trees, forest by forest as they are read.
class Conversion {
 public:
  explicit Conversion(const ConvertOptions& options)
      : options_(options), random_(options.seed, Purpose::kShapes) {}

  Forest Convert(Forest forest) {
    if (!options_.shape.empty()) return Reshape(forest, ShapeOf(options_.shape), random_);
    if (options_.binarise.empty()) return forest;
    return Binarise(forest, options_.binarise == "left" ? Branching::kLeft : Branching::kRight);
  }

 private:
  const ConvertOptions& options_;
  RandomStream random_;
};

struct Counts {
  bool pairs = false;
  size_t examples = 0, collapsed = 0, traces = 0;
};

// Calls take(text) for the line of every tree or pair. Throws Error at the first fault.
template <typename Take>
Counts ForEachLine(const ConvertOptions& options, const TreebankOptions& reading,
                   const Take& take) {
  TreeStream stream(LineSource(options.file.path()), reading);
  Conversion conversion(options);
  Counts counts;
  std::string line;
  for (Forest read; stream.ReadForest(read);) {
    const Forest forest = conversion.Convert(std::move(read));
    for (size_t e = 0; e < forest.examples(); ++e) {
      line.clear();
      try {
        AppendBrackets(forest, e, {stream.words(), stream.labels()}, line);
      } catch (const Error& error) {
        throw Error(stream.name() + ": " + error.what() +
                    "; --shape makes trees over its sentences");
      }
      take(line);
      ++counts.examples;
    }
  }
  const Treebank rest = stream.TakeTreebank();
  counts.pairs = stream.examples() != Examples::kTrees;
  counts.collapsed = rest.collapsed;
  counts.traces = rest.traces;
  return counts;
}

// One of the parts that lines are dealt out to.
struct Part {
  std::string name;
  double share;
};

// So many of `count` as the shares say, which need not be whole; all of them in the end.
std::vector<size_t> PartSizes(const std::vector<Part>& parts, size_t count) {
  double total = 0, sum = 0;
  for (const Part& part : parts) total += part.share;
  std::vector<size_t> sizes;
  size_t dealt = 0;
  for (const Part& part : parts) {
    sum += part.share;
    const auto end = static_cast<size_t>(sum / total * static_cast<double>(count) + 0.5);
    sizes.push_back(end - dealt);
    dealt = end;
  }
  return sizes;
}

std::vector<Part> PartsOf(const ConvertOptions& options) {
  std::vector<Part> parts;
  const char* const names[] = {"train", "dev", "test"};
  for (size_t i = 0; i < options.split.size(); ++i) {
    if (options.split[i] > 0) parts.push_back({names[i], options.split[i]});
  }
  for (int fold = 1; fold <= options.folds; ++fold) parts.push_back({std::to_string(fold), 1});
  return parts;
}

// The parts' texts, lines in their order in the file.
std::vector<std::string> Deal(const std::vector<std::string>& lines, const std::vector<Part>& parts,
                              uint64_t seed) {
  std::vector<size_t> part_of;
  const std::vector<size_t> sizes = PartSizes(parts, lines.size());
  for (size_t p = 0; p < parts.size(); ++p) {
    if (sizes[p] == 0) {
      throw Error(fmt::format("{} trees are too few for {} parts, of which none is empty",
                              lines.size(), parts.size()));
    }
    part_of.insert(part_of.end(), sizes[p], p);
  }
  RandomStream(seed, Purpose::kSplit).Shuffle(std::span(part_of));
  std::vector<std::string> texts(parts.size());
  for (size_t i = 0; i < lines.size(); ++i) texts[part_of[i]] += lines[i];
  return texts;
}

// Of fold k the part k tests, the next one is dev, and the others train.
std::vector<OutputFile> FoldFiles(const std::string& out, const std::vector<std::string>& texts) {
  std::vector<OutputFile> files;
  for (size_t fold = 0; fold < texts.size(); ++fold) {
    const std::string folder = out + "/fold-" + std::to_string(fold + 1) + "/";
    const size_t dev = (fold + 1) % texts.size();
    std::string train;
    for (size_t part = 0; part < texts.size(); ++part) {
      if (part != fold && part != dev) train += texts[part];
    }
    files.push_back({folder + "train.ptb", std::move(train)});
    files.push_back({folder + "dev.ptb", texts[dev]});
    files.push_back({folder + "test.ptb", texts[fold]});
  }
  return files;
}

Counts WriteParts(const ConvertOptions& options, const TreebankOptions& reading) {
  const std::vector<Part> parts = PartsOf(options);
  CheckOutputFiles({options.out + "/" + parts.front().name});
  std::vector<std::string> lines;
  const Counts counts =
      ForEachLine(options, reading, [&](const std::string& line) { lines.push_back(line); });
  const std::vector<std::string> texts = Deal(lines, parts, options.seed);
  std::vector<OutputFile> files;
  if (options.folds > 0) {
    files = FoldFiles(options.out, texts);
  } else {
    for (size_t p = 0; p < parts.size(); ++p) {
      files.push_back({options.out + "/" + parts[p].name + ".ptb", texts[p]});
    }
  }
  WriteTogether(std::move(files), options.force);
  return counts;
}

Counts WriteOne(const ConvertOptions& options, const TreebankOptions& reading) {
  std::error_code failure;
  if (!options.force && fs::is_regular_file(options.out, failure)) {
    throw Error(options.out + ": exists; --force replaces it");
  }
  FileWriter out(options.out);
  const Counts counts =
      ForEachLine(options, reading, [&](const std::string& line) { out.Write(line); });
  out.Commit();
  return counts;
}

void Check(const ConvertOptions& options, const TreebankOptions& reading) {
  if (options.collapse_unary && reading.reading.keep_unary) {
    throw Error("--collapse-unary and --keep-unary: give one of them");
  }
  if (!options.split.empty() && options.folds > 0) {
    throw Error("--split and --folds: give one of them");
  }
  if (!options.binarise.empty() && !options.shape.empty()) {
    throw Error("--binarise and --shape: give one of them");
  }
  const double total = std::accumulate(options.split.begin(), options.split.end(), 0.0);
  const bool wrong = std::any_of(options.split.begin(), options.split.end(),
                                 [](double share) { return !(share >= 0 && share <= 1e9); });
  if (!options.split.empty() && (options.split.size() != 3 || wrong || !(total > 0))) {
    throw Error("--split: must be the shares of train, dev and test, such as 80,10,10");
  }
}

int Convert(ConvertOptions& options, const GlobalOptions& globals) {
  if (options.out == "-") {
    options.out = "/dev/stdout";
    options.force = true;  // it may be a file, which is the user's to choose
  }
  TreebankOptions reading = options.file.Options();
  reading.flat = !options.shape.empty();
  Check(options, reading);
  const bool in_parts = !options.split.empty() || options.folds > 0;
  const Counts counts = in_parts ? WriteParts(options, reading) : WriteOne(options, reading);
  if (globals.quiet) return 0;
  std::cerr << fmt::format("{}: {} {}", options.out, counts.examples,
                           counts.pairs ? "pairs of trees" : "trees");
  if (counts.collapsed > 0) {
    std::cerr << fmt::format("; {} nodes with one child collapsed", counts.collapsed);
  }
  if (counts.traces > 0) std::cerr << fmt::format("; {} traces left out", counts.traces);
  std::cerr << "\n";
  return 0;
}

}  // namespace

void AddConvertCommand(CLI::App& data, GlobalOptions& globals) {
  CLI::App* command = data.add_subcommand(
      "convert", "Write trees of any format as brackets, changed, split or both");
  const auto options = std::make_shared<ConvertOptions>();
  options->file.AddTo(*command, {"min_count"});
  command
      ->add_option("out", options->out,
                   "File to write, - for standard output; with --split or --folds a folder")
      ->required();
  command
      ->add_option("--binarise", options->binarise,
                   "Make nodes with more than two children binary, branching to this side")
      ->check(CLI::IsMember({"left", "right"}));
  command
      ->add_option("--shape", options->shape,
                   "Other trees over the same words: a chain to one side, balanced, or random")
      ->check(CLI::IsMember({"left", "right", "balanced", "random"}));
  command->add_flag("--collapse-unary", options->collapse_unary,
                    "Leave out nodes with one child, as is done anyway without --keep-unary");
  command
      ->add_option(
          "--split", options->split,
          "Deal the trees out to train.ptb, dev.ptb and test.ptb by these shares: 80,10,10")
      ->delimiter(',')
      ->type_name("TRAIN,DEV,TEST");
  command
      ->add_option("--folds", options->folds,
                   "Deal the trees out to fold-1, fold-2 and so on, each with the three files: a "
                   "part to test, the next as dev, the others to train")
      ->check(CLI::Range(3, 1000));
  command->add_option("--seed", options->seed, "Of random shapes and parts");
  command->add_flag("--force", options->force, "Replace files with other contents");
  command->callback([&globals, options] {
    globals.command = [&globals, options] { return Convert(*options, globals); };
  });
}

}  // namespace grove
