// grove train: one run on treebank files.
#include <cmath>
#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "engine/checkpoint.h"
#include "engine/dataset.h"
#include "engine/error.h"
#include "engine/files.h"
#include "engine/model_file.h"
#include "engine/ptb.h"
#include "engine/ptb_dataset.h"
#include "engine/run_spec_fields.h"
#include "engine/run_spec_json.h"
#include "engine/vocabulary.h"
#include "experiments/cli/cli.h"
#include "experiments/cli/single_run.h"
#include "experiments/cli/spec_options.h"
#include "experiments/cli/train_folder.h"

namespace grove {
namespace {

struct TrainOptions {
  SpecOptions<RunSpec> spec;
  std::string train, dev, test;  // treebank files; test may be empty
  std::string out;
  std::string init;  // checkpoint; empty: start values
  int classes = 0;   // 0: of the checkpoint or the training file
  bool no_shuffle = false;
  bool force = false;
};

// A checkpoint from which a run starts.
struct InitialModel {
  std::string path;
  TensorFile file;
  ModelInfo info;
};

std::string Text(const FieldValue& value) {
  return std::visit([](const auto& v) { return nlohmann::json(v).dump(); }, value);
}

// The settings that decide what the tensors are and mean come from the checkpoint.
void TakeFrom(const InitialModel& initial, const SpecOptions<RunSpec>& given, RunSpec& spec) {
  for (const char* key : {"model", "dim", "leaf_weights", "activation"}) {
    const FieldValue value = GetField(initial.info.spec, key);
    if (given.Given(key) && GetField(spec, key) != value) {
      throw Error(OptionName(key) + " = " + Text(GetField(spec, key)) + ": " + initial.path +
                  " has " + Text(value) + "; leave the option out to take that");
    }
    SetField(spec, key, value);
  }
}

RunSpec ResolveSpec(TrainOptions& options, const GlobalOptions& globals,
                    const InitialModel* initial) {
  if (options.no_shuffle) {
    if (options.spec.Given("shuffle")) throw Error("--no-shuffle and --shuffle: give one of them");
    options.spec.Set("shuffle", "none");
  }
  if (!globals.gemm.empty()) options.spec.Set("gemm", globals.gemm);
  RunSpec spec;
  options.spec.Apply(spec);
  if (initial != nullptr) TakeFrom(*initial, options.spec, spec);
  Validate(spec);
  if (spec.gemm == "openblas") CheckOpenblasThreads();
  return Resolve(spec);
}

std::unique_ptr<InitialModel> ReadInitialModel(const std::string& path) {
  if (path.empty()) return nullptr;
  auto initial = std::make_unique<InitialModel>();
  initial->path = path;
  initial->file = ReadTensorFile(path);
  initial->info = ReadModelInfo(initial->file);
  return initial;
}

bool HasRootLabel(const Forest& forest) {
  for (size_t t = 0; t < forest.trees(); ++t) {
    if (forest.label[static_cast<size_t>(forest.root(t))] != kNone) return true;
  }
  return false;
}

Dataset ReadData(const TrainOptions& options, const InitialModel* initial) {
  std::unique_ptr<Vocabulary> vocabulary;
  int classes = options.classes;
  std::string limit_reason;  // empty: the option
  if (initial != nullptr) {
    if (classes != 0 && classes != initial->info.classes) {
      throw Error("--classes = " + std::to_string(classes) + ": " + initial->path + " has " +
                  std::to_string(initial->info.classes) + "; leave the option out to take that");
    }
    vocabulary = std::make_unique<Vocabulary>(initial->info.words, initial->info.vocabulary_size);
    classes = initial->info.classes;
    limit_reason = "the model " + initial->path + " has " + std::to_string(classes) + " classes";
  }
  Dataset dataset = ReadPtbDataset(options.train, options.dev, options.test, vocabulary.get(),
                                   classes, limit_reason);
  if (!HasRootLabel(dataset.dev)) {
    throw Error(options.dev +
                ": no tree has a label at its root; training stops by their accuracy");
  }
  return dataset;
}

// The files of the run: their paths and hashes, by option.
nlohmann::ordered_json DescribeData(const TrainOptions& options) {
  nlohmann::ordered_json data;
  for (const auto& [name, path] : {std::pair{"train", options.train},
                                   {"dev", options.dev},
                                   {"test", options.test},
                                   {"init", options.init}}) {
    if (!path.empty()) data[name] = {{"path", path}, {"xxh3", HashText(ReadFile(path))}};
  }
  return data;
}

// Stands for the contents of the files, wherever they lie.
std::string Identity(const nlohmann::ordered_json& data, int classes) {
  std::string identity = "classes " + std::to_string(classes) + "\n";
  for (const auto& [name, file] : data.items()) {
    identity += name + " " + file["xxh3"].get<std::string>() + "\n";
  }
  return identity;
}

// Writes the results and says what happened; returns the exit code.
int Finish(const RunRecord& record, const nlohmann::ordered_json& document,
           const GlobalOptions& globals, const TrainFolder& folder) {
  WriteFileAtomically(folder.record_path(), document.dump(2) + "\n");
  folder.RemoveState();
  if (globals.json) std::cout << document.dump(2) << "\n";
  if (record.status != "done") {
    std::cerr << "grove: " << record.message << "; " << folder.record_path() << " has the epochs\n";
    return kExitFailed;
  }
  if (globals.json) return 0;
  std::printf("dev_accuracy %.4f in epoch %d of %d", record.dev_accuracy, record.best_epoch,
              record.epochs);
  if (!std::isnan(record.test_accuracy)) std::printf(", test_accuracy %.4f", record.test_accuracy);
  std::printf("\n");
  return 0;
}

int Train(TrainOptions& options, const GlobalOptions& globals) {
  const std::unique_ptr<InitialModel> initial = ReadInitialModel(options.init);
  const RunSpec spec = ResolveSpec(options, globals, initial.get());
  const Dataset dataset = ReadData(options, initial.get());
  const nlohmann::ordered_json data = DescribeData(options);
  const std::string key = RunKey(spec, Identity(data, dataset.classes));
  const TrainFolder folder(options.out, key, options.force);
  Trainer trainer(spec, dataset);
  if (folder.interrupted_seconds()) {
    trainer.LoadState(folder.state_path());
  } else if (initial != nullptr) {
    LoadWeights(initial->file, trainer.network().layout(), trainer.network().parameters());
  }
  folder.Create();
  const TrainOutcome outcome = RunTraining(trainer, spec, dataset, folder, !globals.quiet);
  if (outcome.signal != 0) {
    std::cerr << "grove: stopped after " << trainer.result().history.size() << " epochs; "
              << options.out << " keeps the state, and the same command goes on from there\n";
    return 128 + outcome.signal;
  }
  const RunRecord record = MakeRecord(key, spec, dataset, trainer, outcome);
  if (record.status == "done") {
    SaveTrained(folder.model_path(), trainer, spec, dataset);
  } else {
    folder.RemoveModel();
  }
  return Finish(record, RecordDocument(record, spec, data), globals, folder);
}

}  // namespace

void AddTrainCommand(CLI::App& app, GlobalOptions& globals) {
  CLI::App* command = app.add_subcommand("train", "Train one network on treebank files");
  const auto options = std::make_shared<TrainOptions>();
  command->add_option("--train", options->train, "Training trees")->required()->type_name("FILE");
  command->add_option("--dev", options->dev, "Trees that decide when to stop")
      ->required()
      ->type_name("FILE");
  command->add_option("--test", options->test, "Trees to test the best epoch on")
      ->type_name("FILE");
  command->add_option("--out", options->out, "Folder for model.safetensors and record.json")
      ->required()
      ->type_name("DIR");
  command->add_option("--init", options->init, "Start from the weights and words of a checkpoint")
      ->type_name("FILE");
  command
      ->add_option("--classes", options->classes,
                   "Labels are below this; 0: as many as the training file has, at most 10")
      ->check(CLI::Range(0, kMaxClasses))
      ->type_name("INT");
  command->add_flag("--no-shuffle", options->no_shuffle, "Short for --shuffle none");
  command->add_flag("--force", options->force, "Replace the model that --out holds");
  // gemm is a global option; ratios and observations are an experiment's affair.
  options->spec.AddTo(*command, {"gemm", "probe", "observe"});
  command->callback([&globals, options] {
    globals.command = [&globals, options] { return Train(*options, globals); };
  });
}

}  // namespace grove
