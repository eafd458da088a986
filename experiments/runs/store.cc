#include "experiments/runs/store.h"

#include <algorithm>
#include <filesystem>

#include "engine/error.h"
#include "engine/json_text.h"
#include "experiments/runs/line_reader.h"
#include "experiments/runs/table_lines.h"

namespace grove {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr char kRunFolderJournal[] = "journal.jsonl";
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

// The lines of one file.
class JournalReader {
 public:
  explicit JournalReader(std::string name) { journal_.name = std::move(name); }

  Journal Read(const std::string& path) {
    LineReader lines(path);
    for (std::string line; lines.Next(line);) {
      try {
        Take(ParseJson(line, lines.place()));
      } catch (const Json::exception&) {
        throw Error(lines.place() + ": a table that is not of its form");
      } catch (const Error& error) {
        const std::string what = error.what();
        throw Error(what.starts_with(lines.place()) ? what : lines.place() + ": " + what);
      }
    }
    return std::move(journal_);
  }

 private:
  void Take(const Json& json) {
    if (!json.is_object()) throw Error("not a JSON object");
    if (json.contains("provenance")) {
      journal_.provenance.push_back(json["provenance"]);
    } else if (json.contains("ratios") && json["ratios"].is_object()) {
      const Json& table = json["ratios"];
      journal_.ratios[table.at("key").get<std::string>()] = ReadRatioTable(table);
    } else if (json.contains("observations") && json["observations"].is_object()) {
      const Json& tables = json["observations"];
      journal_.observations[tables.at("key").get<std::string>()] = ReadObservationTables(tables);
    } else {
      Take(RecordFromJson(json));
    }
  }

  void Take(RunRecord record) {
    const auto [place, is_new] = position_of_.emplace(record.key, journal_.records.size());
    if (is_new) {
      journal_.records.push_back(std::move(record));
    } else {
      journal_.records[place->second] = std::move(record);
    }
  }

  Journal journal_;
  std::unordered_map<std::string, size_t> position_of_;  // of a key in journal_.records
};

// The journals of a folder that is no run folder.
std::vector<Journal> ReadFolder(const std::string& folder) {
  std::vector<fs::path> paths;
  std::error_code error;
  for (fs::directory_iterator i(folder, error), end; !error && i != end; i.increment(error)) {
    if (!JournalName(i->path()).empty()) paths.push_back(i->path());
  }
  if (error) throw Error(folder + ": " + error.message());
  if (paths.empty()) {
    throw Error(folder + ": no runs: neither journal.jsonl nor any NAME.jsonl or NAME.jsonl.gz" +
                kWhatToDo);
  }
  std::sort(paths.begin(), paths.end());
  std::vector<Journal> journals;
  for (const fs::path& path : paths) {
    journals.push_back(JournalReader(JournalName(path)).Read(path.string()));
  }
  return journals;
}

// The name of the folder itself, also of "out/" and ".".
std::string FolderName(const std::string& directory) {
  std::error_code error;
  const fs::path whole = fs::weakly_canonical(directory, error);
  return (error ? fs::path(directory) : whole).filename().string();
}

}  // namespace

Store::Store(std::vector<Journal> journals) : journals_(std::move(journals)) {
  for (size_t j = 0; j < journals_.size(); ++j) {
    for (size_t i = 0; i < journals_[j].records.size(); ++i) {
      const RunRecord& record = journals_[j].records[i];
      const auto [place, is_new] = position_of_.emplace(record.key, order_.size());
      if (is_new) {
        order_.emplace_back(j, i);
        continue;
      }
      auto& [other_j, other_i] = order_[place->second];
      const RunRecord& other = journals_[other_j].records[other_i];
      if (!IsFinal(other)) {
        other_j = j;
        other_i = i;
      } else if (IsFinal(record) && !SameResult(record, other)) {
        throw Error("journal " + journals_[j].name + ": run " + record.key +
                    " has another result than in journal " + journals_[other_j].name);
      }
    }
  }
}

std::vector<const RunRecord*> Store::Records() const {
  std::vector<const RunRecord*> records;
  for (const auto& [j, i] : order_) records.push_back(&journals_[j].records[i]);
  return records;
}

const RunRecord* Store::Find(const std::string& key) const {
  const auto found = position_of_.find(key);
  if (found == position_of_.end()) return nullptr;
  const auto& [j, i] = order_[found->second];
  return &journals_[j].records[i];
}

const std::vector<RatioSummary>* Store::FindRatios(const std::string& key) const {
  for (const Journal& journal : journals_) {
    const auto found = journal.ratios.find(key);
    if (found != journal.ratios.end()) return &found->second;
  }
  return nullptr;
}

const Observations* Store::FindObservations(const std::string& key) const {
  for (const Journal& journal : journals_) {
    const auto found = journal.observations.find(key);
    if (found != journal.observations.end()) return &found->second;
  }
  return nullptr;
}

Store ReadStore(const std::string& path) {
  std::vector<Journal> journals;
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) {
    throw Error(path + ": no such file or folder" + kWhatToDo);
  }
  if (error) throw Error(path + ": " + error.message());
  if (!fs::is_directory(status)) {
    const std::string name = JournalName(path);
    if (name.empty()) throw Error(path + ": a journal is called NAME.jsonl or NAME.jsonl.gz");
    journals.push_back(JournalReader(name).Read(path));
  } else if (fs::exists(fs::path(path) / kRunFolderJournal, error)) {
    return ReadRunFolder(path);
  } else {
    journals = ReadFolder(path);
  }
  return Store(std::move(journals));
}

Store ReadRunFolder(const std::string& directory) {
  const fs::path path = fs::path(directory) / kRunFolderJournal;
  std::error_code error;
  if (!fs::exists(path, error)) {
    if (error) throw Error(path.string() + ": " + error.message());
    return Store();
  }
  std::vector<Journal> journals;
  journals.push_back(JournalReader(FolderName(directory)).Read(path.string()));
  return Store(std::move(journals));
}

bool IsFinal(const RunRecord& record) {
  return record.status == "done" || record.status == "diverged";
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
