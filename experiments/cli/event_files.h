// Curves of runs while they are trained, for TensorBoard.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "experiments/runs/batch.h"

namespace grove {

// Writes the file of a run (experiments/report/tensorboard.h) after each of its epochs and when it
// has ended, and hands everything on to `view`. A file that cannot be written is a note, once: runs
// matter more.
class EventFiles : public BatchWatcher {
 public:
  // `view` must live as long. Makes the folder; throws Error if it cannot be made.
  EventFiles(BatchWatcher& view, std::string folder);

  void OnStart(const sched::ProgressMeter& meter, size_t to_do) override;
  void OnProgress(const Job& job, const TrainProgress& progress, const RunResult& result) override;
  void OnRecord(const Job& job, const RunRecord& record) override;
  void OnCell(const std::string& line) override { view_.OnCell(line); }
  void OnNote(const std::string& line) override { view_.OnNote(line); }
  void OnEnd() override { view_.OnEnd(); }

 private:
  void Write(const RunRecord& record);

  BatchWatcher& view_;
  const std::string folder_;
  std::mutex mutex_;
  std::map<std::string, size_t> epochs_;  // that a file has, by key
  bool noted_ = false;
};

}  // namespace grove
