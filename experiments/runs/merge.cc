#include "experiments/runs/merge.h"

#include <filesystem>
#include <set>
#include <string_view>
#include <utility>

#include "engine/error.h"
#include "engine/files/checkpoint.h"
#include "engine/files/files.h"
#include "engine/files/folders.h"
#include "experiments/runs/each_run.h"
#include "experiments/runs/manifest.h"
#include "experiments/runs/open_journal.h"
#include "experiments/runs/run_folder.h"
#include "experiments/runs/sealed_line.h"

namespace grove {
namespace {

namespace fs = std::filesystem;

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
      MakeFolders(to.parent_path().string());
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
  const EachRun runs(paths, [&](const DamagedLine& line) {
    ++counts.damaged;
    note(line.message);
  });
  counts.journals = paths.size();
  counts.runs = runs.runs();
  counts.again = runs.again();
  FileWriter writer(folder.JournalPath());
  runs.Visit([&](std::string_view line, const LineSubject& subject) {
    counts.not_done += subject.is_record && !subject.is_final;
    writer.Write((SealFault(line).empty() ? std::string(line) : Seal(line)) + "\n");
  });
  counts.models = CopyTensorFiles(
      "models", folders, out, [](const std::string&) { return true; }, counts, note);
  counts.states = CopyTensorFiles(
      "state", folders, out, [&](const std::string& key) { return !runs.HasEnded(key); }, counts,
      note);
  MergeManifests(folders, folder, note);
  writer.Commit();
  return counts;
}

}  // namespace grove
