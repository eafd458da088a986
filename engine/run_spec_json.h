// Specs as canonical JSON text: what keys are hashed from, and what checkpoints and manifests
// carry.
#pragma once

#include <string>
#include <string_view>

#include "engine/run_spec.h"

namespace grove {

// One line with every field (a RunSpec is resolved first), keys sorted, no spaces, doubles with the
// fewest digits that read back the same.
std::string CanonicalJson(const RunSpec& spec);
std::string CanonicalJson(const DatasetSpec& spec);
std::string CanonicalJson(const ReadingSpec& spec);

// The exact inverse: throws Error, starting with `where`, on anything that is not one object with
// exactly the fields of the table, each of the right type and in range.
RunSpec RunSpecFromJson(std::string_view text, const std::string& where);
DatasetSpec DatasetSpecFromJson(std::string_view text, const std::string& where);
ReadingSpec ReadingSpecFromJson(std::string_view text, const std::string& where);

// XXH3-64 of `text` as 16 hex digits.
std::string HashText(std::string_view text);

// Identifies a run: 16 hex digits from the resolved spec and what names its data, which is a
// dataset spec or, for data from files, any text that stands for their contents.
std::string RunKey(const RunSpec& run, const DatasetSpec& dataset);
std::string RunKey(const RunSpec& run, std::string_view dataset_identity);

}  // namespace grove
