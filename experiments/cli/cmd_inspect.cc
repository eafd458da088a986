// grove inspect: what a model file holds.
#include <fmt/format.h>

#include <cmath>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "engine/files/checkpoint.h"
#include "engine/files/model_file.h"
#include "engine/run_spec_json.h"
#include "experiments/cli/answers.h"
#include "experiments/cli/cli.h"
#include "experiments/cli/named_run.h"
#include "experiments/report/table.h"

namespace grove {
namespace {

using Json = nlohmann::ordered_json;

struct InspectOptions {
  std::string model;
  bool words = false;
};

// Of the numbers of a tensor. What is not finite shows in all three.
struct Moments {
  double mean = 0, sd = 0, largest = 0;  // largest: of the magnitudes
};

Moments MomentsOf(const std::vector<float>& values) {
  Moments moments;
  const auto count = static_cast<double>(values.size());
  for (const float value : values) {
    const double each = value;
    moments.mean += each / count;
    if (std::isnan(each) || std::fabs(each) > moments.largest) moments.largest = std::fabs(each);
  }
  for (const float value : values) {
    const double each = static_cast<double>(value) - moments.mean;
    moments.sd += each * each / count;
  }
  moments.sd = std::sqrt(moments.sd);
  return moments;
}

Table TensorTable(const TensorFile& file) {
  Table table({Words("name", "tensor"), Words("shape"), Numbers("mean"), Numbers("sd"),
               Numbers("largest", "largest |x|")});
  for (const NamedTensor& tensor : file.tensors) {
    const Moments moments = MomentsOf(tensor.values);
    table.Add({tensor.name, ShapeText(tensor.shape), moments.mean, moments.sd, moments.largest});
  }
  return table;
}

Json TensorsJson(const TensorFile& file, const Table& table) {
  Json tensors = table.Json();
  for (size_t i = 0; i < file.tensors.size(); ++i) tensors[i]["shape"] = file.tensors[i].shape;
  return tensors;
}

Table HistoryTable(const RunRecord& run) {
  Table table({Numbers("epoch"), Numbers("loss"), Numbers("train_accuracy", "train"),
               Numbers("dev_loss", "dev loss"), Numbers("dev_accuracy", "dev")});
  for (const EpochRecord& epoch : run.history) {
    table.Add({epoch.epoch, epoch.loss, epoch.train_accuracy, epoch.dev_loss, epoch.dev_accuracy});
  }
  return table;
}

bool IsOfUpdateRule(const std::string& tensor) {
  return tensor.starts_with("opt.") || tensor.starts_with("opt2.");
}

// By id; numbers stand for themselves.
std::vector<std::string> Spellings(const ModelInfo& info) {
  if (!info.words.empty()) return info.words;
  std::vector<std::string> numbers;
  for (int id = 0; id < info.vocabulary_size; ++id) numbers.push_back(std::to_string(id));
  return numbers;
}

// What is said of the model as a whole.
Json Summary(const TensorFile& file, const ModelInfo& info) {
  size_t numbers = 0;
  for (const NamedTensor& tensor : file.tensors) {
    if (!IsOfUpdateRule(tensor.name)) numbers += tensor.values.size();
  }
  Json json;
  json["model"] = info.spec.model;
  json["epoch"] = info.epoch;
  json["parameters"] = numbers;
  json["classes"] = info.classes;
  json["vocabulary_size"] = info.vocabulary_size;
  json["labels"] = info.labels;
  return json;
}

Json Document(const InspectOptions& options, const TensorFile& file, const ModelInfo& info) {
  Json json = Summary(file, info);
  if (options.words) json["words"] = Spellings(info);
  json["tensors"] = TensorsJson(file, TensorTable(file));
  json["spec"] = Json::parse(CanonicalJson(info.spec));
  json["provenance"] = info.provenance;
  if (const auto run = FindRunOfModel(file, info)) {
    json["history"] = HistoryTable(*run->record).Json();
  }
  return json;
}

void PrintPairs(const Json& object) {
  for (const auto& [key, value] : object.items()) {
    std::cout << fmt::format("  {:<16} {}\n", key,
                             value.is_string() ? value.get<std::string>() : value.dump());
  }
}

void PrintText(const TensorFile& file, const ModelInfo& info) {
  Json summary = Summary(file, info);
  if (info.labels.empty()) summary.erase("labels");
  std::cout << file.path << "\n";
  PrintPairs(summary);
  std::cout << "\n" << TensorTable(file).Text() << "\nsettings\n";
  PrintPairs(Json::parse(CanonicalJson(info.spec)));
  std::cout << "\nprovenance\n";
  PrintPairs(info.provenance);
  if (const auto run = FindRunOfModel(file, info)) {
    std::cout << "\nhistory\n" << HistoryTable(*run->record).Text();
  }
}

int Inspect(const InspectOptions& options, const GlobalOptions& globals) {
  const TensorFile file = ReadTensorFile(options.model);
  const ModelInfo info = ReadModelInfo(file);
  if (globals.json) {
    std::cout << Document(options, file, info).dump(2) << "\n";
  } else if (options.words) {
    for (const std::string& word : Spellings(info)) std::cout << word << "\n";
  } else {
    PrintText(file, info);
  }
  return 0;
}

}  // namespace

void AddInspectCommand(CLI::App& app, GlobalOptions& globals) {
  CLI::App* command =
      app.add_subcommand("inspect", "Show what a model holds: tensors, settings, words, history");
  const auto options = std::make_shared<InspectOptions>();
  command->add_option("model", options->model, "Model of 'grove train'")->required();
  command->add_flag("--words", options->words,
                    "List the words instead, in the order of the rows of the tensor embeddings");
  command->callback([&globals, options] {
    globals.command = [&globals, options] { return Inspect(*options, globals); };
  });
}

}  // namespace grove
