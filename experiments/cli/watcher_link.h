// A watcher in front of another one: hands everything on to it. Who wants some calls overrides
// these, and hands them on by calling WatcherLink's.
#pragma once

#include <string>

#include "experiments/runs/batch.h"

namespace grove {

class WatcherLink : public BatchWatcher {
 public:
  // `next` must live as long.
  explicit WatcherLink(BatchWatcher& next) : next_(next) {}

  void OnStart(const sched::ProgressMeter& meter, size_t to_do) override {
    next_.OnStart(meter, to_do);
  }
  void OnProgress(const Job& job, const TrainProgress& progress, const RunResult& result) override {
    next_.OnProgress(job, progress, result);
  }
  void OnRecord(const Job& job, const RunRecord& record) override { next_.OnRecord(job, record); }
  void OnCell(const std::string& line) override { next_.OnCell(line); }
  void OnNote(const std::string& line) override { next_.OnNote(line); }
  void OnEnd() override { next_.OnEnd(); }

 private:
  BatchWatcher& next_;
};

}  // namespace grove
