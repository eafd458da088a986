// How far the process is that trains in a run folder, for whoever looks at the folder: written
// every two seconds while it runs, and removed at its end. One that dies leaves the last of them.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "sched/progress.h"

namespace grove {

struct Live {
  std::string host;
  int64_t pid = 0;
  double time = 0;   // seconds since 1970, when this was written
  size_t ended = 0;  // runs that this process has brought to an end
  sched::ProgressSnapshot progress;
};

class LiveFile {
 public:
  // `meter` must outlive this. The file comes after two seconds: what is shorter needs none. Where
  // it cannot be written there is none; nothing else depends on it.
  LiveFile(std::string path, const sched::ProgressMeter& meter);
  ~LiveFile();
  LiveFile(const LiveFile&) = delete;
  LiveFile& operator=(const LiveFile&) = delete;

 private:
  void Loop();
  std::string Text() const;

  const std::string path_;
  const sched::ProgressMeter& meter_;
  const size_t ended_before_;  // runs, when the process began
  std::mutex mutex_;
  std::condition_variable wake_;
  bool ending_ = false;
  std::thread thread_;
};

// Of each process that has one in the folder; what cannot be read is left out: it may just have
// been removed.
std::vector<Live> ReadLive(const std::string& directory);

// Seconds since 1970.
double WallTime();

}  // namespace grove
