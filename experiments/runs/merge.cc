#include "experiments/runs/merge.h"

#include <xxhash.h>

#include <filesystem>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "engine/error.h"
#include "engine/files/checkpoint.h"
#include "engine/files/files.h"
#include "experiments/runs/line_fields.h"
#include "experiments/runs/manifest.h"
#include "experiments/runs/open_journal.h"
#include "experiments/runs/run_folder.h"
#include "experiments/runs/sealed_line.h"

namespace grove {
namespace {

namespace fs = std::filesystem;

uint64_t Hash(std::string_view text) { return XXH3_64bits(text.data(), text.size()); }

// What a line is of, by which lines of one kind are compared.
struct Subject {
  uint64_t id = 0;      // of the kind and the key
  uint64_t result = 0;  // what must be equal where the ids are
  bool is_record = false;
  bool is_final = true;
};

Subject SubjectOf(std::string_view line) {
  const LineFields fields(line);
  for (const char* table : {"ratios", "observations"}) {
    const auto value = fields.Find(table);
    if (!value || !value->starts_with("{")) continue;
    return {Hash(table + LineFields(*value).Text("key")), Hash(*value)};
  }
  if (const auto provenance = fields.Find("provenance")) return {Hash(*provenance), 0};
  const std::string status = fields.Text("status");
  return {Hash("run" + fields.Text("key")), Hash(status + fields.Text("weights_xxh3")), true,
          status == "done" || status == "diverged"};
}

// The line that is kept of its id: number `line` of journal `journal`.
struct Kept {
  uint64_t result = 0;
  uint32_t journal = 0;
  uint32_t line = 0;
  bool is_final = true;
  bool is_record = false;
};

class Merger {
 public:
  Merger(std::vector<std::string> paths, const std::function<void(const std::string&)>& note)
      : paths_(std::move(paths)), note_(note) {}

  void Choose(MergeCounts& counts) {
    for (size_t journal = 0; journal < paths_.size(); ++journal) {
      const auto damage = [&](const DamagedLine& line) {
        ++counts.damaged;
        note_(line.message);
      };
      ForEachJournalLine(paths_[journal], damage,
                         [&](const LineSource& lines, std::string_view line) {
                           Consider(SubjectOf(line), static_cast<uint32_t>(journal),
                                    static_cast<uint32_t>(lines.number()), counts);
                         });
    }
    counts.journals = paths_.size();
  }

  void Write(FileWriter& to, MergeCounts& counts) const {
    for (size_t journal = 0; journal < paths_.size(); ++journal) {
      const auto told_already = [](const DamagedLine&) {};
      ForEachJournalLine(paths_[journal], told_already,
                         [&](const LineSource& lines, std::string_view line) {
                           const Subject subject = SubjectOf(line);
                           const Kept& kept = kept_.at(subject.id);
                           if (kept.journal != journal || kept.line != lines.number()) return;
                           counts.runs += subject.is_record;
                           counts.not_done += subject.is_record && !subject.is_final;
                           to.Write(SealFault(line).empty() ? std::string(line) : Seal(line));
                           to.Write("\n");
                         });
    }
  }

  bool HasEnded(const std::string& key) const {
    const auto found = kept_.find(Hash("run" + key));
    return found != kept_.end() && found->second.is_final;
  }

 private:
  void Consider(const Subject& subject, uint32_t journal, uint32_t line, MergeCounts& counts) {
    const Kept candidate{subject.result, journal, line, subject.is_final, subject.is_record};
    const auto [place, is_new] = kept_.emplace(subject.id, candidate);
    if (is_new) return;
    Kept& kept = place->second;
    counts.again += subject.is_record;
    if (!kept.is_final) {
      kept = candidate;
    } else if (subject.is_final && subject.result != kept.result) {
      throw Error(paths_[journal] + ":" + std::to_string(line) +
                  ": another result of the run than " + paths_[kept.journal] + ":" +
                  std::to_string(kept.line) + "; equal keys have equal bits");
    }
  }

  const std::vector<std::string> paths_;
  const std::function<void(const std::string&)>& note_;
  std::unordered_map<uint64_t, Kept> kept_;
};

// The journals of the folders, each once, however it is called.
std::vector<std::string> JournalsOf(const std::vector<std::string>& folders) {
  std::vector<std::string> paths;
  std::set<fs::path> seen;
  for (const std::string& folder : folders) {
    const std::vector<std::string> journals = JournalsOfRunFolder(folder);
    if (journals.empty()) throw Error(folder + ": no run folder: it has no journal");
    for (const std::string& path : journals) {
      std::error_code error;
      if (seen.insert(fs::canonical(path, error)).second) paths.push_back(path);
    }
  }
  return paths;
}

// Copies the tensor files of a part of the folders that are not there yet and that `wanted` takes,
// by their keys; returns how many.
template <typename Predicate>
size_t CopyTensorFiles(const std::string& part, const std::vector<std::string>& folders,
                       const std::string& out, const Predicate& wanted, MergeCounts& counts,
                       const std::function<void(const std::string&)>& note) {
  size_t copied = 0;
  for (const std::string& folder : folders) {
    std::error_code error;
    for (fs::directory_iterator i(fs::path(folder) / part, error), end; !error && i != end;
         i.increment(error)) {
      const fs::path to = fs::path(out) / part / i->path().filename();
      std::error_code missing;
      if (i->path().extension() != ".safetensors" || !wanted(i->path().stem().string()) ||
          fs::exists(to, missing)) {
        continue;
      }
      try {
        ReadTensorFile(i->path().string());
      } catch (const DamagedFile& damage) {
        ++counts.damaged;
        note(damage.what());
        continue;
      }
      fs::create_directories(to.parent_path(), missing);
      WriteFileAtomically(to.string(), ReadFile(i->path().string()));
      ++copied;
    }
  }
  return copied;
}

void MergeManifests(const std::vector<std::string>& folders, const RunFolder& out,
                    const std::function<void(const std::string&)>& note) {
  std::vector<ManifestRun> runs;
  for (const std::string& folder : folders) {
    ReadManifests(
        folder, [&](const ManifestRun& run) { runs.push_back(run); },
        [&](const DamagedLine& line) { note(line.message); });
  }
  if (!runs.empty()) WriteManifest(out, runs, note);
}

}  // namespace

MergeCounts MergeRuns(const std::string& out, const std::vector<std::string>& folders,
                      const std::function<void(const std::string&)>& note) {
  std::vector<std::string> sources = folders;
  if (!JournalsOfRunFolder(out).empty()) sources.insert(sources.begin(), out);
  const std::vector<std::string> paths = JournalsOf(sources);
  const RunFolder folder(out);
  folder.Create();
  const std::unique_ptr<sched::Journal> lock = LockJournal(folder);
  MergeCounts counts;
  Merger merger(paths, note);
  merger.Choose(counts);
  FileWriter writer(folder.JournalPath());
  merger.Write(writer, counts);
  counts.models = CopyTensorFiles(
      "models", folders, out, [](const std::string&) { return true; }, counts, note);
  counts.states = CopyTensorFiles(
      "state", folders, out, [&](const std::string& key) { return !merger.HasEnded(key); }, counts,
      note);
  MergeManifests(folders, folder, note);
  writer.Commit();
  return counts;
}

}  // namespace grove
