#include "experiments/cli/event_files.h"

#include <exception>
#include <limits>
#include <utility>

#include "engine/files/folders.h"
#include "experiments/report/tensorboard.h"

namespace grove {

EventFiles::EventFiles(BatchWatcher& next, std::string folder)
    : WatcherLink(next), folder_(std::move(folder)) {
  MakeFolders(folder_);
}

void EventFiles::OnProgress(const Job& job, const TrainProgress& progress,
                            const RunResult& result) {
  WatcherLink::OnProgress(job, progress, result);
  {
    const std::lock_guard lock(mutex_);
    size_t& epochs = epochs_[job.key];
    if (epochs == result.history.size()) return;
    epochs = result.history.size();
  }
  RunRecord record;
  static_cast<RunIdentity&>(record) = job;
  record.test_accuracy = std::numeric_limits<double>::quiet_NaN();
  record.history = result.history;
  Write(record);
}

void EventFiles::OnRecord(const Job& job, const RunRecord& record) {
  WatcherLink::OnRecord(job, record);
  Write(record);
}

void EventFiles::Write(const RunRecord& record) {
  try {
    WriteTensorBoard(record, folder_);
  } catch (const std::exception& error) {
    const std::lock_guard lock(mutex_);
    if (noted_) return;
    noted_ = true;
    OnNote(std::string("--tensorboard: ") + error.what());
  }
}

}  // namespace grove
