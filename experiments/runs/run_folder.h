// The folder of a batch of runs:
//
//   journal.jsonl           what has ended (store.h); who trains here holds its lock
//   journal.I-of-N.jsonl    the same of a shard (plan/shards.h), a process of its own: no two write
//                           to one file, so that the folder may lie where locks and appends of
//                           several machines are not to be trusted
//   manifest.jsonl          what is to be run (manifest.h); manifest.I-of-N.jsonl of a shard
//   live.json               how far the running process is (live.h); live.I-of-N.json of a shard
//   state/KEY.safetensors   where a run goes on that was interrupted or died
//   models/KEY.safetensors  the model of a finished run, if models are kept
//   damaged/...             what was found damaged, and was computed again
//
// All of it may be missing at any time, as a crash leaves it: what is there is gone on with, and
// what is not is made again.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "experiments/plan/shards.h"

namespace grove {

class RunFolder {
 public:
  // Looks, and writes nothing. Throws Error if `directory` is no folder, or holds files but nothing
  // of a run folder: results do not belong among the files of something else. Hidden files, other
  // run folders and the names in `welcome` do not count.
  explicit RunFolder(std::string directory, const std::vector<std::string>& welcome = {},
                     Shard shard = {});

  // Makes what is missing of the folder. Throws Error if it cannot be written to.
  void Create() const;

  const std::string& directory() const { return directory_; }
  // Of this process.
  std::string JournalPath() const { return PathOf("journal", ".jsonl"); }
  std::string ManifestPath() const { return PathOf("manifest", ".jsonl"); }
  std::string LivePath() const { return PathOf("live", ".json"); }
  std::string StatePath(const std::string& key) const;
  std::string ModelPath(const std::string& key) const;

  // Also true where the system does not tell: then reading the state says why.
  bool HasState(const std::string& key) const;
  void RemoveState(const std::string& key) const;
  // Keys of the runs that have a state here.
  std::vector<std::string> States() const;

  // Moves a file of this folder to damaged/, beside what lies there already; returns its new path.
  std::string SetAside(const std::string& path) const;
  // Removes what writing left unfinished when a process died: of the states and models of these
  // keys, of this process's own files and of those that are welcome; and what its live.json says of
  // it. Nobody else may be training these runs.
  void RemoveUnfinished(const std::set<std::string>& keys) const;

 private:
  std::string PathOf(const char* name, const char* ending) const;

  std::string directory_;
  std::vector<std::string> welcome_;
  Shard shard_;
};

// The files of a run folder that are called so, of its own process and of its shards, by name.
std::vector<std::string> FilesOfRunFolder(const std::string& directory, const std::string& name,
                                          const std::string& ending);
inline std::vector<std::string> JournalsOfRunFolder(const std::string& directory) {
  return FilesOfRunFolder(directory, "journal", ".jsonl");
}

}  // namespace grove
