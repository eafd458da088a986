#include "experiments/plan/run_filter.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <utility>

#include "engine/error.h"
#include "engine/nearest_name.h"

namespace grove {
namespace {

using Json = nlohmann::json;

constexpr size_t kMaxNames = 40;  // values that an error lists

template <typename Number>
std::optional<Number> ParseNumber(std::string_view text) {
  Number number{};
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end || text.empty()) return std::nullopt;
  return number;
}

// "1-3", "-2--1": the two integers; nothing if it is no range.
std::optional<std::pair<int64_t, int64_t>> ParseRange(std::string_view text) {
  const size_t dash = text.find('-', 1);
  if (dash == std::string_view::npos) return std::nullopt;
  const auto first = ParseNumber<int64_t>(text.substr(0, dash));
  const auto last = ParseNumber<int64_t>(text.substr(dash + 1));
  if (!first || !last) return std::nullopt;
  return std::pair(*first, *last);
}

// True if `text` (a name, a number, or a range of integers) stands for `value`. Numbers are
// compared as such, however they are written: 0.0 is 0, 1e-4 is 0.0001.
bool Matches(const std::string& text, const Json& value) {
  if (value.is_string()) return text == value.get<std::string>();
  if (value.is_boolean()) return text == value.dump();
  if (!value.is_number()) return false;
  // Not by way of double: seeds may have 64 bits.
  if (const auto number = ParseNumber<uint64_t>(text)) return value == Json(*number);
  if (const auto number = ParseNumber<double>(text)) return value == Json(*number);
  const auto range = ParseRange(text);
  return range && value.is_number_integer() && value >= Json(range->first) &&
         value <= Json(range->second);
}

struct Term {
  std::string axis;
  std::vector<std::string> values;

  bool Holds(const RunIdentity& run) const {
    const Json value = run.ValueOn(axis);
    return std::any_of(values.begin(), values.end(),
                       [&](const std::string& text) { return Matches(text, value); });
  }
};

std::vector<std::string> Split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const size_t end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

using Runs = std::vector<const RunIdentity*>;

std::vector<std::string> AxesOf(const Runs& runs) {
  std::vector<std::string> axes = {"experiment", "dataset", "model", "seed", "key"};
  for (const RunIdentity* run : runs) {
    for (const auto& [name, value] : run->axes.items()) {
      if (std::find(axes.begin(), axes.end(), name) == axes.end()) axes.push_back(name);
    }
  }
  return axes;
}

// The values the runs have on an axis, each once, in order of appearance.
std::vector<Json> ValuesOn(const Runs& runs, const std::string& axis) {
  std::vector<Json> values;
  std::set<Json> seen;
  for (const RunIdentity* run : runs) {
    Json value = run->ValueOn(axis);
    if (!value.is_null() && seen.insert(value).second) values.push_back(std::move(value));
  }
  return values;
}

void CheckValues(const Term& term, const Runs& runs) {
  const std::vector<Json> existing = ValuesOn(runs, term.axis);
  for (const std::string& text : term.values) {
    const bool found = std::any_of(existing.begin(), existing.end(),
                                   [&](const Json& value) { return Matches(text, value); });
    if (found) continue;
    std::vector<std::string> names;
    for (const Json& value : existing) {
      if (names.size() == kMaxNames) break;
      names.push_back(PlainText(value));
    }
    throw Error("no " + term.axis + " is '" + text + "'; there are " + Join(names) +
                (existing.size() > kMaxNames
                     ? " and " + std::to_string(existing.size() - kMaxNames) + " more"
                     : ""));
  }
}

std::vector<Term> ParseClause(const std::string& clause, const Runs& runs) {
  const std::vector<std::string> axes = AxesOf(runs);
  std::vector<Term> terms;
  for (const std::string& part : Split(clause, ',')) {
    const size_t equals = part.find('=');
    if (equals == std::string::npos) throw Error("'" + part + "' must be AXIS=VALUE");
    const Term term{part.substr(0, equals), Split(part.substr(equals + 1), '|')};
    if (std::find(axes.begin(), axes.end(), term.axis) == axes.end()) {
      throw Error("unknown axis '" + term.axis + "'" + DidYouMean(term.axis, axes));
    }
    CheckValues(term, runs);
    terms.push_back(term);
  }
  return terms;
}

}  // namespace

std::vector<size_t> SelectPositions(const std::vector<const RunIdentity*>& runs,
                                    const std::vector<std::string>& clauses,
                                    const std::string& option) {
  std::vector<char> selected(runs.size(), clauses.empty() ? 1 : 0);
  for (const std::string& clause : clauses) {
    try {
      const std::vector<Term> terms = ParseClause(clause, runs);
      bool any = false;
      for (size_t i = 0; i < runs.size(); ++i) {
        const bool holds = std::all_of(terms.begin(), terms.end(),
                                       [&](const Term& term) { return term.Holds(*runs[i]); });
        if (holds) selected[i] = 1;
        any = any || holds;
      }
      if (!any) throw Error("no run has all of this");
    } catch (const Error& error) {
      throw Error(option + " '" + clause + "': " + error.what());
    }
  }
  std::vector<size_t> positions;
  for (size_t i = 0; i < runs.size(); ++i) {
    if (selected[i]) positions.push_back(i);
  }
  return positions;
}

std::vector<Job> SelectRuns(std::vector<Job> runs, const std::vector<std::string>& clauses,
                            const std::string& option) {
  if (clauses.empty()) return runs;
  std::vector<const RunIdentity*> all;
  for (const Job& run : runs) all.push_back(&run);
  std::vector<Job> result;
  for (const size_t i : SelectPositions(all, clauses, option)) {
    result.push_back(std::move(runs[i]));
  }
  return result;
}

}  // namespace grove
