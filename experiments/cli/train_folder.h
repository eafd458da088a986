// The folder of `grove train --out DIR`: a run folder with the model and the record of its one run.
#pragma once

#include <string>

#include "experiments/plan/job.h"
#include "experiments/runs/run_folder.h"

namespace grove {

class TrainFolder {
 public:
  explicit TrainFolder(const std::string& out);

  const std::string& path() const { return runs_.directory(); }
  const RunFolder& runs() const { return runs_; }
  const std::string& model() const { return model_; }
  const std::string& record() const { return record_; }
  bool HasModelAndRecord() const;

  // Throws Error if the folder holds what only --force may replace.
  void Check(const Job& job) const;

  // Removes what the run has replaced.
  void RemoveOthers(const Job& job) const;

 private:
  bool RecordIsOfAFailure() const;
  bool HoldsUnfinishedRun(const Job& job) const;

  RunFolder runs_;
  std::string model_, record_;
};

}  // namespace grove
