// grove train: one run on treebank files.
#include <fmt/format.h>

#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "engine/error.h"
#include "engine/files/checkpoint.h"
#include "engine/files/files.h"
#include "engine/files/model_file.h"
#include "engine/files/treebank_dataset.h"
#include "engine/files/vocabulary.h"
#include "engine/run_spec_fields.h"
#include "engine/run_spec_json.h"
#include "experiments/cli/batch_arguments.h"
#include "experiments/cli/cli.h"
#include "experiments/cli/run_view.h"
#include "experiments/cli/setting_arguments.h"
#include "experiments/cli/spec_options.h"
#include "experiments/cli/train_folder.h"
#include "experiments/cli/train_overview.h"
#include "experiments/cli/train_result.h"
#include "experiments/plan/one_run.h"
#include "experiments/plan/plan.h"
#include "experiments/plan/treebanks.h"
#include "experiments/runs/batch.h"
#include "sched/stop.h"

namespace grove {
namespace {

struct TrainOptions {
  std::vector<std::string> arguments;  // a spec file, and settings as key=value
  std::string spec_file;               // of these; empty: none
  std::string dataset;                 // its id in the spec file; empty: not chosen
  SpecOptions<RunSpec> spec;
  SpecOptions<ReadingSpec> reading;
  std::string train, dev, test;  // treebank files; test may be empty
  std::string out;
  std::string init;     // checkpoint; empty: start values
  std::string vectors;  // file of word vectors; empty: start values
  int classes = 0;      // 0: of the checkpoint or the training file
  bool no_shuffle = false;
  bool force = false;
  bool verbose = false;
  StateRhythm states;
};

void TakeArguments(CLI::App& command, TrainOptions& options) {
  constexpr std::string_view kDataset = "dataset=";
  for (const std::string& argument : options.arguments) {
    if (IsSetting(argument)) continue;
    if (!options.spec_file.empty()) {
      throw Error(argument + ": a second spec file, after " + options.spec_file +
                  "; settings are key=value");
    }
    options.spec_file = argument;
  }
  for (const std::string& argument : options.arguments) {
    if (!IsSetting(argument)) continue;
    if (argument.starts_with(kDataset) && !options.spec_file.empty()) {
      options.dataset = argument.substr(kDataset.size());
    } else {
      TakeSetting(argument, command, options.spec);
    }
  }
}

// What the spec file says, where no option says otherwise.
Job TakeSpecFile(TrainOptions& options) {
  Job job;
  job.experiment = "train";
  job.dataset = 1;
  if (options.spec_file.empty()) return job;
  std::map<std::string, std::string> chosen = options.spec.given();
  chosen.insert(options.reading.given().begin(), options.reading.given().end());
  if (!options.dataset.empty()) chosen["dataset"] = options.dataset;
  const auto files = {std::pair("train", &options.train), std::pair("dev", &options.dev),
                      std::pair("test", &options.test), std::pair("vectors", &options.vectors)};
  for (const auto& [role, path] : files) {
    if (!path->empty()) chosen[role] = *path;
  }
  job = ReadOneRun(options.spec_file, chosen);
  ForEachFile(*job.files, [&](const std::string& named, const DataFile& file) {
    for (const auto& [role, path] : files) {
      if (named == role && path->empty()) *path = file.path;
    }
  });
  if (options.classes == 0) options.classes = job.files->classes;
  return job;
}

void RequireOptions(const TrainOptions& options) {
  for (const auto& [path, key, what] :
       {std::tuple(&options.train, "train", "the training trees"),
        std::tuple(&options.dev, "dev", "the trees that decide when to stop")}) {
    if (!path->empty()) continue;
    throw Error(
        fmt::format("--{0} is required, {1}: also as {0}=FILE, or as {0} in [data] of a "
                    "spec file",
                    key, what));
  }
  if (options.out.empty()) throw Error("--out is required, the folder of the model");
}

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
    const FieldValue asked = GetField(spec, key);
    const bool is_asked = given.Given(key) || asked != GetField(RunSpec(), key);
    if (is_asked && asked != value) {
      throw Error(OptionName(key) + " = " + Text(asked) + ": " + initial.path + " has " +
                  Text(value) + "; leave the option out to take that");
    }
    SetField(spec, key, value);
  }
}

