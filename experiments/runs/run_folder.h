// The folder of a batch of runs:
//
//   manifest.json           which experiments it holds, without their seeds
//   journal.jsonl           one line a finished run (record.h)
//   state/KEY.safetensors   where an interrupted run goes on, with
//   state/KEY.json          {"seconds": ...} it has taken so far
#pragma once

#include <string>
#include <vector>

#include "experiments/plan/experiment.h"

namespace grove {

class RunFolder {
 public:
  // `runs`: all runs of the experiments, whatever is chosen of them now. Writes nothing. Throws
  // Error if the folder holds other experiments, other settings under the same name, or anything
  // without a manifest. More seeds and other choices of runs are welcome.
  RunFolder(std::string directory, const std::vector<Job>& runs);

  // Makes the folder and its manifest, if they are not there.
  void Create() const;

  const std::string& directory() const { return directory_; }
  std::string JournalPath() const;
  std::string StatePath(const std::string& key) const;

  // Seconds an interrupted run has taken, and that it has been interrupted.
  void WriteSeconds(const std::string& key, double seconds) const;
  double ReadSeconds(const std::string& key) const;  // 0 if nothing is known
  bool HasState(const std::string& key) const;
  void RemoveState(const std::string& key) const;

 private:
  std::string directory_;
  std::string manifest_;  // what manifest.json holds, or will
  bool exists_ = false;
};

}  // namespace grove
