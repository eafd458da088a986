// The paper's claims judged on the runs there are. The claims speak of five runs of a cell ("best
// of 5"). Where there are more seeds, they are read as 1,000 studies, each of which draws five runs
// of every cell and is judged as the paper would be: a claim holds if at least half of them uphold
// it. With five seeds or fewer there is one study, and it decides.
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "experiments/stats/claims.h"
#include "experiments/stats/paper_runs.h"
#include "experiments/stats/statistics.h"

namespace grove {

inline constexpr int kStudies = 1000;
inline constexpr uint32_t kStudyRuns = 5;

// Which datasets a claim is judged on.
enum class Cells {
  kAll,       // those of the claim
  kDeciding,  // of each range the one that decides (Deciding in claims.h)
};

enum class Verdict { kHolds, kDoesNotHold, kNoData };

// How many runs of a cell solve it.
struct SolvedRuns {
  CellName cell;
  int solved = 0;
  int n = 0;
};

struct Judgement {
  const ClaimSpec* claim = nullptr;
  bool available = false;
  std::string missing;             // what is not there, unless available
  std::string text;                // the figures it rests on, over all runs; empty unless available
  std::vector<SolvedRuns> solved;  // of a claim that counts them
  bool one_study = false;          // no cell has more than five runs
  double upheld = 0;               // share of the studies in which the claim holds; of one: 0 or 1
  // The condition that fails in most studies; the first without data, unless available.
  size_t decisive = 0;
  // Of that condition, NaN unless available: its median over the studies, and the 95 % bootstrap
  // interval over runs (statistics.h) of one five-run study's figure.
  double value = std::numeric_limits<double>::quiet_NaN();
  Interval interval{value, value};

  bool holds() const { return available && upheld >= 0.5; }
  Verdict verdict() const;
  const Condition& condition() const { return claim->conditions[decisive]; }
};

struct Judgements {
  std::vector<Judgement> claims;       // in the order of ClaimTable()
  std::vector<int> claims_of_a_study;  // how many claims each study upholds; those without data not

  int held() const;
  int judged() const;  // claims that have data
  int failing() const { return judged() - held(); }
  bool many_studies() const;  // whether some claim is judged on more runs than one study has
  double share() const;       // of the judged claims, those that hold; NaN if none is judged
  // Ids of the claims that do not hold ("E1.2 E3.7"), or that have no data.
  std::string Failing() const;
  std::string Unjudged() const;
};

// Equal runs give equal bits: the studies draw from streams of their own.
Judgements Judge(const PaperRuns& runs, Cells cells);

std::string ToString(Verdict verdict);  // "holds", "does not hold", "no data"

// "rlstm 24/25 14/25; rnn 0/25 0/25", by dataset; "" for none.
std::string ToText(const std::vector<SolvedRuns>& solved);

std::string HeldOf(const Judgements& judgements);  // "14 of 17"

// "16 of 17 claims hold, 1 does not", with those that have no data.
std::string VerdictLine(const Judgements& judgements);

}  // namespace grove