RunSpec ResolveSpec(RunSpec spec, const TrainOptions& options, const InitialModel* initial) {
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

// As the spec file says, or as the checkpoint's files were read, so that its words are found again,
// if not said otherwise.
ReadingSpec ReadingOf(ReadingSpec reading, const TrainOptions& options,
                      const InitialModel* initial) {
  if (initial != nullptr && reading == ReadingSpec()) {
    reading = initial->info.reading;
    reading.format = ReadingSpec().format;
  }
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
Job MakeJob(CLI::App& command, TrainOptions& options, const GlobalOptions& globals) {
  TakeArguments(command, options);
  if (options.no_shuffle) options.spec.Set("shuffle", "none", "--no-shuffle");
  if (!globals.gemm.empty()) options.spec.Set("gemm", globals.gemm, "gemm=...");
  Job job = TakeSpecFile(options);
  RequireOptions(options);
  if (!options.init.empty() && !options.vectors.empty()) {
    throw Error("--init and --vectors: give one of them; a checkpoint has vectors of its words");
  }
  const std::unique_ptr<InitialModel> initial = ReadInitialModel(options.init);
  job.run = ResolveSpec(job.run, options, initial.get());
  if (!job.files) job.files.emplace();
  job.files->reading = ReadingOf(job.files->reading, options, initial.get());
  const Dataset dataset = ReadData(options, initial.get(), job);
  DescribeTreebank(dataset, job);
  DescribeVectors(options.vectors, dataset, job);
  TakeWordWidth(job);
  Validate(job);
  if (initial) {
    job.files->init = {options.init, HashText(ReadRegularFile(options.init))};
    Trainer trainer(job.run, dataset);
    LoadWeights(initial->file, trainer.network().layout(), trainer.network().parameters());
  }
  SetKey(job);
  return job;
}

int Train(CLI::App& command, TrainOptions& options, const GlobalOptions& globals) {
  const Job job = MakeJob(command, options, globals);
  const TrainFolder folder(options.out);
  if (!options.force) folder.Check(job);
  if (options.verbose) std::cerr << Overview(job);
  BatchOptions batch;
  batch.states = options.states;
  batch.model_path = [&folder](const Job&) { return folder.model(); };
  batch.again = options.force;
  batch.check = [&] {
    // Once more: another training may have ended meanwhile.
    if (!options.force) folder.Check(job);
    CheckWritable(folder.record());
  };
  TrainView view(globals.quiet, job.data.train, VectorsLine(job.files->vectors));
  const sched::StopOnSignal signals;
  batch.states.requests = &signals.saves();
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
      ->add_option("arguments", options->arguments,
                   "An experiment file (TOML) that says one run, and settings, which beat the "
                   "file: every option below that takes a value may be given as key=value too")
      ->type_name("[SPEC] [KEY=VALUE]");
  const auto add_path = [&](const char* group, const char* type, const char* name,
                            std::string& path, const char* help) {
    command->add_option(name, path, help)->type_name(type)->group(group);
  };
  add_path("Data", "FILE", "--train", options->train,
           "Training trees, or pairs of trees with --comparison");
  add_path("Data", "FILE", "--dev", options->dev, "Trees that decide when to stop");
  add_path("Data", "FILE", "--test", options->test, "Trees to test the best epoch on");
  command
      ->add_option("--classes", options->classes,
                   "Labels are below this; 0: as many as the training file has, at most 10")
      ->check(CLI::Range(0, kMaxClasses))
      ->type_name("INT")
      ->group("Data");
  add_path("Data", "FILE", "--vectors", options->vectors,
           "Start the words that this file has (GloVe, word2vec, fastText) with its vectors");
  options->reading.AddTo(*command, {});
  // gemm is a global option; ratios and observations are an experiment's affair, of a spec file.
  options->spec.AddTo(*command, {"gemm", "probe", "observe"});
  add_path("Run", "FILE", "--init", options->init,
           "Start from the weights and words of a checkpoint");
  add_path("Run", "DIR", "-o,--out", options->out, "Folder for model.safetensors and record.json");
  command->add_flag("--no-shuffle", options->no_shuffle, "Short for --shuffle none")->group("Run");
  command->add_flag("--force", options->force, "Replace the model that --out holds")->group("Run");
  command
      ->add_flag("-v,--verbose", options->verbose,
                 "First say what is read, how large the network is, and what it runs on")
      ->group("Run");
  AddStateOption(*command, options->states);
  command->callback([&globals, options, command] {
    globals.command = [&globals, options, command] { return Train(*command, *options, globals); };
  });
}

}  // namespace grove
