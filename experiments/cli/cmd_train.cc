// grove train: one run on treebank files.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
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
#include "experiments/cli/evaluation.h"
#include "experiments/cli/run_view.h"
#include "experiments/cli/spec_options.h"
#include "experiments/cli/trained_model.h"
#include "experiments/plan/treebanks.h"
#include "experiments/runs/batch.h"
#include "experiments/runs/load_data.h"
#include "experiments/runs/provenance.h"
#include "experiments/runs/store.h"
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

// The files of `grove train --out DIR`, beside those of every run folder.
struct TrainFiles {
  explicit TrainFiles(const std::string& out)
      : model(out + "/model.safetensors"), record(out + "/record.json") {}
  std::string model, record;
};

// What an earlier version left of an interrupted run.
constexpr const char* kOldState[] = {"interrupted.safetensors", "interrupted.json"};

bool Exists(const std::string& path) {
  std::error_code error;
  return std::filesystem::exists(path, error);
}

// Whether a crash came between the end of this very run and its record.json.
bool LacksOnlyRecord(const RunFolder& folder, const TrainFiles& files, const Job& job) {
  if (Exists(files.record)) return false;
  const Store store = ReadRunFolder(folder.directory());
  const RunRecord* record = store.Find(job.key);
  return record != nullptr && record->status == "done";
}

// Throws Error if the folder holds what only --force may replace.
void CheckFolder(const RunFolder& folder, const TrainFiles& files, const Job& job) {
  const std::string& out = folder.directory();
  const std::vector<std::string> states = folder.States();
  // The run itself was interrupted here, be it while it replaced another.
  if (std::find(states.begin(), states.end(), job.key) != states.end()) return;
  if (Exists(files.model) && !LacksOnlyRecord(folder, files, job)) {
    throw Error(out + ": holds a trained model; --force replaces it");
  }
  for (const char* name : kOldState) {
    if (!Exists(out + "/" + name)) continue;
    throw Error(out + ": holds a run that an earlier version interrupted; --force starts anew");
  }
  if (!states.empty()) {
    throw Error(out + ": holds an interrupted run with other settings or data; the same command " +
                "continues it, --force replaces it");
  }
}

// What the run has replaced.
void RemoveOthers(const RunFolder& folder, const Job& job) {
  for (const std::string& key : folder.States()) {
    if (key != job.key) folder.RemoveState(key);
  }
  std::error_code ignored;  // mostly they are not there
  for (const char* name : kOldState) {
    std::filesystem::remove(folder.directory() + "/" + name, ignored);
  }
}

// record.json: the line of the journal without its labels, with what made it; of a run that is done
// also "dev" and "test", as EvaluateModel has them.
nlohmann::ordered_json RecordDocument(const RunRecord& record) {
  nlohmann::ordered_json json = ToJson(record);
  json["spec"] = json["run"];
  for (const char* key : {"experiment", "dataset", "axes", "run"}) json.erase(key);
  json["provenance"] = Provenance(record.run.gemm);
  return json;
}

// What `grove eval` says of the model on the dev and the test trees. The run is done: without them
// its record is still one.
void AddEvaluations(const Job& job, const TrainFiles& files, const GlobalOptions& globals,
                    nlohmann::ordered_json& document) {
  try {
    TrainedModel model(files.model, globals);
    const std::optional<LoadedData> data = LoadData(job, std::atomic<bool>(false));
    for (const auto& [name, forest] :
         {std::pair("dev", &data->dataset.dev), std::pair("test", &data->dataset.test)}) {
      if (forest->trees() > 0) document[name] = EvaluateModel(model, *forest, {});
    }
  } catch (const Error& error) {
    std::cerr << "grove: " << error.what() << "; " << files.record << " does without what "
              << "'grove eval' would say\n";
  }
}

// "dev: root_accuracy 0.8300, loss 0.5123, ..."
std::string EvaluationLine(const std::string& name, const nlohmann::ordered_json& evaluation) {
  std::string line;
  for (const auto& [key, value] : evaluation.items()) {
    line += (line.empty() ? name + ": " : ", ") + key + " ";
    line += value.is_number_float() ? fmt::format("{:.4f}", value.get<double>()) : value.dump();
  }
  return line;
}

void PrintResult(const RunRecord& record, const nlohmann::ordered_json& document) {
  std::cout << fmt::format("best epoch {} of {}, by {}\n", record.best_epoch, record.epochs,
                           record.run.select_by);
  for (const char* name : {"dev", "test"}) {
    if (!document.contains(name)) continue;
    std::cout << EvaluationLine(name, document[name]) << "\n";
  }
}

// Writes the record and says what happened; returns the exit code.
int Finish(const Job& job, const RunRecord& record, const TrainFiles& files, const std::string& out,
           const GlobalOptions& globals) {
  const bool json = globals.json;
  nlohmann::ordered_json document = RecordDocument(record);
  if (record.status == "done") AddEvaluations(job, files, globals, document);
  // A run without a model does not take the place of one that has.
  const bool done = record.status == "done";
  const bool keep = !done && Exists(files.model) && Exists(files.record);
  if (!keep) WriteFileAtomically(files.record, document.dump(2) + "\n");
  if (json) std::cout << document.dump(2) << "\n";
  if (!done) {
    std::cerr << "grove: " << record.message << "; "
              << (keep ? out + " keeps the model it had, and its journal.jsonl has the epochs"
                       : files.record + " has the epochs before")
              << "\n";
    return kExitFailed;
  }
  if (json) return 0;
  PrintResult(record, document);
  std::cout << "model: " << files.model << "\n";
  return 0;
}

int Train(TrainOptions& options, const GlobalOptions& globals) {
  const Job job = MakeJob(options, globals);
  const TrainFiles files(options.out);
  const RunFolder folder(options.out,
                         {"model.safetensors", "record.json", kOldState[0], kOldState[1]});
  if (!options.force) CheckFolder(folder, files, job);
  BatchOptions batch;
  batch.model_path = [&files](const Job&) { return files.model; };
  batch.again = options.force;
  batch.check = [&] {
    // Once more: another training may have ended meanwhile.
    if (!options.force) CheckFolder(folder, files, job);
    CheckWritable(files.record);
  };
  TrainView view(globals.quiet);
  const sched::StopOnSignal signals;
  const BatchCounts counts = RunBatch({job}, folder, batch, signals.stop(), view, nullptr);
  if (counts.stopped > 0) {
    std::cerr << "grove: stopped after " << view.epochs() << " epochs; " << options.out
              << " keeps the state, and the same command goes on from there\n";
    return 128 + signals.signal();
  }
  if (options.force && counts.done > 0) RemoveOthers(folder, job);
  const Store store = ReadRunFolder(options.out);
  return Finish(job, *store.Find(job.key), files, options.out, globals);
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
