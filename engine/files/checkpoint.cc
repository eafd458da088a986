#include "engine/files/checkpoint.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "engine/error.h"
#include "engine/files/files.h"
#include "engine/hash.h"
#include "engine/json_text.h"

namespace grove {
namespace {

static_assert(std::endian::native == std::endian::little, "the format is little-endian");

using Json = nlohmann::ordered_json;  // an object of it keeps the order of the file

constexpr char kMetadata[] = "__metadata__";
constexpr size_t kLengthBytes = 8;
constexpr uint64_t kLongestHeader = 100'000'000;  // the limit of the format's own library
constexpr size_t kDeepestHeader = 3;              // tensors, one tensor, its lists

// A tensor's place in the file: bytes [begin, end) after the header.
struct Place {
  uint64_t begin = 0;
  uint64_t end = 0;
  NamedTensor tensor;
};

// Faults are thrown without the path; ReadTensorFile puts it in front.
Json ParseHeader(std::string_view text) {
  if (text.empty() || text.front() != '{') throw Error("the header does not begin with '{'");
  std::vector<std::set<std::string>> keys;  // of the objects that are open
  const auto check = [&](int depth, Json::parse_event_t event, Json& value) {
    if (depth > static_cast<int>(kDeepestHeader)) throw Error("the header is nested too deeply");
    if (event == Json::parse_event_t::object_start) keys.emplace_back();
    if (event == Json::parse_event_t::object_end) keys.pop_back();
    if (event == Json::parse_event_t::key) {
      const std::string& key = value.get_ref<const std::string&>();
      if (!keys.back().insert(key).second) throw Error(Quoted(key) + " occurs twice in the header");
    }
    return true;
  };
  return ParseJson<Json>(text, "the header", check);
}

// The list of unsigned integers at `key` of a tensor's description.
std::vector<uint64_t> Integers(const Json& tensor, const char* key) {
  const auto list = tensor.find(key);
  if (list == tensor.end() || !list->is_array()) throw Error(std::string(key) + " is not a list");
  std::vector<uint64_t> values;
  for (const Json& value : *list) {
    if (!value.is_number_unsigned()) throw Error(std::string(key) + " holds no whole number");
    values.push_back(value.get<uint64_t>());
  }
  return values;
}

// The place of a tensor in `data_bytes` bytes.
Place ReadPlace(const Json& json, uint64_t data_bytes) {
  if (!json.is_object()) throw Error("its description is not an object");
  for (const auto& [key, value] : json.items()) {
    if (key != "dtype" && key != "shape" && key != "data_offsets") {
      throw Error("unknown key " + Quoted(key) + "; allowed: dtype, shape, data_offsets");
    }
  }
  const auto type = json.find("dtype");
  if (type == json.end() || !type->is_string()) throw Error("dtype is not a string");
  const std::string& type_name = type->get_ref<const std::string&>();
  if (type_name != "F32") throw Error("dtype is " + Quoted(type_name) + "; allowed: F32");

  Place place;
  uint64_t bytes = sizeof(float);
  for (uint64_t size : Integers(json, "shape")) {
    if (__builtin_mul_overflow(bytes, size, &bytes) || size > INT64_MAX) {
      throw Error("shape is too large");
    }
    place.tensor.shape.push_back(static_cast<int64_t>(size));
  }
  const std::vector<uint64_t> offsets = Integers(json, "data_offsets");
  if (offsets.size() != 2) throw Error("data_offsets does not hold two numbers");
  place.begin = offsets[0];
  place.end = offsets[1];
  if (place.begin > place.end) throw Error("data_offsets ends before it begins");
  if (place.end > data_bytes) {
    throw Error("data_offsets ends at byte " + std::to_string(place.end) + " of " +
                std::to_string(data_bytes) + " (is the file cut short?)");
  }
  if (place.end - place.begin != bytes) {
    throw Error("data_offsets spans " + std::to_string(place.end - place.begin) + " bytes; shape " +
                ShapeText(place.tensor.shape) + " takes " + std::to_string(bytes));
  }
  return place;
}

void ReadMetadata(const Json& json, TensorFile& file) {
  if (!json.is_object()) throw Error("__metadata__ is not an object");
  for (const auto& [key, value] : json.items()) {
    if (!value.is_string()) throw Error("__metadata__ " + Quoted(key) + " is not a string");
    file.metadata[key] = value.get<std::string>();
  }
}

// Every byte of the data belongs to exactly one tensor.
void CheckCover(const std::vector<Place>& places, uint64_t data_bytes) {
  uint64_t covered = 0;
  for (const Place& place : places) {
    if (place.begin != covered) {
      throw Error("tensor " + Quoted(place.tensor.name) + " begins at byte " +
                  std::to_string(place.begin) + " of the data; expected " +
                  std::to_string(covered));
    }
    covered = place.end;
  }
  if (covered != data_bytes) {
    throw Error("the data has " + std::to_string(data_bytes) + " bytes; the header describes " +
                std::to_string(covered));
  }
}

// What kChecksumKey stands for. All text must be UTF-8.
std::string Checksum(const TensorFile& file) {
  std::vector<const NamedTensor*> tensors;
  for (const NamedTensor& tensor : file.tensors) tensors.push_back(&tensor);
  std::sort(tensors.begin(), tensors.end(),
            [](const NamedTensor* a, const NamedTensor* b) { return a->name < b->name; });
  Json description = {file.metadata, Json::array()};
  for (const NamedTensor* tensor : tensors) {
    description[1].push_back({tensor->name, "F32", tensor->shape});
  }
  const std::string text = description.dump();
  Hasher hasher;
  hasher.Add(text.data(), text.size());
  for (const NamedTensor* tensor : tensors) {
    hasher.Add(tensor->values.data(), tensor->values.size() * sizeof(float));
  }
  return hasher.Digits();
}

// Whether a key is the checksum's but for a letter or two, as after damage.
bool IsNearlyChecksumKey(const std::string& key) {
  const std::string_view right = kChecksumKey;
  if (key.size() != right.size()) return false;
  size_t others = 0;
  for (size_t i = 0; i < right.size(); ++i) others += key[i] != right[i];
  return others > 0 && others <= 2;
}

// Takes the checksum out of the metadata and compares.
void CheckChecksum(TensorFile& file) {
  for (const auto& [key, value] : file.metadata) {
    if (IsNearlyChecksumKey(key)) {
      throw Error("damaged: __metadata__ has " + Quoted(key) + " for " + kChecksumKey);
    }
  }
  const auto found = file.metadata.find(kChecksumKey);
  if (found == file.metadata.end()) return;
  const std::string written = found->second;
  file.metadata.erase(found);
  const std::string computed = Checksum(file);
  file.has_checksum = written == computed;
  if (file.has_checksum) return;
  int64_t not_finite = 0;
  for (const NamedTensor& tensor : file.tensors) {
    not_finite += std::count_if(tensor.values.begin(), tensor.values.end(),
                                [](float value) { return !std::isfinite(value); });
  }
  throw Error(
      "damaged: __metadata__ " + std::string(kChecksumKey) + " is " + Quoted(written) +
      ", but what the file holds has " + computed +
      (not_finite > 0 ? ", and " + std::to_string(not_finite) + " numbers are not finite" : "") +
      " (who changes a file on purpose leaves that key out)");
}

TensorFile Parse(std::string_view bytes) {
  if (bytes.size() < kLengthBytes) throw Error("cut short within the header length");
  uint64_t header_bytes;
  std::memcpy(&header_bytes, bytes.data(), kLengthBytes);
  bytes.remove_prefix(kLengthBytes);
  if (header_bytes > std::min<uint64_t>(bytes.size(), kLongestHeader)) {
    throw Error("not a safetensors file, or cut short: header length " +
                std::to_string(header_bytes) + ", but " + std::to_string(bytes.size()) +
                " bytes follow (at most " + std::to_string(kLongestHeader) + " allowed)");
  }
  const Json header = ParseHeader(bytes.substr(0, header_bytes));
  bytes.remove_prefix(header_bytes);

  TensorFile file;
  std::vector<Place> places;
  for (const auto& [name, json] : header.items()) {
    if (name == kMetadata) {
      ReadMetadata(json, file);
      continue;
    }
    try {
      places.push_back(ReadPlace(json, bytes.size()));
    } catch (const Error& error) {
      throw Error("tensor " + Quoted(name) + ": " + error.what());
    }
    places.back().tensor.name = name;
  }
  std::stable_sort(places.begin(), places.end(), [](const Place& a, const Place& b) {
    return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
  });
  CheckCover(places, bytes.size());
  for (Place& place : places) {
    place.tensor.values.resize((place.end - place.begin) / sizeof(float));
    if (place.begin != place.end) {
      std::memcpy(place.tensor.values.data(), bytes.data() + place.begin, place.end - place.begin);
    }
    file.tensors.push_back(std::move(place.tensor));
  }
  CheckChecksum(file);
  return file;
}

// The header of `file`, padded with spaces so that the data begins at a multiple of 8 bytes.
std::string HeaderText(const TensorFile& file) {
  if (file.metadata.count(kChecksumKey) > 0) {
    throw Error(std::string("__metadata__ must not use the key ") + kChecksumKey);
  }
  Json header = Json::object();
  header[kMetadata] = file.metadata;
  std::set<std::string> names = {kMetadata};
  uint64_t end = 0;
  for (const NamedTensor& tensor : file.tensors) {
    const std::string what = "tensor " + Quoted(tensor.name);
    if (!names.insert(tensor.name).second) throw Error(what + " occurs twice, or is no name");
    uint64_t count = 1;
    for (int64_t size : tensor.shape) {
      if (size < 0 || __builtin_mul_overflow(count, static_cast<uint64_t>(size), &count)) {
        throw Error(what + ": impossible shape " + ShapeText(tensor.shape));
      }
    }
    if (count != tensor.values.size()) {
      throw Error(what + ": shape " + ShapeText(tensor.shape) + " does not hold " +
                  std::to_string(tensor.values.size()) + " values");
    }
    const uint64_t begin = end;
    end += count * sizeof(float);
    header[tensor.name] = {
        {"dtype", "F32"}, {"shape", tensor.shape}, {"data_offsets", {begin, end}}};
  }
  std::string text;
  try {
    header[kMetadata][kChecksumKey] = Checksum(file);
    text = header.dump();
  } catch (const Json::type_error&) {
    throw Error("a name or __metadata__ is not valid UTF-8");
  }
  text.resize((text.size() + 7) / 8 * 8, ' ');
  if (text.size() > kLongestHeader) throw Error("the header is longer than the format allows");
  return text;
}

}  // namespace

const NamedTensor* TensorFile::Find(const std::string& name) const {
  for (const NamedTensor& tensor : tensors) {
    if (tensor.name == name) return &tensor;
  }
  return nullptr;
}

void WriteTensorFile(const std::string& path, const TensorFile& file) {
  std::string header;
  try {
    header = HeaderText(file);
  } catch (const Error& error) {
    throw Error(path + ": " + error.what());
  }
  const uint64_t header_bytes = header.size();
  std::string bytes(reinterpret_cast<const char*>(&header_bytes), kLengthBytes);
  bytes += header;
  for (const NamedTensor& tensor : file.tensors) {
    bytes.append(reinterpret_cast<const char*>(tensor.values.data()),
                 tensor.values.size() * sizeof(float));
  }
  WriteFileAtomically(path, bytes);
}

TensorFile ReadTensorFile(const std::string& path) {
  const std::string bytes = ReadRegularFile(path);
  try {
    TensorFile file = Parse(bytes);
    file.path = path;
    return file;
  } catch (const Error& error) {
    throw DamagedFile(path + ": " + error.what());
  }
}

std::string Quoted(const std::string& text) {
  return Json(text).dump(-1, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace);
}

std::string ShapeText(const std::vector<int64_t>& shape) {
  std::string text = "(";
  for (size_t i = 0; i < shape.size(); ++i) {
    text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
  }
  return text + ")";
}

}  // namespace grove
