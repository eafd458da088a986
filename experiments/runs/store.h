// The store of finished runs: journals, read back. A journal is a file of lines of JSON, compressed
// by gzip or not:
//
//   {"journal_version": 1, "provenance": {...}}
//                              what made the runs that follow (runs/provenance.h)
//   {"ratios": {...}}          the gradient probe of a run (runs/table_lines.h)
//   {"observations": {...}}    what a run observed (likewise)
//   {"key": ..., ...}          the record of a run (runs/record.h): with it the run is done
//
// in any order, though the program writes the tables of a run before its record. Each line is
// sealed by its checksum (sealed_line.h), but for those of earlier versions. A run folder keeps its
// journals where run_folder.h says; NAME.jsonl and NAME.jsonl.gz are journals too.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/training/observe.h"
#include "experiments/plan/predictor.h"
#include "experiments/runs/journal_lines.h"
#include "experiments/runs/ratios.h"
#include "experiments/runs/record.h"

namespace grove {

struct Journal {
  std::string name;  // of the file without .jsonl and .gz; that of a run folder has the folder's
  std::vector<nlohmann::json> provenance;
  std::vector<RunRecord> records;  // each key once: its last record, in the place of its first
  std::map<std::string, size_t> made_by;  // by key: which of `provenance` made its last record
  std::map<std::string, std::vector<RatioSummary>> ratios;  // by key
  std::map<std::string, Observations> observations;         // by key
};

class Store {
 public:
  Store() = default;
  // Throws Error if two journals hold one run with different results: equal keys mean equal bits.
  // A run that failed in one of them may have another end in another, which then counts.
  explicit Store(std::vector<Journal> journals);

  Store(Store&&) = default;  // what points into its journals still does
  Store& operator=(Store&&) = default;

  const std::vector<Journal>& journals() const { return journals_; }
  // Every run once, in the order of the journals.
  const std::vector<const RunRecord*>& Records() const { return records_; }
  // Of a key, or nullptr. All pointers live as long as the store.
  const RunRecord* Find(const std::string& key) const;
  const std::vector<RatioSummary>* FindRatios(const std::string& key) const;
  const Observations* FindObservations(const std::string& key) const;
  // What made the run; nullptr also where its journal does not say.
  const nlohmann::json* FindProvenance(const std::string& key) const;

 private:
  std::vector<Journal> journals_;
  std::vector<const RunRecord*> records_;
  std::vector<const Journal*> journal_of_;               // of each of records_
  std::unordered_map<std::string, size_t> position_of_;  // of a key in records_
};

// The files that ReadStore reads at a path, by name. Throws Error as it does.
std::vector<std::string> JournalFiles(const std::string& path);

// Reads a run folder, a journal, or all journals of a folder, by name. Throws Error if there is
// none, and "path:line: ..." at the first line that is not of the form above.
Store ReadStore(const std::string& path, const OnDamage& on_damage = nullptr);

// The same for a run folder that may still be without a journal, or not be there: an empty store.
Store ReadRunFolder(const std::string& directory, const OnDamage& on_damage = nullptr);

// The runs that were trained to their end, as predictions use them.
std::vector<MeasuredRun> MeasuredRuns(const Store& store);

}  // namespace grove
