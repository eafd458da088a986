// grove predict: what a trained network says of trees, line by line.
#include <iostream>
#include <memory>
#include <optional>
#include <string>

#include "engine/error.h"
#include "engine/files/files.h"
#include "engine/files/npy_file.h"
#include "engine/files/tree_stream.h"
#include "engine/training/predict.h"
#include "experiments/cli/answers.h"
#include "experiments/cli/cli.h"
#include "experiments/cli/trained_model.h"

namespace grove {
namespace {

struct PredictOptions {
  std::string model;
  std::string data = "-";
  std::string out;      // empty: standard output
  std::string vectors;  // .npy; empty: none
  std::string format = "auto";
  bool nodes = false;
};

// Where the answers go. A file is there after Commit.
class Output {
 public:
  explicit Output(const std::string& path) {
    if (!path.empty()) file_.emplace(path);
  }

  // False if nobody wants any more of it.
  bool Write(const std::string& text) {
    if (file_) {
      file_->Write(text);
      return true;
    }
    std::cout << text << std::flush;
    return std::cout.good();
  }

  void Commit() {
    if (file_) file_->Commit();
  }

 private:
  std::optional<FileWriter> file_;
};

void AddVectors(const Forest& forest, size_t example, bool nodes, const TreePredictor& predictor,
                NpyWriter& vectors) {
  const size_t begin = forest.first_tree(example), end = forest.first_tree(example + 1);
  for (size_t t = begin; t < end; ++t) {
    for (int32_t node = nodes ? forest.tree_begin[t] : forest.root(t); node <= forest.root(t);
         ++node) {
      vectors.Add(predictor.StateOf(node));
    }
  }
}

void Check(const PredictOptions& options) {
  for (const std::string* path : {&options.out, &options.vectors}) {
    if (!path->empty()) CheckWritable(*path);
  }
}

// Answers all of `stream`. Returns the message of the fault that ended it, or an empty one.
std::string Answer(const PredictOptions& options, TrainedModel& model, TreeStream& stream,
                   Output& output, NpyWriter* vectors, WordCounts& counts) {
  TreePredictor predictor(model.network(),
                          options.nodes ? TreePredictor::Of::kNodes : TreePredictor::Of::kRoots);
  AnswerWriter answers(model.info(), options.nodes);
  std::string text;
  while (true) {
    const Forest forest = stream.Next();
    if (forest.examples() == 0) {
      const auto& faults = stream.faults();
      return faults.empty() ? "" : Describe(stream.name(), faults.front());
    }
    const WordCounts more = CountWords(forest, model.vocabulary());
    counts.words += more.words;
    counts.unknown += more.unknown;
    text.clear();
    predictor.Predict(forest, [&](size_t example) {
      answers.Append(forest, example, predictor, text);
      if (vectors != nullptr) AddVectors(forest, example, options.nodes, predictor, *vectors);
    });
    if (!output.Write(text)) return "";
  }
}

int Predict(const PredictOptions& options, const GlobalOptions& globals) {
  Check(options);
  TrainedModel model(options.model, globals);
  if (options.nodes && model.pairs()) {
    throw Error("--nodes: " + options.model + " compares pairs; its answers are those of pairs");
  }
  TreeStream stream(LineSource(options.data), model.Options(options.format));
  Output output(options.out);
  std::optional<NpyWriter> vectors;
  if (!options.vectors.empty()) {
    vectors.emplace(options.vectors, static_cast<size_t>(model.network().dim()));
  }
  WordCounts counts;
  const std::string fault =
      Answer(options, model, stream, output, vectors ? &*vectors : nullptr, counts);
  if (!fault.empty()) {
    std::cerr << "grove: " << fault << "\n";
    return kExitFailed;
  }
  output.Commit();
  if (vectors) vectors->Commit();
  TellUnknownWords(counts, globals);
  return 0;
}

}  // namespace

void AddPredictCommand(CLI::App& app, GlobalOptions& globals) {
  CLI::App* command =
      app.add_subcommand("predict", "Say what a trained model makes of trees, one JSON line each");
  const auto options = std::make_shared<PredictOptions>();
  command->add_option("model", options->model, "Model of 'grove train'")->required();
  command->add_option("file", options->data,
                      "Trees, with or without labels; - or nothing: standard input");
  AddFormatOption(*command, options->format);
  command->add_flag("--nodes", options->nodes,
                    "Also of every node, children first, with its first and last leaf");
  command
      ->add_option(
          "--vectors", options->vectors,
          "Write h of the roots, with --nodes of all nodes, as float32 rows of a .npy file")
      ->type_name("FILE");
  command
      ->add_option("-o,--out", options->out,
                   "Write to this file, whole or not at all; default: standard output")
      ->type_name("FILE");
  command->callback([&globals, options] {
    globals.command = [&globals, options] { return Predict(*options, globals); };
  });
}

}  // namespace grove
