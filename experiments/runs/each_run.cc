#include "experiments/runs/each_run.h"

#include <xxhash.h>

#include <utility>

#include "engine/error.h"
#include "engine/json_text.h"
#include "experiments/runs/line_fields.h"
#include "experiments/runs/record.h"

namespace grove {
namespace {

uint64_t Hash(std::string_view text) { return XXH3_64bits(text.data(), text.size()); }

uint64_t RunId(const std::string& key) { return Hash("run" + key); }

LineSubject SubjectOf(std::string_view line) {
  const LineFields fields(line);
  for (const char* table : {"ratios", "observations"}) {
    const auto value = fields.Find(table);
    if (!value || !value->starts_with("{")) continue;
    return {Hash(table + LineFields(*value).Text("key")), Hash(*value)};
  }
  if (const auto provenance = fields.Find("provenance")) return {Hash(*provenance), 0};
  // Of an earlier version: the Error says what to do.
  if (!fields.Find("run")) RecordFromJson(ParseJson(line, "a record"));
  const std::string status = fields.Text("status");
  return {RunId(fields.Text("key")), Hash(status + fields.Text("weights_xxh3")), true,
          IsFinal(status)};
}

}  // namespace

EachRun::EachRun(std::vector<std::string> journals, const OnDamage& on_damage)
    : journals_(std::move(journals)) {
  for (size_t journal = 0; journal < journals_.size(); ++journal) {
    ForEachJournalLine(
        journals_[journal], on_damage, [&](const LineSource& lines, std::string_view line) {
          const LineSubject subject = SubjectOf(line);
          Consider(subject, {subject.result, static_cast<uint32_t>(journal),
                             static_cast<uint32_t>(lines.number()), subject.is_final});
        });
  }
}

void EachRun::Consider(const LineSubject& subject, const Choice& candidate) {
  const auto [place, is_new] = choice_of_.emplace(subject.id, candidate);
  if (subject.is_record) ++(is_new ? runs_ : again_);
  if (is_new) return;
  Choice& choice = place->second;
  const bool differs = candidate.result != choice.result;
  if (!choice.is_final || (differs && candidate.journal == choice.journal)) {
    choice = candidate;
  } else if (differs && candidate.is_final) {
    const auto where = [this](const Choice& c) {
      return journals_[c.journal] + ":" + std::to_string(c.line);
    };
    throw Error(where(candidate) + ": another result of the run than " + where(choice) +
                "; equal keys have equal bits");
  }
}

bool EachRun::HasEnded(const std::string& key) const {
  const auto found = choice_of_.find(RunId(key));
  return found != choice_of_.end() && found->second.is_final;
}

void EachRun::Visit(const std::function<void(std::string_view, const LineSubject&)>& visit) const {
  const auto told_already = [](const DamagedLine&) {};
  for (size_t journal = 0; journal < journals_.size(); ++journal) {
    ForEachJournalLine(journals_[journal], told_already,
                       [&](const LineSource& lines, std::string_view line) {
                         const LineSubject subject = SubjectOf(line);
                         const auto found = choice_of_.find(subject.id);
                         // A journal may have grown meanwhile.
                         if (found == choice_of_.end() || found->second.journal != journal ||
                             found->second.line != lines.number()) {
                           return;
                         }
                         visit(line, subject);
                       });
  }
}

}  // namespace grove
