#include "experiments/runs/observations.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>
#include <type_traits>

#include "engine/nearest_name.h"
#include "experiments/runs/csv.h"

namespace grove {
namespace {

void AppendValue(const std::string& value, std::string& text) { text += value; }
template <typename T>
void AppendValue(T value, std::string& text) {
  char digits[32];
  text.append(digits, std::to_chars(digits, digits + sizeof(digits), value).ptr);
}

// Visits the fields of a group of either kind.
template <typename Group, typename Visitor>
void ForEachGroupField(Group& group, Visitor&& visit) {
  if constexpr (std::is_same_v<std::remove_const_t<Group>, NodeRatioGroup>) {
    ForEachRatioField(group, visit);
  } else {
    ForEachGateField(group, visit);
  }
}

template <typename Group>
std::string Header() {
  std::string header;
  const Group group;
  ForEachGroupField(group, [&](const char* name, const auto&) {
    if (!header.empty()) header += ',';
    header += name;
  });
  return header;
}

template <typename Group>
std::string Text(const std::vector<Group>& groups) {
  std::string text = Header<Group>() + '\n';
  for (const Group& group : groups) {
    ForEachGroupField(group, [&](const char*, const auto& value) {
      AppendValue(value, text);
      text += ',';
    });
    text.back() = '\n';
  }
  return text;
}

// Calls check(reader, group) for every group read.
template <typename Group, typename Check>
std::vector<Group> Read(const std::string& path, const Check& check) {
  CsvReader reader(path, Header<Group>());
  std::vector<Group> groups;
  while (reader.Next()) {
    Group& group = groups.emplace_back();
    ForEachGroupField(group, [&](const char*, auto& field) { reader.Take(field); });
    check(reader, group);
  }
  return groups;
}

void CheckName(const CsvReader& reader, const char* what, const std::string& name,
               const std::vector<std::string>& allowed) {
  if (std::find(allowed.begin(), allowed.end(), name) != allowed.end()) return;
  reader.Fail(std::string(what) + " '" + name + "': must be one of " + Join(allowed));
}

}  // namespace

std::string NodeRatiosText(const std::vector<NodeRatioGroup>& groups) { return Text(groups); }
std::string GatesText(const std::vector<GateGroup>& groups) { return Text(groups); }

std::vector<NodeRatioGroup> ReadNodeRatios(const std::string& path) {
  return Read<NodeRatioGroup>(path, [](const CsvReader& reader, const NodeRatioGroup& group) {
    CheckName(reader, "kind", group.kind, NodeKinds());
    if (group.epoch < 0 || group.depth < 1) {
      reader.Fail("epoch must be at least 0, depth at least 1");
    }
    if (group.n < 1 || group.above_1 > group.n) {
      reader.Fail("n must be at least 1, above_1 at most n");
    }
    const double quantiles[] = {0, group.q05, group.q25, group.median, group.q75, group.q95};
    const bool finite = std::all_of(std::begin(quantiles), std::end(quantiles),
                                    [](double q) { return std::isfinite(q); });
    if (!finite || !std::is_sorted(std::begin(quantiles), std::end(quantiles))) {
      reader.Fail("quantiles must be finite, at least 0 and ascend");
    }
    if (std::isinf(group.mean_log10)) reader.Fail("mean_log10 must be finite or nan");
  });
}

std::vector<GateGroup> ReadGates(const std::string& path) {
  return Read<GateGroup>(path, [](const CsvReader& reader, const GateGroup& group) {
    if (group.gate.empty()) reader.Fail("the gate has no name");
    CheckName(reader, "place", group.place, GatePlaces());
    if (group.epoch < 0 || group.depth < 0) reader.Fail("epoch and depth must be at least 0");
    if (group.n < 1) reader.Fail("n must be at least 1");
    // Written so that NaN is refused too.
    if (!(group.mean >= 0 && group.mean <= 1 && group.sd >= 0 && group.sd <= 0.5)) {
      reader.Fail("mean must be from 0 to 1, sd from 0 to 0.5");
    }
  });
}

}  // namespace grove
