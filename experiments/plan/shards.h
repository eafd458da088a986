// Runs dealt to processes on several machines that know nothing of each other: every one makes the
// same plan and takes its own part.
#pragma once

#include <string>
#include <vector>

#include "experiments/plan/job.h"

namespace grove {

// Part `index` of `count`, from 0; {0, 1} is the whole.
struct Shard {
  int index = 0;
  int count = 1;

  bool IsWhole() const { return count == 1; }
  bool operator==(const Shard&) const = default;
};

inline constexpr int kMaxShards = 100'000;

// "3/8" is part 3 of 0..7. Throws Error that says what is allowed.
Shard ParseShard(const std::string& text);

// Which shard each run belongs to. The longest run goes first, to the shard that has least to do
// so far: by the static cost model alone, by nothing measured and nothing that is done already, so
// that all machines agree at any time. Runs of equal cost go by key, shards that have equally much
// by number.
std::vector<int> DealRuns(const std::vector<Job>& runs, int shards);

// The same of runs with these costs and keys.
std::vector<int> DealCosts(const std::vector<double>& seconds, const std::vector<std::string>& keys,
                           int shards);

// The runs of a shard, in their order.
std::vector<Job> RunsOf(std::vector<Job> runs, Shard shard);

// The name of a file of a process in a run folder: "journal.jsonl" of the one that has all runs,
// "journal.3-of-8.jsonl" of a shard.
std::string ShardedName(Shard shard, const std::string& name, const std::string& ending);
// Whether a file is called so.
bool IsShardedName(const std::string& file, const std::string& name, const std::string& ending);

}  // namespace grove
