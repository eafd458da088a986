#include "experiments/runs/open_journal.h"

#include <set>
#include <string_view>
#include <utility>

#include "engine/error.h"
#include "engine/files/files.h"
#include "engine/files/line_source.h"
#include "experiments/runs/each_run.h"
#include "experiments/runs/line_fields.h"

namespace grove {
namespace {

std::unique_ptr<sched::Journal> Open(const std::string& path) {
  try {
    return std::make_unique<sched::Journal>(path);
  } catch (const sched::JournalError& error) {
    throw Error(error.what());
  }
}

// The damaged lines go to a file of their own, which is then moved away, and the others stay. A
// crash before the journal is replaced leaves it as it was.
void SetLinesAside(const RunFolder& folder, const std::set<size_t>& damaged) {
  const std::string path = folder.JournalPath();
  const std::string lines_path = path + ".damaged";
  FileWriter good(path), bad(lines_path);
  LineSource lines(path);
  for (std::string_view line; lines.Next(line) && !lines.cut();) {
    FileWriter& to = damaged.count(lines.number()) > 0 ? bad : good;
    to.Write(line);
    to.Write("\n");
  }
  bad.Commit();
  folder.SetAside(lines_path);
  good.Commit();
}

void TakeOutcome(std::string_view line, std::unordered_map<std::string, Outcome>& outcomes) {
  const LineFields fields(line);
  outcomes[fields.Text("key")] = {fields.Text("status"), fields.Text("message"),
                                  fields.Number("test_accuracy"), fields.Number("dev_accuracy")};
}

}  // namespace

std::unique_ptr<sched::Journal> LockJournal(const RunFolder& folder) {
  return Open(folder.JournalPath());
}

OpenJournal OpenJournalOf(const RunFolder& folder,
                          const std::function<void(const std::string&)>& note) {
  const std::string own = folder.JournalPath();
  OpenJournal opened;
  opened.journal = Open(own);
  std::set<size_t> damaged;  // lines of the own journal
  const EachRun runs(JournalsOfRunFolder(folder.directory()), [&](const DamagedLine& line) {
    if (line.path != own) {
      // A torn one may be just about to be written.
      if (!line.torn) note(line.message + "; its run is taken for one that has not ended");
      return;
    }
    if (!line.torn) damaged.insert(line.number);
    note(line.message + (line.torn ? "" : "; it is set aside and computed again"));
  });
  runs.Visit([&](std::string_view line, const LineSubject& subject) {
    if (subject.is_record) TakeOutcome(line, opened.outcomes);
  });
  if (!damaged.empty()) {
    SetLinesAside(folder, damaged);
    // The lock is on a file that is gone; the one in its place is taken before that is let go.
    std::unique_ptr<sched::Journal> mended = Open(own);
    opened.journal = std::move(mended);
  }
  return opened;
}

}  // namespace grove
