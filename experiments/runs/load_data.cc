#include "experiments/runs/load_data.h"

#include <memory>
#include <string>
#include <utility>

#include "engine/error.h"
#include "engine/files/files.h"
#include "engine/files/model_file.h"
#include "engine/files/treebank_dataset.h"
#include "engine/files/vocabulary.h"
#include "engine/run_spec_json.h"
#include "engine/tasks/task.h"
#include "experiments/plan/treebanks.h"

namespace grove {
namespace {

void CheckUnchanged(const DataFile& planned, const std::string& xxh3) {
  if (planned.xxh3 == xxh3) return;
  throw Error(planned.path + ": has changed since the runs were planned; start the command again");
}

}  // namespace

std::optional<LoadedData> LoadData(const Job& job, const std::atomic<bool>& stop) {
  if (!job.files) {
    std::optional<Dataset> generated = GenerateDataset(job.data, stop);
    if (!generated) return std::nullopt;
    return LoadedData{*std::move(generated), std::nullopt};
  }
  const DataFiles& files = *job.files;
  LoadedData loaded;
  TreebankOptions options = OptionsOf(job);
  std::unique_ptr<Vocabulary> vocabulary;
  if (!files.init.path.empty()) {
    CheckUnchanged(files.init, HashText(ReadRegularFile(files.init.path)));
    loaded.initial = ReadTensorFile(files.init.path);
    const ModelInfo info = ReadModelInfo(*loaded.initial);
    vocabulary = std::make_unique<Vocabulary>(info.words, info.vocabulary_size);
    options.labels = info.labels;
  }
  options.vocabulary = vocabulary.get();
  std::optional<Dataset> read =
      ReadTreebankDataset(files.train.path, files.dev.path, files.test.path, options, stop);
  if (!read) return std::nullopt;
  loaded.dataset = *std::move(read);
  for (const DatasetFile& file : loaded.dataset.files) {
    ForEachFile(files, [&](const std::string& role, const DataFile& planned) {
      if (role == file.role) CheckUnchanged(planned, file.xxh3);
    });
  }
  if (!files.vectors.path.empty()) {
    const Dataset& dataset = loaded.dataset;
    loaded.vectors = ReadWordVectors(
        files.vectors.path, Vocabulary(dataset.words, dataset.vocabulary_size), "auto", stop);
    if (!loaded.vectors) return std::nullopt;
    CheckUnchanged(files.vectors, loaded.vectors->xxh3);
  }
  return loaded;
}

}  // namespace grove
