// The points of a sweep. What draws random ones are operations that IEEE 754 rounds correctly, and
// no two of them can be contracted into one, so that the points are the same on every machine.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>
#include <map>
#include <set>

#include "engine/random.h"
#include "experiments/plan/spec_file.h"

namespace grove {
namespace {

using Settings = std::vector<Setting>;
using Drawer = std::function<Settings(RandomStream&)>;

constexpr int64_t kMaxPoints = 10000;

const std::vector<std::string> kRanges = {"uniform", "log_uniform", "integer"};

void Append(const Settings& more, Settings& settings) {
  settings.insert(settings.end(), more.begin(), more.end());
}

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

FieldValue DrawBetween(double low, double high, const std::string& range, RandomStream& stream) {
  if (range == "integer") {  // no field takes more than 32 bits can count
    const auto count = static_cast<uint32_t>(high - low + 1);
    return static_cast<int64_t>(low) + static_cast<int64_t>(stream.NextBelow(count));
  }
  const double share = stream.NextUniform();
  const double value =
      range == "uniform" ? std::fma(high - low, share, low) : LogUniform(low, high, share);
  return std::clamp(Rounded(value), low, high);
}

class PointReader {
 public:
  PointReader(const SpecFile& file, const Settings& common) : file_(file), common_(common) {}

  std::vector<Point> Read(const toml::table& table) {
    const toml::node* points = nullptr;
    for (const char* key : {"grid", "list", "random"}) {
      const toml::node* node = table.get(key);
      if (node == nullptr) continue;
      if (points != nullptr) {
        file_.Refuse(*node, "a sweep has one of [grid], [[list]] and [random]");
      }
      points = node;
    }
    if (points == nullptr) Add({}, table);
    if (const toml::node* node = table.get("grid")) ReadGrid(*node);
    if (const toml::node* node = table.get("list")) ReadList(*node);
    if (const toml::node* node = table.get("random")) {
      ReadRandom(file_.Table(*node, "[random]"));
    }
    CheckDistinct(points_, "");
    return std::move(points_);
  }

 private:
  void Add(const Settings& own, const toml::node& node) {
    points_.push_back({own, file_.Place(node.source()), Label(own.empty() ? common_ : own)});
  }

  // Settings of every point must not be varied as well.
  void CheckVaried(const toml::key& key) const {
    for (const Setting& setting : common_) {
      if (setting.key != key.str()) continue;
      file_.Refuse(key, setting.key + " is given in " +
                            (setting.part == Part::kRun ? "[run]" : "[dataset]") + " already");
    }
    file_.CheckVariedKey(key);
  }

  // What a list of a setting's values says, a value by model included.
  std::vector<Settings> ReadChoices(const std::string& name, const toml::node& list) const {
    std::vector<Settings> choices;
    for (const toml::node& entry : file_.Array(list, name)) {
      choices.push_back(file_.ReadByModel(name, entry));
    }
    return choices;
  }

  void ReadGrid(const toml::node& node) {
    std::vector<Settings> product = {{}};
    const toml::table& grid = file_.Table(node, "[grid]");
    if (grid.empty()) file_.Refuse(node, "[grid]: must have at least one setting");
    for (const auto& [key, list] : InFileOrder(grid)) {
      CheckVaried(*key);
      const std::vector<Settings> values = ReadChoices(std::string(key->str()), *list);
      if (product.size() * values.size() > kMaxPoints) {
        file_.Refuse(node, "[grid]: more than " + std::to_string(kMaxPoints) + " points");
      }
      std::vector<Settings> longer;
      for (const Settings& start : product) {
        for (const Settings& value : values) Append(value, longer.emplace_back(start));
      }
      product = std::move(longer);
    }
    for (const Settings& settings : product) Add(settings, node);
  }

  void ReadList(const toml::node& node) {
    for (const toml::node& entry : file_.Array(node, "list")) {
      Settings settings;
      for (const auto& [key, value] : InFileOrder(file_.Table(entry, "[[list]]"))) {
        CheckVaried(*key);
        Append(file_.ReadByModel(std::string(key->str()), *value), settings);
      }
      Add(settings, entry);
    }
  }

