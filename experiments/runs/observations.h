// The files of a run's observations (engine/observe.h), one line a group:
//
//   DIR/observations/KEY.nodes.csv   epoch,kind,depth,n,above_1,q05,q25,median,q75,q95,mean_log10
//   DIR/observations/KEY.gates.csv   epoch,gate,place,depth,n,mean,sd
//
// A model without gates has a header alone in the second.
#pragma once

#include <string>
#include <vector>

#include "engine/observe.h"

namespace grove {

// The contents of the files. Numbers have the fewest digits that read back the same; a mean_log10
// of no ratios is "nan".
std::string NodeRatiosText(const std::vector<NodeRatioGroup>& groups);
std::string GatesText(const std::vector<GateGroup>& groups);

// Read a file; throw Error with file and line at the first bad one.
std::vector<NodeRatioGroup> ReadNodeRatios(const std::string& path);
std::vector<GateGroup> ReadGates(const std::string& path);

}  // namespace grove
