// The folder of a batch of runs:
//
//   journal.jsonl           what has ended (store.h); who trains here holds its lock
//   state/KEY.safetensors   where an interrupted run goes on, with
//   state/KEY.json          {"seconds": ...} it has taken so far
//   models/KEY.safetensors  the model of a finished run, if models are kept
//
// All of it may be missing at any time, as a crash leaves it: what is there is gone on with, and
// what is not is made again.
#pragma once

#include <string>
#include <vector>

namespace grove {

class RunFolder {
 public:
  // Looks, and writes nothing. Throws Error if `directory` is no folder, or holds files but nothing
  // of a run folder: results do not belong among the files of something else. Hidden files, other
  // run folders and the names in `welcome` do not count.
  explicit RunFolder(std::string directory, const std::vector<std::string>& welcome = {});

  // Makes what is missing of the folder. Throws Error if it cannot be written to.
  void Create() const;

  const std::string& directory() const { return directory_; }
  std::string JournalPath() const { return directory_ + "/journal.jsonl"; }
  std::string StatePath(const std::string& key) const;
  std::string ModelPath(const std::string& key) const;

  // Seconds an interrupted run has taken, and that it has been interrupted.
  void WriteSeconds(const std::string& key, double seconds) const;
  double ReadSeconds(const std::string& key) const;  // 0 if nothing is known
  // Also true where the system does not tell: then reading the state says why.
  bool HasState(const std::string& key) const;
  void RemoveState(const std::string& key) const;
  // Keys of the runs that have a state here.
  std::vector<std::string> States() const;

 private:
  std::string directory_;
};

}  // namespace grove
