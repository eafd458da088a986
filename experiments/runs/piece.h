// A piece of a study: what a run folder holds, in one compressed file that is kept beside the
// results, so that nothing is computed twice and anyone can audit the figures.
//
// Lines of JSON: those of the journal as they are (provenance and runs); after a run with the
// gradient probe
//   {"ratios": {"key": K, "rows": [[epoch, depth, n, above_1, q05, q25, median, q75, q95], ...]}}
// where null stands for an infinite ratio; and after a run that was observed
//   {"observations": {"key": K, "nodes": [[...], ...], "gates": [[...], ...]}}
// with the columns of its two files (report/observations.h) in their order, null for no number.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/observe.h"
#include "experiments/runs/ratios.h"
#include "experiments/runs/record.h"

namespace grove {

struct Piece {
  std::string name;  // of the file, without ".jsonl.gz"
  std::vector<nlohmann::json> provenance;
  std::vector<RunRecord> runs;
  std::map<std::string, std::vector<RatioSummary>> ratios;  // by key, without samples
  std::map<std::string, Observations> observations;         // by key
};

// Writes the run folder `directory` as the piece `path`: every run whose training ended. Quantiles,
// means and deviations keep five significant digits.
void ArchiveRuns(const std::string& directory, const std::string& path);

// Throws Error "path:line: ..." at the first line that is not of the form above.
Piece ReadPiece(const std::string& path);

// The pieces of a folder, by name. Throws Error if there are none.
std::vector<Piece> ReadPieces(const std::string& folder);

}  // namespace grove
