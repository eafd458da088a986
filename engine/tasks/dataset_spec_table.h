// The one table of the settings of generated trees, of the same kind as that of a run
// (engine/run_spec_table.h).
#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

#include "engine/field_info.h"
#include "engine/run_spec.h"

namespace grove {

std::vector<std::string> TaskChoices();

// As for a RunSpec.
template <typename Spec, typename Visitor>
requires std::same_as<std::remove_const_t<Spec>, DatasetSpec>
void ForEachField(Spec& s, Visitor&& visitor) {
  const auto visit = InGroup("Trees", visitor);
  const auto f = [](const char* key, const char* help, double low, double high) {
    return FieldInfo{key, help, {}, low, high};
  };
  constexpr double kMaxSeed = static_cast<double>(std::numeric_limits<uint64_t>::max());
  visit(FieldInfo{"task", "what the trees ask for; keyword: the class of their one keyword",
                  TaskChoices()},
        s.task);
  visit(FieldInfo{"tree",
                  "shape of the trees: split at a random gap, any shape alike (catalan), merge of "
                  "random neighbours, a chain to the left or right, or balanced",
                  {"split", "catalan", "merge", "left", "right", "balanced"}}
            .Called("shape tree_shape"),
        s.tree);
  visit(f("min_length", "fewest words of a tree", 1, 1e6).Called("min_len min_words"),
        s.min_length);
  visit(f("max_length", "most words of a tree", 1, 1e6).Called("max_len max_words"), s.max_length);
  visit(
      f("min_keyword_depth", "fewest edges from the root to the keyword; larger is harder", 0, 1e6)
          .Called("min_depth"),
      s.min_keyword_depth);
  visit(f("max_keyword_depth", "most edges from the root to the keyword; -1: any", -1, 1e6)
            .Called("max_depth"),
        s.max_keyword_depth);
  visit(f("train", "number of training trees", 1, 1e7).Called("training train_size n_train"),
        s.train);
  visit(f("dev", "number of dev trees, which decide when to stop", 1, 1e7)
            .Called("valid validation val dev_size n_dev"),
        s.dev);
  visit(f("test", "number of test trees, which the best epoch is tested on", 1, 1e7)
            .Called("test_size n_test"),
        s.test);
  visit(f("seed", "picks the trees; each number is another dataset", 0, kMaxSeed)
            .Called("random_seed rng_seed"),
        s.seed);
}

}  // namespace grove
