#include "engine/files/model_file.h"

#include <algorithm>
#include <charconv>
#include <climits>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/cells/model.h"
#include "engine/error.h"
#include "engine/json_text.h"
#include "engine/run_spec_json.h"
#include "engine/update_rule.h"
#include "simd/aligned.h"

namespace grove {
namespace {

using Json = nlohmann::json;

constexpr char kFormat[] = "grove-1";
constexpr char kUpdates[] = "opt.weight_updates";
constexpr char kWordUpdates[] = "opt.word_updates";
constexpr char kEmbeddings[] = "embeddings";
constexpr const char* kKeys[] = {"format", "spec",    "vocabulary", "classes",
                                 "labels", "reading", "epoch"};

std::vector<int64_t> Shape(const TensorInfo& tensor) {
  if (tensor.is_bias) return {tensor.out};
  return {tensor.out, tensor.in};
}

const std::string& MetadataValue(const TensorFile& file, const std::string& key) {
  const auto value = file.metadata.find(key);
  if (value == file.metadata.end()) {
    throw DamagedFile(file.path + ": not a model: __metadata__ has no '" + key + "'");
  }
  return value->second;
}

int MetadataInt(const TensorFile& file, const std::string& key, int lowest) {
  const std::string& text = MetadataValue(file, key);
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < lowest) {
    throw DamagedFile(file.path + ": __metadata__ " + key + " is " + Quoted(text) +
                      "; allowed: whole numbers from " + std::to_string(lowest));
  }
  return value;
}

// The spellings that stand for "no spellings": each id written as a number.
std::vector<std::string> IdSpellings(int vocabulary_size) {
  std::vector<std::string> words;
  words.reserve(static_cast<size_t>(vocabulary_size));
  for (int id = 0; id < vocabulary_size; ++id) words.push_back(std::to_string(id));
  return words;
}

// A JSON list of `count` different strings; `counterpart` says what there are so many of.
std::vector<std::string> ReadNames(const TensorFile& file, const std::string& key, size_t count,
                                   const std::string& what, const std::string& counterpart) {
  const std::string where = file.path + ": __metadata__ " + key;
  const Json json = ParseJson(MetadataValue(file, key), where);
  if (!json.is_array()) throw DamagedFile(where + " is not a JSON list");
  if (json.size() != count) {
    throw DamagedFile(where + " has " + std::to_string(json.size()) + " " + what + "; " +
                      counterpart);
  }
  std::vector<std::string> names;
  std::set<std::string> seen;
  for (const Json& name : json) {
    if (!name.is_string()) throw DamagedFile(where + " holds something that is not a string");
    names.push_back(name.get<std::string>());
    if (!seen.insert(names.back()).second) {
      throw DamagedFile(where + " holds " + Quoted(names.back()) + " twice");
    }
  }
  return names;
}

std::vector<std::string> ReadVocabulary(const TensorFile& file, int vocabulary_size) {
  std::vector<std::string> words =
      ReadNames(file, "vocabulary", static_cast<size_t>(vocabulary_size), "words",
                "tensor \"embeddings\" has " + std::to_string(vocabulary_size) + " rows");
  if (words == IdSpellings(vocabulary_size)) words.clear();
  return words;
}

std::vector<std::string> ReadLabels(const TensorFile& file, int classes) {
  if (!file.metadata.contains("labels")) return {};
  return ReadNames(file, "labels", static_cast<size_t>(classes), "names",
                   "classes is " + std::to_string(classes));
}

ReadingSpec ReadReading(const TensorFile& file) {
  if (!file.metadata.contains("reading")) return {};
  return ReadingSpecFromJson(MetadataValue(file, "reading"), file.path + ": __metadata__ reading");
}

// The tensor of that name, which must have that shape.
const NamedTensor& Require(const TensorFile& file, const std::string& name,
                           const std::vector<int64_t>& shape) {
  const NamedTensor* tensor = file.Find(name);
  if (tensor == nullptr) {
    throw DamagedFile(file.path + ": tensor " + Quoted(name) + " is missing; expected shape " +
                      ShapeText(shape));
  }
  if (tensor->shape != shape) {
    throw DamagedFile(file.path + ": tensor " + Quoted(name) + " has shape " +
                      ShapeText(tensor->shape) + "; expected " + ShapeText(shape));
  }
  return *tensor;
}

// Before the names of the tensors of slot s.
std::string SlotPrefix(size_t s) { return s == 0 ? "opt." : "opt" + std::to_string(s + 1) + "."; }

// A sum of squares may have overflowed: its weight has come to rest, which is no fault.
bool IsSum(float value) { return value >= 0; }
bool IsFinite(float value) { return std::isfinite(value); }
bool IsCount(float value) {
  return value >= 0 && value <= simd::kMaxUpdates && std::trunc(value) == value;
}

void RequireEach(const TensorFile& file, const NamedTensor& tensor, bool (*good)(float),
                 const std::string& fault) {
  const auto bad = std::find_if_not(tensor.values.begin(), tensor.values.end(), good);
  if (bad == tensor.values.end()) return;
  std::vector<int64_t> index(tensor.shape.size());
  int64_t rest = bad - tensor.values.begin();
  for (size_t axis = tensor.shape.size(); axis-- > 0; rest /= tensor.shape[axis]) {
    index[axis] = rest % tensor.shape[axis];
  }
  throw DamagedFile(file.path + ": tensor " + Quoted(tensor.name) + ": element " +
                    ShapeText(index) + " is " + fault + " (" + std::to_string(*bad) + ")");
}

// Throws at the first tensor that is no part of a model of this layout and rule, and at numbers
// that no training leaves behind: they would give an accuracy without a word about them.
void CheckTensors(const TensorFile& file, const ParameterLayout& layout, simd::Rule rule) {
  std::set<std::string> values = {kEmbeddings}, squares, counts = {kUpdates, kWordUpdates};
  for (const TensorInfo& tensor : layout.tensors()) values.insert(tensor.name);
  const std::set<std::string> names = values;
  for (size_t s = 0; s < simd::SlotsOf(rule); ++s) {
    for (const std::string& name : names) {
      (simd::HoldsSquares(rule, s) ? squares : values).insert(SlotPrefix(s) + name);
    }
  }
  for (const NamedTensor& tensor : file.tensors) {
    if (values.contains(tensor.name) || squares.contains(tensor.name) ||
        counts.contains(tensor.name)) {
      continue;
    }
    throw DamagedFile(file.path + ": tensor " + Quoted(tensor.name) + " is not part of this model");
  }
  for (const NamedTensor& tensor : file.tensors) {
    if (values.contains(tensor.name)) RequireEach(file, tensor, IsFinite, "not finite");
    if (squares.contains(tensor.name)) RequireEach(file, tensor, IsSum, "no sum of squares");
    if (counts.contains(tensor.name)) RequireEach(file, tensor, IsCount, "no number of updates");
  }
}

std::string ListText(const std::vector<std::string>& list, const char* what) {
  try {
    return Json(list).dump();
  } catch (const Json::type_error&) {
    throw Error(std::string("the ") + what + " that is not valid UTF-8");
  }
}

std::string VocabularyText(const ModelInfo& info) {
  return ListText(info.words.empty() ? IdSpellings(info.vocabulary_size) : info.words,
                  "vocabulary holds a word");
}

std::map<std::string, std::string> Metadata(const ModelInfo& info, const Parameters& parameters) {
  if (info.vocabulary_size != parameters.vocabulary_size ||
      WordWidth(info.spec) != parameters.dim ||
      (!info.words.empty() && info.words.size() != static_cast<size_t>(info.vocabulary_size))) {
    throw Error("the model's description does not fit its word vectors");
  }
  if (!info.labels.empty() && info.labels.size() != static_cast<size_t>(info.classes)) {
    throw Error("the names of the classes are not as many as the classes");
  }
  std::map<std::string, std::string> metadata = {{"format", kFormat},
                                                 {"spec", CanonicalJson(info.spec)},
                                                 {"vocabulary", VocabularyText(info)},
                                                 {"classes", std::to_string(info.classes)},
                                                 {"epoch", std::to_string(info.epoch)}};
  if (!info.labels.empty()) {
    metadata["labels"] = ListText(info.labels, "classes have a name");
  }
  if (info.reading != ReadingSpec()) metadata["reading"] = CanonicalJson(info.reading);
  for (const auto& [key, value] : info.provenance) {
    if (!metadata.emplace(key, value).second) {
      throw Error("provenance must not use the key '" + key + "'");
    }
  }
  return metadata;
}

// Appends every tensor of a set, and the word rows as `embeddings`, each name after `prefix`.
void AppendTensors(const std::string& prefix, const ParameterLayout& layout,
                   const Parameters& parameters, const ParameterSet& set, TensorFile& file) {
  for (const TensorInfo& tensor : layout.tensors()) {
    file.tensors.push_back(
        {prefix + tensor.name, Shape(tensor), GetTensor(layout, tensor, set.weights)});
  }
  NamedTensor embeddings{prefix + kEmbeddings, {parameters.vocabulary_size, parameters.dim}, {}};
  for (int id = 0; id < parameters.vocabulary_size; ++id) {
    const float* row = set.words.data() + static_cast<size_t>(id) * parameters.word_stride;
    embeddings.values.insert(embeddings.values.end(), row, row + parameters.dim);
  }
  file.tensors.push_back(std::move(embeddings));
}

// The inverse; other tensors of the file are not looked at.
void ExtractTensors(const TensorFile& file, const std::string& prefix,
                    const ParameterLayout& layout, const Parameters& parameters,
                    ParameterSet& set) {
  for (const TensorInfo& tensor : layout.tensors()) {
    const NamedTensor& found = Require(file, prefix + tensor.name, Shape(tensor));
    SetTensor(layout, tensor, found.values, set.weights);
  }
  const NamedTensor& embeddings =
      Require(file, prefix + kEmbeddings, {parameters.vocabulary_size, parameters.dim});
  for (int id = 0; id < parameters.vocabulary_size; ++id) {
    std::copy_n(embeddings.values.data() + static_cast<size_t>(id) * parameters.dim, parameters.dim,
                set.words.data() + static_cast<size_t>(id) * parameters.word_stride);
  }
}

void AppendCounters(const Parameters& parameters, TensorFile& file) {
  const std::vector<uint32_t>& words = parameters.word_updates;
  file.tensors.push_back({kUpdates, {1}, {static_cast<float>(parameters.updates)}});
  file.tensors.push_back(
      {kWordUpdates, {parameters.vocabulary_size}, std::vector<float>(words.begin(), words.end())});
}

// A file without counters comes from a version that kept none, which knew adagrad alone: what has
// been updated has a sum that is not zero.
void CountFromSums(Parameters& parameters) {
  const auto updated = [](const float* sums, size_t count) {
    return std::any_of(sums, sums + count, [](float sum) { return sum != 0; }) ? 1u : 0u;
  };
  const ParameterSet& sums = parameters.slots[0];
  parameters.updates = updated(sums.weights.data(), sums.weights.size());
  for (size_t v = 0; v < parameters.word_updates.size(); ++v) {
    parameters.word_updates[v] =
        updated(sums.words.data() + v * parameters.word_stride, parameters.word_stride);
  }
}

void ExtractCounters(const TensorFile& file, Parameters& parameters) {
  if (file.Find(kUpdates) == nullptr && file.Find(kWordUpdates) == nullptr &&
      parameters.rule == simd::Rule::kAdagrad) {
    CountFromSums(parameters);
    return;
  }
  parameters.updates = static_cast<uint32_t>(Require(file, kUpdates, {1}).values[0]);
  const std::vector<float>& words =
      Require(file, kWordUpdates, {parameters.vocabulary_size}).values;
  std::transform(words.begin(), words.end(), parameters.word_updates.begin(),
                 [](float count) { return static_cast<uint32_t>(count); });
}

ModelInfo ParseInfo(const TensorFile& file) {
  const std::string& format = MetadataValue(file, "format");
  if (format != kFormat) {
    throw DamagedFile(file.path + ": __metadata__ format is " + Quoted(format) +
                      "; allowed: " + kFormat);
  }
  ModelInfo info;
  info.spec = RunSpecFromJson(MetadataValue(file, "spec"), file.path + ": __metadata__ spec");
  info.classes = MetadataInt(file, "classes", 1);
  info.epoch = MetadataInt(file, "epoch", 0);
  if (!file.Find(kEmbeddings)) throw DamagedFile(file.path + ": tensor \"embeddings\" is missing");
  const std::vector<int64_t>& shape = file.Find(kEmbeddings)->shape;
  if (shape.size() != 2 || shape[0] < 1 || shape[0] > INT_MAX || shape[1] != WordWidth(info.spec)) {
    throw DamagedFile(file.path + ": tensor \"embeddings\" has shape " + ShapeText(shape) +
                      "; expected (vocabulary size, " + std::to_string(WordWidth(info.spec)) + ")");
  }
  info.vocabulary_size = static_cast<int>(shape[0]);
  Require(file, "softmax.b", {info.classes});
  ParameterLayout
      layout;  // nothing is allocated for a spec before its weights are seen to be there
  MakeModel(Resolve(info.spec), layout);
  for (const TensorInfo& tensor : layout.tensors()) Require(file, tensor.name, Shape(tensor));
  info.words = ReadVocabulary(file, info.vocabulary_size);
  info.labels = ReadLabels(file, info.classes);
  info.reading = ReadReading(file);
  info.provenance = file.metadata;
  for (const char* key : kKeys) info.provenance.erase(key);
  return info;
}

simd::Rule RuleOfFile(const TensorFile& file) {
  try {
    return RuleOf(RunSpecFromJson(MetadataValue(file, "spec"), file.path + ": __metadata__ spec"));
  } catch (const Error& error) {
    throw DamagedFile(error.what());
  }
}

}  // namespace

