// The paper's claims judged on any number of seeds. The claims speak of five runs ("best of 5"), so
// more seeds are read as many five-run studies: each draws five of the runs of every cell, and is
// judged as the paper would be.
#pragma once

#include <string>
#include <vector>

#include "experiments/stats/claims.h"
#include "experiments/stats/report_data.h"

namespace grove {

inline constexpr int kStudies = 1000;
inline constexpr uint32_t kStudyRuns = 5;

// Which datasets a claim is judged on.
enum class Cells {
  kAll,       // those of the claim
  kDeciding,  // of each range the one that decides: the last, where a figure must be high, the
              // first where it must be low or two models must differ little
};

struct Judgement {
  const ClaimSpec* claim = nullptr;
  bool available = false;
  std::string missing;  // what is not there, unless available
  double upheld = 0;    // share of the studies in which the claim holds; with five seeds 0 or 1
  // Of the decisive condition (the one that fails most often): its median over the studies, and
  // the 95 % bootstrap interval over runs (statistics.h) of a study's figure.
  size_t decisive = 0;
  double value = 0;
  Interval interval{0, 0};

  bool holds() const { return available && upheld >= 0.5; }
  const Condition& condition() const { return claim->conditions[decisive]; }
};

struct Judgements {
  std::vector<Judgement> claims;       // in the order of ClaimTable()
  std::vector<int> claims_of_a_study;  // how many claims each study upholds; those without data not

  int held() const;
  int judged() const;  // claims that have data
  int failing() const { return judged() - held(); }
  // Ids of the claims that do not hold ("E1.2 E3.7"), or that have no data.
  std::string Failing() const;
  std::string Unjudged() const;
};

// The condition restricted to the datasets that decide it.
Condition Deciding(Condition condition);

Judgements Judge(const ReportData& data, Cells cells);

}  // namespace grove
