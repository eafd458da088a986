// The readings of the paper - what it might have meant by what it left unsaid - and how each fares.
#pragma once

#include <string>
#include <vector>

#include "experiments/plan/sweep.h"
#include "experiments/stats/judge.h"
#include "experiments/stats/pool.h"

namespace grove {

struct Reading {
  std::string factor;     // title of the sweep that has it; "" for the default
  std::string label;      // all its settings: "l2_words = false, l2 = 1e-05"; "default"
  SweepPoint point;       // its settings
  Judgements judgements;  // on the seeds by which a reading is chosen; none if runs are missing
  int runs = 0;           // of the deciding cells that are there
  int needed = 0;         // of `needed`
  Judgements confirmed;   // the same on the reported seeds, where nothing was chosen
};

// Seeds as the study uses them: one set to choose a reading by, others to report and to confirm.
inline constexpr char kChoosingSeeds[] = "101-105";
inline constexpr char kReportedSeeds[] = "1-5";
inline constexpr char kConfirmingSeeds[] = "6-25";
inline constexpr char kAllSeeds[] = "1-25";

// The sweeps of `folder`: default.toml, whose experiments all others vary, first. Random sweeps are
// no readings. Throws Error as ReadSweep does.
struct Readings {
  std::vector<Experiment> experiments;  // of default.toml
  std::vector<std::vector<std::string>> only;
  std::vector<Reading> all;  // the default first
};
Readings ReadReadings(const std::string& folder);

// Every run of the experiments under a reading, with these seeds.
std::vector<Job> PlanReading(const std::vector<Experiment>& experiments, const SweepPoint& point,
                             const std::string& seeds);

// Judges each reading on the deciding cells, with kChoosingSeeds and with kReportedSeeds. A reading
// that lacks a run of those cells is not judged: best of three and best of five are not the same
// claim.
void JudgeReadings(const Pool& pool, Readings& readings);

// The readings that no other beats: of those judged, the ones with the fewest claims that fail. One
// that lacks data for a claim may stand among them, since that claim does not count against it. The
// default stands first if it is one.
std::vector<const Reading*> Best(const Readings& readings);

}  // namespace grove