void SaveModel(const std::string& path, const ModelInfo& info, const ParameterLayout& layout,
               const Parameters& parameters, bool with_optimiser) {
  TensorFile file;
  try {
    file.metadata = Metadata(info, parameters);
  } catch (const Error& error) {
    throw Error(path + ": " + error.what());
  }
  AppendTensors("", layout, parameters, parameters, file);
  if (with_optimiser) {
    for (size_t s = 0; s < parameters.slots.size(); ++s) {
      AppendTensors(SlotPrefix(s), layout, parameters, parameters.slots[s], file);
    }
    AppendCounters(parameters, file);
  }
  WriteTensorFile(path, file);
}

ModelInfo ReadModelInfo(const TensorFile& file) {
  try {
    return ParseInfo(file);
  } catch (const Error& error) {  // of the JSON that it holds
    throw DamagedFile(error.what());
  }
}

void LoadWeights(const TensorFile& file, const ParameterLayout& layout, Parameters& parameters) {
  const simd::Rule rule = RuleOfFile(file);
  CheckTensors(file, layout, rule);
  ExtractTensors(file, "", layout, parameters, parameters);
  ForgetUpdates(parameters);
  const bool has_optimiser = file.tensors.size() > layout.tensors().size() + 1;
  if (has_optimiser && rule == parameters.rule) {
    for (size_t s = 0; s < parameters.slots.size(); ++s) {
      ExtractTensors(file, SlotPrefix(s), layout, parameters, parameters.slots[s]);
    }
    ExtractCounters(file, parameters);
  }
  Transpose(layout, parameters);
}

}  // namespace grove
