// Any bytes as a journal of runs or as the manifest of a folder. The first byte chooses: whether
// lines get the checksum that they should have, without which nearly all of them would be damaged,
// and whether damaged lines are told of or an error.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "engine/error.h"
#include "experiments/runs/each_run.h"
#include "experiments/runs/manifest.h"
#include "experiments/runs/record.h"
#include "experiments/runs/sealed_line.h"
#include "experiments/runs/store.h"
#include "tests/fuzz/fuzz.h"

namespace grove {
namespace {

// Every line with its checksum; what begins as a line with one loses that first.
std::string Sealed(std::string_view bytes) {
  constexpr std::string_view kSeal = "{\"xxh3\":\"0123456789abcdef\",";
  std::string text;
  while (!bytes.empty()) {
    const size_t end = std::min(bytes.find('\n'), bytes.size());
    std::string line(bytes.substr(0, end));
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
    if (line.starts_with(kSeal.substr(0, 9)) && line.size() > kSeal.size()) {
      line = "{" + line.substr(kSeal.size());
    }
    text += line.starts_with("{\"") ? Seal(line) : line;
    text += "\n";
  }
  return text;
}

void CheckDamage(const DamagedLine& line) { Require(!line.message.empty()); }

// What is read can be written and read again.
void FuzzJournal(const std::string& text, const OnDamage& on_damage) {
  const std::string path = Put("journal.jsonl", text);
  size_t visited = 0;
  EachRun runs({path}, on_damage);
  runs.Visit([&](std::string_view, const LineSubject& line) { visited += line.is_record; });
  Require(visited == runs.runs());
  const Store store = ReadStore(path, on_damage);
  for (const RunRecord* record : store.Records()) {
    Require(store.Find(record->key) == record);
    const std::string written = ToJson(*record).dump();
    const RunRecord again = RecordFromJson(nlohmann::json::parse(written));
    Require(ToJson(again).dump() == written);
  }
}

void FuzzManifest(const std::string& text) {
  Put("manifest.jsonl", text);
  ReadManifests(
      Folder(), [](const ManifestRun& run) { Require(run.seconds == run.seconds); }, CheckDamage);
}

void FuzzOne(std::string_view bytes) {
  if (bytes.empty()) return;
  const auto mode = static_cast<uint8_t>(bytes.front());
  bytes.remove_prefix(1);
  const std::string text = (mode & 1) != 0 ? Sealed(bytes) : std::string(bytes);
  try {
    if (std::string_view(FUZZED) == "journal") {
      FuzzJournal(text, (mode & 2) != 0 ? OnDamage(CheckDamage) : nullptr);
    } else {
      FuzzManifest(text);
    }
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
