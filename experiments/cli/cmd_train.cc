// grove train: one run on treebank files.
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <variant>

#include "engine/error.h"
#include "engine/files/checkpoint.h"
#include "engine/files/files.h"
#include "engine/files/model_file.h"
#include "engine/files/treebank_dataset.h"
#include "engine/files/vocabulary.h"
#include "engine/run_spec_fields.h"
#include "engine/run_spec_json.h"
#include "experiments/cli/cli.h"
#include "experiments/cli/run_view.h"
#include "experiments/cli/spec_options.h"
#include "experiments/cli/train_folder.h"
#include "experiments/cli/train_result.h"
#include "experiments/plan/treebanks.h"
#include "experiments/runs/batch.h"
#include "sched/stop.h"

namespace grove {
namespace {

struct TrainOptions {
  SpecOptions<RunSpec> spec;
  SpecOptions<ReadingSpec> reading;
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
  for (const char* key : {"model", "dim", "word_dim", "leaf_weights", "activation", "cell_to_gate",
                          "residual", "layer_norm", "comparison", "comparison_dim", "target"}) {
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

// As the checkpoint's files were read, so that its words are found again, if not said otherwise.
ReadingSpec ReadingOf(const TrainOptions& options, const InitialModel* initial) {
  ReadingSpec reading;
  if (initial != nullptr) reading = initial->info.reading;
  reading.format = ReadingSpec().format;
  options.reading.Apply(reading);
  Validate(reading);
  return reading;
}

Dataset ReadData(const TrainOptions& options, const InitialModel* initial, const Job& job) {
  std::unique_ptr<Vocabulary> vocabulary;
  TreebankOptions reading = OptionsFor(job.run, job.files->reading);
  reading.classes = options.classes;
  if (initial != nullptr) {
    if (options.classes != 0 && options.classes != initial->info.classes) {
      throw Error("--classes = " + std::to_string(options.classes) + ": " + initial->path +
                  " has " + std::to_string(initial->info.classes) +
                  "; leave the option out to take that");
    }
    vocabulary = std::make_unique<Vocabulary>(initial->info.words, initial->info.vocabulary_size);
    reading.vocabulary = vocabulary.get();
    reading.classes = initial->info.classes;
    reading.labels = initial->info.labels;
    reading.limit_reason =
        "the model " + initial->path + " has " + std::to_string(reading.classes) + " classes";
  }
  return ReadTreebankDataset(options.train, options.dev, options.test, reading);
}

// Looks through all input, so that what is wrong with it shows before anything is written.
Job MakeJob(TrainOptions& options, const GlobalOptions& globals) {
  const std::unique_ptr<InitialModel> initial = ReadInitialModel(options.init);
  Job job;
  job.run = ResolveSpec(options, globals, initial.get());
  job.experiment = "train";
  job.dataset = 1;
  job.files.emplace().reading = ReadingOf(options, initial.get());
  const Dataset dataset = ReadData(options, initial.get(), job);
  DescribeTreebank(dataset, job);
  if (initial) {
    job.files->init = {options.init, HashText(ReadRegularFile(options.init))};
    Trainer trainer(job.run, dataset);
    LoadWeights(initial->file, trainer.network().layout(), trainer.network().parameters());
  }
  SetKey(job);
  return job;
}

int Train(TrainOptions& options, const GlobalOptions& globals) {
  const Job job = MakeJob(options, globals);
  const TrainFolder folder(options.out);
  if (!options.force) folder.Check(job);
  BatchOptions batch;
  batch.model_path = [&folder](const Job&) { return folder.model(); };
  batch.again = options.force;
  batch.check = [&] {
    // Once more: another training may have ended meanwhile.
    if (!options.force) folder.Check(job);
    CheckWritable(folder.record());
  };
  TrainView view(globals.quiet);
  const sched::StopOnSignal signals;
  const BatchCounts counts = RunBatch({job}, folder.runs(), batch, signals.stop(), view, nullptr);
  if (counts.stopped > 0) {
    std::cerr << "grove: stopped after " << view.epochs() << " epochs; " << options.out
              << " keeps the state, and the same command goes on from there\n";
    return 128 + signals.signal();
  }
  if (options.force && counts.done > 0) folder.RemoveOthers(job);
  return FinishTraining(job, folder, globals);
}

}  // namespace

void AddTrainCommand(CLI::App& app, GlobalOptions& globals) {
  CLI::App* command = app.add_subcommand("train", "Train one network on treebank files");
  const auto options = std::make_shared<TrainOptions>();
  command
      ->add_option("--train", options->train, "Training trees, or pairs of trees with --comparison")
      ->required()
      ->type_name("FILE");
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
  options->reading.AddTo(*command, {});
  command->callback([&globals, options] {
    globals.command = [&globals, options] { return Train(*options, globals); };
  });
}

}  // namespace grove
