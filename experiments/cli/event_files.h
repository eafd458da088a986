// Curves of runs while they are trained, for TensorBoard.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "experiments/cli/watcher_link.h"

namespace grove {

// Writes the file of a run (experiments/report/tensorboard.h) after each of its epochs and when it
// has ended. A file that cannot be written is a note, once: runs matter more.
class EventFiles : public WatcherLink {
 public:
  // Makes the folder; throws Error if it cannot be made.
  EventFiles(BatchWatcher& next, std::string folder);

  void OnProgress(const Job& job, const TrainProgress& progress, const RunResult& result) override;
  void OnRecord(const Job& job, const RunRecord& record) override;

 private:
  void Write(const RunRecord& record);

  const std::string folder_;
  std::mutex mutex_;
  std::map<std::string, size_t> epochs_;  // that a file has, by key
  bool noted_ = false;
};

}  // namespace grove
