// Random points of a sweep. Every operation is one that IEEE 754 rounds correctly, and no two of
// them can be contracted into one, so that the points are the same on every machine.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <set>

#include "engine/random.h"
#include "experiments/plan/spec_file.h"

namespace grove {
namespace {

using Settings = std::vector<Setting>;

constexpr int64_t kMaxPoints = 10000;

const std::vector<std::string> kRanges = {"uniform", "log_uniform", "integer"};

// What a setting is drawn from: choices, or a range.
struct Source {
  std::vector<Settings> choices;
  std::string range;  // one of kRanges; empty: choices
  Setting setting;    // of a range; what it says is drawn
  double low = 0, high = 0;
};

// Three significant digits: short labels.
double Rounded(double value) {
  char digits[32];
  const auto end =
      std::to_chars(digits, digits + sizeof(digits), value, std::chars_format::general, 3).ptr;
  std::from_chars(digits, end, value);
  return value;
}

// low * (high / low)^share, by the binary digits of `share`: a power from the mathematics library
// would differ between libraries.
double LogUniform(double low, double high, double share) {
  double value = low;
  double power = high / low;
  while (share > 0) {
    power = std::sqrt(power);
    share *= 2;
    if (share >= 1) {
      value *= power;
      share -= 1;
    }
  }
  return value;
}

Settings Draw(const Source& source, RandomStream& stream) {
  if (source.range.empty()) {
    return source.choices[stream.NextBelow(static_cast<uint32_t>(source.choices.size()))];
  }
  Setting setting = source.setting;
  if (source.range == "integer") {  // no field takes more than 32 bits can count
    const auto count = static_cast<uint32_t>(source.high - source.low + 1);
    setting.value =
        static_cast<int64_t>(source.low) + static_cast<int64_t>(stream.NextBelow(count));
  } else {
    const double share = stream.NextUniform();
    const double value = source.range == "uniform"
                             ? std::fma(source.high - source.low, share, source.low)
                             : LogUniform(source.low, source.high, share);
    setting.value = std::clamp(Rounded(value), source.low, source.high);
  }
  setting.shown = ShownValue(setting.value);
  return {setting};
}

class RandomReader {
 public:
  RandomReader(const SpecFile& file, const toml::table& table) : file_(file), table_(table) {}

  std::vector<Settings> Read() {
    for (const auto& [key, node] : InFileOrder(table_)) {
      const std::string name(key->str());
      if (name == "points") {
        points_ = ReadCount(*node);
      } else if (name == "seed") {
        seed_ = std::get<uint64_t>(file_.Field<RunSpec>(*node, name));
      } else {
        order_.push_back(name);
        sources_[name] = node->is_array() ? ReadChoices(name, *node) : ReadRange(name, *node);
      }
    }
    if (points_ == 0) file_.Refuse(table_, "[random]: key 'points' is missing");
    if (sources_.empty()) file_.Refuse(table_, "[random]: must have at least one setting");
    return DrawAll();
  }

 private:
  int64_t ReadCount(const toml::node& node) const {
    const auto* points = node.as_integer();
    if (points == nullptr || points->get() < 1 || points->get() > kMaxPoints) {
      file_.Refuse(node, "points: must be an integer from 1 to " + std::to_string(kMaxPoints));
    }
    return points->get();
  }

  Source ReadChoices(const std::string& name, const toml::node& node) const {
    Source source;
    for (const toml::node& entry : file_.Array(node, name)) {
      source.choices.push_back(file_.ReadByModel(name, entry));
    }
    return source;
  }

  Source ReadRange(const std::string& name, const toml::node& node) const {
    if (!node.is_table() || node.as_table()->size() != 1) {
      file_.Refuse(node, name +
                             ": must be a list of choices, {uniform = [a, b]}, {log_uniform = [a, "
                             "b]} or {integer = [a, b]}");
    }
    const auto [range, ends] = InFileOrder(*node.as_table()).front();
    Source source;
    source.range = range->str();
    if (!Contains(kRanges, source.range)) file_.Unknown(*range, kRanges);
    ReadEnds(name, *ends, source);
    return source;
  }

  void ReadEnds(const std::string& name, const toml::node& node, Source& source) const {
    const std::string what = name + ": " + source.range;
    const bool is_integer = source.range == "integer";
    const toml::array* ends = node.as_array();
    if (ends == nullptr || ends->size() != 2 || !ends->get(0)->is_number() ||
        !ends->get(1)->is_number() || (is_integer && !ends->is_homogeneous<int64_t>())) {
      file_.Refuse(node, what + ": must be two " + (is_integer ? "integers" : "numbers"));
    }
    source.low = *ends->get(0)->value<double>();
    source.high = *ends->get(1)->value<double>();
    for (const toml::node& end : *ends) source.setting = file_.ReadByModel(name, end)[0];
    // Draws between 1 and 9 are no whole numbers, even where the ends are.
    if (!is_integer && !std::holds_alternative<double>(source.setting.value)) {
      file_.Refuse(node, what + ": this setting takes integers; draw them by integer = [a, b]");
    }
    if (!(source.low < source.high)) {
      file_.Refuse(node, what + ": the first must be less than the second");
    }
    if (source.range == "log_uniform" && source.low <= 0) {
      file_.Refuse(node, what + ": must be more than 0");
    }
  }

  // A draw is a stream of its own, and takes the settings by name: neither the number of points nor
  // the order of lines changes it.
  std::vector<Settings> DrawAll() const {
    std::vector<Settings> points;
    std::set<std::string> seen;
    const int64_t patience = 1000 + 100 * points_;  // a point that exists is missed once in e^100
    int64_t misses = 0;
    for (uint32_t draw = 0; static_cast<int64_t>(points.size()) < points_; ++draw) {
      RandomStream stream(seed_, Purpose::kSweep, draw);
      std::map<std::string, Settings> drawn;
      for (const auto& [name, source] : sources_) drawn[name] = Draw(source, stream);
      Settings point;
      for (const std::string& name : order_) {
        point.insert(point.end(), drawn[name].begin(), drawn[name].end());
      }
      misses = seen.insert(Identity(point)).second ? 0 : misses + 1;
      if (misses == 0) points.push_back(std::move(point));
      if (misses < patience) continue;
      file_.Refuse(*table_.get("points"), "points = " + std::to_string(points_) +
                                              ": there are only " + std::to_string(points.size()) +
                                              " different points");
    }
    return points;
  }

  const SpecFile& file_;
  const toml::table& table_;
  int64_t points_ = 0;
  uint64_t seed_ = 1;
  std::vector<std::string> order_;  // of the file, for labels
  std::map<std::string, Source> sources_;
};

}  // namespace

std::vector<Settings> DrawPoints(const SpecFile& file, const toml::table& random) {
  return RandomReader(file, random).Read();
}

}  // namespace grove
