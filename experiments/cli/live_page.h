// The report of runs while they go on.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "experiments/cli/watcher_link.h"
#include "experiments/report/report.h"

namespace grove {

// Writes the report of the run folder `out` every few seconds, with the runs that are being trained
// and the epochs that they have, from a thread of its own: every five seconds, or less often so
// that it takes a tenth of a core at most. A report that cannot be written is a note, once: runs
// matter more. At the end the page is left as of runs that have stopped.
class LivePage : public WatcherLink {
 public:
  LivePage(BatchWatcher& next, std::string out,
           std::chrono::milliseconds interval = std::chrono::seconds(5))
      : WatcherLink(next), out_(std::move(out)), interval_(interval) {}
  ~LivePage() override { Stop(); }

  // No further page is written, at the end neither: the report of all runs takes its place.
  void Stop();

  void OnStart(const sched::ProgressMeter& meter, size_t to_do) override;
  void OnProgress(const Job& job, const TrainProgress& progress, const RunResult& result) override;
  void OnRecord(const Job& job, const RunRecord& record) override;
  void OnEnd() override;

 private:
  void Loop();
  void Write(bool going_on);
  UnfinishedRuns Unfinished(bool going_on);

  const std::string out_;
  const std::chrono::milliseconds interval_;  // at least, between two pages
  const sched::ProgressMeter* meter_ = nullptr;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool ending_ = false, noted_ = false;
  std::map<std::string, RunRecord> running_;  // by key
  std::thread thread_;
};

}  // namespace grove
