// Tables of labels and trees without labels, `( ( ( [MAX 2 ) 9 ) ] )`: brackets and words parted by
// blanks, a bracket for every inner node. Nodes with one child are left out, unless they are to be
// kept.
//
// ListOps (Nangia & Bowman 2018): `label \t tree`, a label from 0 to 9.
// Logical inference (Bowman et al. 2015): `relation \t tree \t tree`, pairs with relations as
// labels.
#pragma once

#include <memory>
#include <string_view>

#include "engine/files/tree_reader.h"

namespace grove {

std::unique_ptr<TreeReader> MakeListOpsReader(TreebankBuilder& builder,
                                              const TreebankOptions& options,
                                              const LineSource& source);
std::unique_ptr<TreeReader> MakeLogicReader(TreebankBuilder& builder,
                                            const TreebankOptions& options,
                                            const LineSource& source);

bool LooksLikeListOps(std::string_view sample);
bool LooksLikeLogic(std::string_view sample);

}  // namespace grove
