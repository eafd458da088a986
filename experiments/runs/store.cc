#include "experiments/runs/store.h"

#include <algorithm>
#include <filesystem>
#include <optional>

#include "engine/error.h"
#include "engine/json_text.h"
#include "experiments/runs/run_folder.h"
#include "experiments/runs/table_lines.h"

namespace grove {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr char kWhatToDo[] = "; `grove run SPEC --out DIR` makes a folder of runs";

// Times differ between two measurements of one run; nothing else does.
bool SameResult(const RunRecord& a, const RunRecord& b) {
  return a.status == b.status && a.weights_xxh3 == b.weights_xxh3;
}

// Empty if `path` is not named as a journal.
std::string JournalName(const fs::path& path) {
  std::string name = path.filename().string();
  for (const std::string ending : {".jsonl.gz", ".jsonl"}) {
    if (name.size() > ending.size() && name.ends_with(ending)) {
      return name.substr(0, name.size() - ending.size());
    }
  }
  return "";
}

// Puts a line of a journal into its place there; a record, whose key may be there already, is
// returned instead.
std::optional<RunRecord> Take(const Json& json, Journal& journal) {
  if (!json.is_object()) throw Error("not a JSON object");
  if (json.contains("provenance")) {
    journal.provenance.push_back(json["provenance"]);
  } else if (json.contains("ratios") && json["ratios"].is_object()) {
    const Json& table = json["ratios"];
    journal.ratios[table.at("key").get<std::string>()] = ReadRatioTable(table);
  } else if (json.contains("observations") && json["observations"].is_object()) {
    const Json& tables = json["observations"];
    journal.observations[tables.at("key").get<std::string>()] = ReadObservationTables(tables);
  } else {
    return RecordFromJson(json);
  }
  return std::nullopt;
}

Journal ReadJournal(const std::string& name, const std::string& path, const OnDamage& on_damage) {
  Journal journal;
  journal.name = name;
  std::unordered_map<std::string, size_t> position_of;  // of a key in journal.records
  ForEachJournalLine(path, on_damage, [&](const LineSource& lines, std::string_view line) {
    std::optional<Json> json;
    try {
      json = ParseJson(line, lines.place());
    } catch (const Error& error) {  // of an earlier version, whose lines have no checksum
      const std::string fault = std::string(error.what()).substr(lines.place().size() + 2);
      return TellDamage(lines, fault, on_damage);
    }
    std::optional<RunRecord> record;
    try {
      record = Take(*json, journal);
    } catch (const Json::exception&) {
      throw Error("a table that is not of its form");
    }
    if (!record) return;
    const auto [place, is_new] = position_of.emplace(record->key, journal.records.size());
    if (is_new) journal.records.emplace_back();
    if (!journal.provenance.empty()) journal.made_by[record->key] = journal.provenance.size() - 1;
    journal.records[place->second] = std::move(*record);
  });
  return journal;
}

// The journals of a folder that is no run folder.
std::vector<std::string> JournalsIn(const std::string& folder) {
  std::vector<std::string> paths;
  std::error_code error;
  for (fs::directory_iterator i(folder, error), end; !error && i != end; i.increment(error)) {
    if (!JournalName(i->path()).empty()) paths.push_back(i->path().string());
  }
  if (error) throw Error(folder + ": " + error.message());
  if (paths.empty()) {
    throw Error(folder + ": no runs: neither journal.jsonl nor any NAME.jsonl or NAME.jsonl.gz" +
                kWhatToDo);
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

template <typename Table>
const Table* FindTable(const std::vector<Journal>& journals,
                       std::map<std::string, Table> Journal::*tables, const std::string& key) {
  for (const Journal& journal : journals) {
    const auto found = (journal.*tables).find(key);
    if (found != (journal.*tables).end()) return &found->second;
  }
  return nullptr;
}

// The name of the folder itself, also of "out/" and ".".
std::string FolderName(const std::string& directory) {
  std::error_code error;
  const fs::path whole = fs::weakly_canonical(directory, error);
  return (error ? fs::path(directory) : whole).filename().string();
}

}  // namespace

Store::Store(std::vector<Journal> journals) : journals_(std::move(journals)) {
  for (const Journal& journal : journals_) {
    for (const RunRecord& record : journal.records) {
      const auto [place, is_new] = position_of_.emplace(record.key, records_.size());
      const size_t i = place->second;
      if (is_new) {
        records_.push_back(&record);
        journal_of_.push_back(&journal);
      } else if (!IsFinal(records_[i]->status)) {
        records_[i] = &record;
        journal_of_[i] = &journal;
      } else if (IsFinal(record.status) && !SameResult(record, *records_[i])) {
        throw Error("journal " + journal.name + ": run " + record.key +
                    " has another result than in journal " + journal_of_[i]->name);
      }
    }
  }
}

const RunRecord* Store::Find(const std::string& key) const {
  const auto found = position_of_.find(key);
  return found == position_of_.end() ? nullptr : records_[found->second];
}

const std::vector<RatioSummary>* Store::FindRatios(const std::string& key) const {
  return FindTable(journals_, &Journal::ratios, key);
}

const Observations* Store::FindObservations(const std::string& key) const {
  return FindTable(journals_, &Journal::observations, key);
}

const Json* Store::FindProvenance(const std::string& key) const {
  const auto place = position_of_.find(key);
  if (place == position_of_.end()) return nullptr;
  const Journal& journal = *journal_of_[place->second];
  const auto made = journal.made_by.find(key);
  return made == journal.made_by.end() ? nullptr : &journal.provenance[made->second];
}

std::vector<std::string> JournalFiles(const std::string& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) {
    throw Error(path + ": no such file or folder" + kWhatToDo);
  }
  if (error) throw Error(path + ": " + error.message());
  if (!fs::is_directory(status)) {
    if (JournalName(path).empty()) {
      throw Error(path + ": a journal is called NAME.jsonl or NAME.jsonl.gz");
    }
    return {path};
  }
  const std::vector<std::string> of_runs = JournalsOfRunFolder(path);
  return of_runs.empty() ? JournalsIn(path) : of_runs;
}

Store ReadStore(const std::string& path, const OnDamage& on_damage) {
  const std::vector<std::string> files = JournalFiles(path);
  if (files == JournalsOfRunFolder(path)) return ReadRunFolder(path, on_damage);
  std::vector<Journal> journals;
  for (const std::string& file : files) {
    journals.push_back(ReadJournal(JournalName(file), file, on_damage));
  }
  return Store(std::move(journals));
}

Store ReadRunFolder(const std::string& directory, const OnDamage& on_damage) {
  std::vector<Journal> journals;
  for (const std::string& path : JournalsOfRunFolder(directory)) {
    // The folder's name, and which shard's it is: "out", "out.3-of-8".
    const std::string name = JournalName(path).substr(std::string_view("journal").size());
    journals.push_back(ReadJournal(FolderName(directory) + name, path, on_damage));
  }
  return Store(std::move(journals));
}

std::vector<MeasuredRun> MeasuredRuns(const Store& store) {
  std::vector<MeasuredRun> measured;
  for (const RunRecord* record : store.Records()) {
    if (record->status != "done") continue;
    measured.push_back({record->run, record->data, record->epochs, record->seconds});
  }
  return measured;
}

}  // namespace grove
