// The points of a sweep file. The random ones are drawn in sweep_random.cc.
#include <set>

#include "experiments/plan/sweep_settings.h"

namespace grove {
namespace {

using Settings = std::vector<Setting>;

constexpr size_t kMaxPoints = 10000;

class PointReader {
 public:
  PointReader(const TomlReader& file, const toml::table& table) : file_(file), table_(table) {}

  std::vector<SweepPoint> Read() {
    ReadCommon("run", Fields::kRun);
    ReadCommon("dataset", Fields::kData);
    const toml::node* first = nullptr;
    for (const char* key : {"grid", "list", "random"}) {
      const toml::node* node = table_.get(key);
      if (node == nullptr) continue;
      if (first != nullptr) {
        file_.Refuse(*node, "a sweep has one of [grid], [[list]] and [random]");
      }
      first = node;
    }
    if (first == nullptr) Add({}, file_.Place(table_.source()));
    if (const toml::node* node = table_.get("grid")) ReadGrid(*node);
    if (const toml::node* node = table_.get("list")) ReadList(*node);
    if (const toml::node* node = table_.get("random")) ReadRandom(*node);
    return points_;
  }

 private:
  void ReadCommon(const std::string& key, Fields fields) {
    const toml::node* node = table_.get(key);
    if (node == nullptr) return;
    for (const auto& [name, value] : InFileOrder(file_.Table(*node, "[" + key + "]"))) {
      Append(ReadSetting(file_, *name, *value, fields), common_);
    }
  }

  // Settings of every point must not be varied as well.
  Settings ReadVaried(const toml::key& key, const toml::node& node) const {
    for (const Setting& setting : common_) {
      if (setting.key != key.str()) continue;
      throw Error(file_.Place(key.source()) + ": " + setting.key + " is given in " +
                  (setting.of_run ? "[run]" : "[dataset]") + " already");
    }
    return ReadSetting(file_, key, node, Fields::kBoth);
  }

  static void Append(const Settings& more, Settings& settings) {
    settings.insert(settings.end(), more.begin(), more.end());
  }

  void Add(const Settings& own, const std::string& place) {
    SweepPoint point;
    point.label = PointLabel(own.empty() ? common_ : own);
    point.settings = common_;
    Append(own, point.settings);
    point.place = place;
    if (!seen_.insert(PointIdentity(own)).second) {
      throw Error(place + ": the point '" + point.label + "' is given twice");
    }
    points_.push_back(std::move(point));
  }

  void ReadGrid(const toml::node& node) {
    std::vector<Settings> product = {{}};
    const toml::table& grid = file_.Table(node, "[grid]");
    if (grid.empty()) file_.Refuse(node, "[grid]: must have at least one setting");
    for (const auto& [key, list] : InFileOrder(grid)) {
      CheckSettingKey(file_, *key, Fields::kBoth);
      std::vector<Settings> values;
      for (const toml::node& entry : file_.Array(*list, std::string(key->str()))) {
        values.push_back(ReadVaried(*key, entry));
      }
      if (product.size() * values.size() > kMaxPoints) {
        file_.Refuse(node, "[grid]: more than " + std::to_string(kMaxPoints) + " points");
      }
      std::vector<Settings> longer;
      for (const Settings& start : product) {
        for (const Settings& value : values) Append(value, longer.emplace_back(start));
      }
      product = std::move(longer);
    }
    for (const Settings& settings : product) Add(settings, file_.Place(node.source()));
  }

  void ReadList(const toml::node& node) {
    for (const toml::node& entry : file_.Array(node, "list")) {
      Settings settings;
      for (const auto& [key, value] : InFileOrder(file_.Table(entry, "[[list]]"))) {
        Append(ReadVaried(*key, *value), settings);
      }
      Add(settings, file_.Place(entry.source()));
    }
  }

  void ReadRandom(const toml::node& node) {
    const toml::table& random = file_.Table(node, "[random]");
    for (const Setting& setting : common_) {
      const toml::node* again = random.get(setting.key);
      if (again != nullptr) {
        file_.Refuse(*again, setting.key + " is given in " +
                                 (setting.of_run ? "[run]" : "[dataset]") + " already");
      }
    }
    for (const Settings& settings : DrawPoints(file_, random)) {
      Add(settings, file_.Place(node.source()));
    }
  }

  const TomlReader& file_;
  const toml::table& table_;
  Settings common_;  // of every point
  std::vector<SweepPoint> points_;
  std::set<nlohmann::json> seen_;
};

}  // namespace

std::vector<SweepPoint> ReadPoints(const TomlReader& file, const toml::table& table) {
  return PointReader(file, table).Read();
}

}  // namespace grove
