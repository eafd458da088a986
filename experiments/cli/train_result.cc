#include "experiments/cli/train_result.h"

#include <fmt/format.h>

#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "engine/error.h"
#include "engine/files/files.h"
#include "engine/files/treebank.h"
#include "experiments/cli/evaluation.h"
#include "experiments/cli/trained_model.h"
#include "experiments/runs/provenance.h"
#include "experiments/runs/record.h"
#include "experiments/runs/store.h"

namespace grove {
namespace {

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
void AddEvaluations(const Job& job, const TrainFolder& folder, const GlobalOptions& globals,
                    nlohmann::ordered_json& document) {
  try {
    TrainedModel model(folder.model(), globals);
    const TreebankOptions options = model.Options(job.files->reading.format);
    for (const auto& [name, file] :
         {std::pair("dev", &job.files->dev), std::pair("test", &job.files->test)}) {
      if (file->path.empty()) continue;
      const Treebank trees = ReadTreebank(file->path, options);
      if (trees.xxh3 != file->xxh3) throw Error(file->path + ": has changed while training");
      document[name] = EvaluateModel(model, trees.forest, {});
    }
  } catch (const Error& error) {
    std::cerr << "grove: " << error.what() << "; " << folder.record() << " does without what "
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

}  // namespace

int FinishTraining(const Job& job, const TrainFolder& folder, const GlobalOptions& globals) {
  const Store store = ReadRunFolder(folder.path());
  const RunRecord& record = *store.Find(job.key);
  nlohmann::ordered_json document = RecordDocument(record);
  const bool done = record.status == "done";
  if (done) AddEvaluations(job, folder, globals, document);
  // A run without a model does not take the place of one that has.
  const bool keep = !done && folder.HasModelAndRecord();
  if (!keep) WriteFileAtomically(folder.record(), document.dump(2) + "\n");
  if (globals.json) std::cout << document.dump(2) << "\n";
  if (!done) {
    const std::string where =
        keep ? folder.path() + " keeps the model it had, and its journal.jsonl has the epochs"
             : folder.record() + " has the epochs before";
    std::cerr << "grove: " << record.message << "; " << where << "\n";
    return kExitFailed;
  }
  if (globals.json) return 0;
  PrintResult(record, document);
  std::cout << "model: " << folder.model() << std::endl;
  if (!globals.quiet) std::cerr << "use it: grove predict " << folder.model() << " FILE\n";
  return 0;
}

}  // namespace grove
