// Journals of any size, each run once, in bounded memory: they are gone through twice, first to
// choose among the records of a run, then to visit those that were chosen.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "experiments/runs/journal_lines.h"

namespace grove {

// What a line of a journal is of (store.h).
struct LineSubject {
  uint64_t id = 0;      // of the kind and the key
  uint64_t result = 0;  // what must be equal where the ids are
  bool is_record = false;
  bool is_final = true;  // not a run that failed
};

class EachRun {
 public:
  // Of a run its first record that is final counts, else its last; of equal tables and provenance
  // the first. In one journal, where a run may have been trained again by another version, the last
  // that differs counts. In several, equal keys must have equal bits: throws Error that names both
  // places if two records or tables of one run differ in more than times. Some 60 bytes a run.
  EachRun(std::vector<std::string> journals, const OnDamage& on_damage);

  size_t runs() const { return runs_; }    // each once
  size_t again() const { return again_; }  // records beyond these

  // Whether the run has a final record.
  bool HasEnded(const std::string& key) const;

  // The lines that count, in the order of the journals.
  void Visit(const std::function<void(std::string_view, const LineSubject&)>& visit) const;

 private:
  // The line that counts for its id: number `line` of journal `journal`.
  struct Choice {
    uint64_t result = 0;
    uint32_t journal = 0;
    uint32_t line = 0;
    bool is_final = true;
  };

  void Consider(const LineSubject& subject, const Choice& candidate);

  std::vector<std::string> journals_;
  std::unordered_map<uint64_t, Choice> choice_of_;  // by id
  size_t runs_ = 0, again_ = 0;
};

}  // namespace grove