  void ReadRandom(const toml::table& random) {
    int64_t points = 0;
    uint64_t seed = 1;
    std::vector<std::pair<std::string, Drawer>> settings;
    for (const auto& [key, node] : InFileOrder(random)) {
      const std::string name(key->str());
      if (name == "points") {
        points = file_.Integer(*node, name, 1, kMaxPoints);
      } else if (name == "seed") {
        seed = std::get<uint64_t>(file_.Field<RunSpec>(*node, name));
      } else {
        CheckVaried(*key);
        settings.emplace_back(name, ReadDrawer(name, *node));
      }
    }
    if (points == 0) file_.Refuse(random, "[random]: key 'points' is missing");
    if (settings.empty()) file_.Refuse(random, "[random]: must have at least one setting");
    DrawAll(random, points, seed, settings);
  }

  Drawer ReadDrawer(const std::string& name, const toml::node& node) const {
    if (node.is_array()) {
      return [choices = ReadChoices(name, node)](RandomStream& stream) {
        return choices[stream.NextBelow(static_cast<uint32_t>(choices.size()))];
      };
    }
    if (!node.is_table() || node.as_table()->size() != 1) {
      file_.Refuse(node, name +
                             ": must be a list of choices, {uniform = [a, b]}, {log_uniform = [a, "
                             "b]} or {integer = [a, b]}");
    }
    const auto [range, ends] = InFileOrder(*node.as_table()).front();
    if (!Contains(kRanges, std::string(range->str()))) file_.Unknown(*range, kRanges);
    return ReadRange(name, std::string(range->str()), *ends);
  }

  Drawer ReadRange(const std::string& name, const std::string& range,
                   const toml::node& node) const {
    const std::string what = name + ": " + range;
    const bool is_integer = range == "integer";
    const toml::array* ends = node.as_array();
    if (ends == nullptr || ends->size() != 2 || !ends->get(0)->is_number() ||
        !ends->get(1)->is_number() || (is_integer && !ends->is_homogeneous<int64_t>())) {
      file_.Refuse(node, what + ": must be two " + (is_integer ? "integers" : "numbers"));
    }
    const double low = *ends->get(0)->value<double>(), high = *ends->get(1)->value<double>();
    Setting setting;
    for (const toml::node& end : *ends) setting = file_.ReadByModel(name, end)[0];
    // Draws between 1 and 9 are no whole numbers, even where the ends are.
    if (!is_integer && !std::holds_alternative<double>(setting.value)) {
      file_.Refuse(node, what + ": this setting takes integers; draw them by integer = [a, b]");
    }
    if (!(low < high)) file_.Refuse(node, what + ": the first must be less than the second");
    if (range == "log_uniform" && low <= 0) file_.Refuse(node, what + ": must be more than 0");
    return [=](RandomStream& stream) {
      Setting drawn = setting;
      drawn.value = DrawBetween(low, high, range, stream);
      drawn.shown = ShownValue(drawn.value);
      return Settings{drawn};
    };
  }

  // Distinct points. A draw is a stream of its own, and takes the settings by name: neither the
  // number of points nor the order of lines changes it.
  void DrawAll(const toml::table& random, int64_t points, uint64_t seed,
               const std::vector<std::pair<std::string, Drawer>>& settings) {
    const std::map<std::string, Drawer> by_name(settings.begin(), settings.end());
    std::set<std::string> seen;
    const int64_t patience = 1000 + 100 * points;  // a point that exists is missed once in e^100
    int64_t misses = 0;
    for (uint32_t draw = 0; static_cast<int64_t>(seen.size()) < points; ++draw) {
      RandomStream stream(seed, Purpose::kSweep, draw);
      std::map<std::string, Settings> drawn;
      for (const auto& [name, drawer] : by_name) drawn[name] = drawer(stream);
      Settings point;  // in the order of the file, for labels
      for (const auto& [name, drawer] : settings) Append(drawn[name], point);
      misses = seen.insert(Identity(point)).second ? 0 : misses + 1;
      if (misses == 0) Add(point, random);
      if (misses < patience) continue;
      file_.Refuse(*random.get("points"), "points = " + std::to_string(points) +
                                              ": there are only " + std::to_string(seen.size()) +
                                              " different points");
    }
  }

  const SpecFile& file_;
  const Settings& common_;  // of every point
  std::vector<Point> points_;
};

}  // namespace

std::vector<Point> ReadPoints(const SpecFile& file, const toml::table& table,
                              const std::vector<Setting>& common) {
  return PointReader(file, common).Read(table);
}

}  // namespace grove
