// Any bytes as the state of a run, or as a model. Checksums would end nearly every try: so an input
// is a file as it stands, a file whose checksum is mended, or a list of changes to a good file.
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <string>
#include <string_view>

#include "engine/error.h"
#include "engine/files/checkpoint.h"
#include "engine/files/files.h"
#include "engine/files/model_file.h"
#include "engine/files/treebank_dataset.h"
#include "engine/training/network.h"
#include "engine/training/trainer.h"
#include "tests/fuzz/fuzz.h"

namespace grove {
namespace {

// A change of one tensor.
struct Change {
  uint8_t tensor;
  uint8_t what;
  uint16_t at;
  float value;
};

void Apply(const Change& change, TensorFile& file) {
  if (file.tensors.empty()) return;
  NamedTensor& tensor = file.tensors[change.tensor % file.tensors.size()];
  switch (change.what % 8) {
    case 0:
      tensor.name += static_cast<char>('a' + change.at % 26);
      break;
    case 1:
      tensor.values.assign(change.at % 64, change.value);
      tensor.shape = {static_cast<int64_t>(tensor.values.size())};
      break;
    case 2:
      tensor.shape.push_back(1);
      break;
    case 3:
      file.tensors.erase(file.tensors.begin() + change.tensor % file.tensors.size());
      break;
    default:
      if (!tensor.values.empty()) tensor.values[change.at % tensor.values.size()] = change.value;
  }
}

// For each key of the metadata a text that ends with a zero byte (empty: as it is), then changes.
TensorFile Changed(TensorFile file, std::string_view bytes) {
  for (auto& [key, value] : file.metadata) {
    const std::string_view text = TakeText(bytes);
    if (!text.empty()) value = text;
  }
  for (Change change; bytes.size() >= sizeof(change); bytes.remove_prefix(sizeof(change))) {
    std::memcpy(&change, bytes.data(), sizeof(change));
    Apply(change, file);
  }
  return file;
}

// The file with the checksum that it should have.
TensorFile Mended(std::string bytes) {
  const std::string key = kChecksumKey, other(key.size(), '.');
  for (size_t at = 0; (at = bytes.find(key, at)) != std::string::npos;) {
    bytes.replace(at, key.size(), other);
  }
  TensorFile file = ReadTensorFile(Put("mended", bytes));
  file.metadata.erase(other);
  return file;
}

// The first byte chooses.
std::string PutFile(std::string_view bytes, const TensorFile& good) {
  const uint8_t mode = bytes.empty() ? 0 : static_cast<uint8_t>(bytes.front());
  bytes.remove_prefix(std::min<size_t>(1, bytes.size()));
  if (mode % 4 == 0) return Put("file", bytes);
  const std::string path = Folder() + "/file";
  WriteTensorFile(path, mode % 4 == 1 ? Mended(std::string(bytes)) : Changed(good, bytes));
  return path;
}

TensorFile GoodFile(const std::string& path) {
  TensorFile file = ReadTensorFile(path);
  file.metadata.erase(kChecksumKey);
  return file;
}

RunSpec SpecOf(const char* model) {
  RunSpec spec;
  spec.model = model;
  spec.dim = 2;
  spec.batch = 2;
  spec.epochs = 3;
  spec.probe = spec.observe = true;
  return Resolve(spec);
}

const Dataset& Trees() {
  static const Dataset kTrees = [] {
    const std::string train = Put("train",
                                  "(1 (. 5) (. 1001))\n(0 7)\n(0 (. 8) (. (. 9) (. 1001)))\n"
                                  "(1 (. 1002) (. 6))\n(1 (. 5) (. 9))\n");
    const std::string dev = Put("dev", "(1 (. 5) (. 1002))\n(0 7)\n");
    const std::string test = Put("test", "(0 (. 8) (. 9))\n");
    const RunSpec spec = SpecOf("rlstm");
    return ReadTreebankDataset(train, dev, test, OptionsFor(spec, ReadingSpec()));
  }();
  return kTrees;
}

// The state after the first update of the second epoch.
TensorFile GoodState() {
  Trainer trainer(SpecOf("rlstm"), Trees());
  std::atomic<bool> stop{false};
  Require(!trainer.Run(stop, [&](const TrainProgress& progress) {
    if (progress.trees_trained > 5) stop = true;
  }));
  const std::string path = Folder() + "/good";
  trainer.SaveState(path);
  return GoodFile(path);
}

// A state that is taken up can be trained on to its end.
void FuzzState(std::string_view bytes) {
  static const TensorFile kGood = GoodState();
  Trainer trainer(SpecOf("rlstm"), Trees());
  trainer.LoadState(PutFile(bytes, kGood));
  const std::atomic<bool> stop{false};
  Require(trainer.Run(stop));
  trainer.SaveState(Folder() + "/again");
}

TensorFile GoodModel() {
  ModelInfo info;
  info.spec = SpecOf("rnn");
  info.vocabulary_size = 3;
  info.classes = 2;
  info.words = {"a", "b", "<unk>"};
  info.labels = {"no", "yes"};
  info.reading.lower_case = true;
  info.provenance = {{"commit", "0"}};
  Network network(info.spec, info.vocabulary_size, info.classes);
  const std::string path = Folder() + "/good";
  SaveModel(path, info, network.layout(), network.parameters(), /*with_optimiser=*/true);
  return GoodFile(path);
}

// A model that is read can be written again.
void FuzzModel(std::string_view bytes) {
  static const TensorFile kGood = GoodModel();
  const TensorFile file = ReadTensorFile(PutFile(bytes, kGood));
  const ModelInfo info = ReadModelInfo(file);
  Network network(info.spec, info.vocabulary_size, info.classes);
  LoadWeights(file, network.layout(), network.parameters());
  SaveModel(Folder() + "/again", info, network.layout(), network.parameters(), false);
}

void FuzzOne(std::string_view bytes) {
  try {
    std::string_view(FUZZED) == "state" ? FuzzState(bytes) : FuzzModel(bytes);
  } catch (const Error& error) {
    Require(*error.what() != '\0');
  }
}

}  // namespace
}  // namespace grove

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  grove::FuzzOne({reinterpret_cast<const char*>(data), size});
  return 0;
}
