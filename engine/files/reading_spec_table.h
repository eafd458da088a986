// The one table of the settings that say how files of trees are read, of the same kind as that of a
// run (engine/run_spec_table.h).
#pragma once

#include <concepts>
#include <string>
#include <type_traits>
#include <vector>

#include "engine/field_info.h"
#include "engine/run_spec.h"

namespace grove {

std::vector<std::string> FormatChoices();

// As for a RunSpec.
template <typename Spec, typename Visitor>
requires std::same_as<std::remove_const_t<Spec>, ReadingSpec>
void ForEachField(Spec& s, Visitor&& visitor) {
  const auto visit = InGroup("Data", visitor);
  const auto f = [](const char* key, const char* help) {
    return FieldInfo{.key = key, .help = help}.Later();
  };
  visit(FieldInfo{"format",
                  "how trees are written; auto: as the name of the file and its first line say",
                  FormatChoices()}
            .Later()
            .Called("file_format input_format from"),
        s.format);
  visit(f("label",
          "what is learnt of dependency trees: comment:KEY (of the sentence, from a line "
          "'# KEY = ...'), upos or deprel (of every word); empty: nothing")
            .Called("labels label_from class target_column"),
        s.label);
  visit(f("keep_unary",
          "keep nodes with one child, for cells that take them; else the upper node's label stays")
            .Called("unary keep_unaries"),
        s.keep_unary);
  visit(f("strip_functions", "read labels without function tags and indices: NP-SBJ-1 as NP")
            .Called("strip_tags functions function_tags"),
        s.strip_functions);
  visit(f("strip_traces", "leave out traces, which are leaves labelled -NONE-")
            .Called("traces strip_none empty_elements"),
        s.strip_traces);
  visit(f("lower_case", "read words in lower case").Called("lower lowercase lower_casing uncased"),
        s.lower_case);
  visit(FieldInfo{.key = "min_count",
                  .help = "words that the training file has less often are unknown words",
                  .low = 1,
                  .high = 1e6}
            .Later()
            .Called("min_freq min_frequency min_word_count cutoff minimum_count"),
        s.min_count);
}

}  // namespace grove
