// The points of a sweep. The random ones are drawn in random_points.cc.
#include "experiments/plan/setting_reader.h"

namespace grove {
namespace {

using Settings = std::vector<Setting>;

constexpr size_t kMaxPoints = 10000;

void Append(const Settings& more, Settings& settings) {
  settings.insert(settings.end(), more.begin(), more.end());
}

class PointReader {
 public:
  PointReader(const SettingReader& reader, const Settings& common)
      : reader_(reader), common_(common) {}

  std::vector<Point> Read(const toml::table& file) {
    const toml::node* points = nullptr;
    for (const char* key : {"grid", "list", "random"}) {
      const toml::node* node = file.get(key);
      if (node == nullptr) continue;
      if (points != nullptr) {
        reader_.Refuse(*node, "a sweep has one of [grid], [[list]] and [random]");
      }
      points = node;
    }
    if (points == nullptr) Add({}, file);
    if (const toml::node* node = file.get("grid")) ReadGrid(*node);
    if (const toml::node* node = file.get("list")) ReadList(*node);
    if (const toml::node* node = file.get("random")) ReadRandom(*node);
    CheckDistinct(points_, "");
    return std::move(points_);
  }

 private:
  void Add(const Settings& own, const toml::node& node) {
    points_.push_back({own, reader_.Place(node.source()), Label(own.empty() ? common_ : own)});
  }

  // Settings of every point must not be varied as well.
  void CheckVaried(const toml::key& key) const {
    for (const Setting& setting : common_) {
      if (setting.key != key.str()) continue;
      throw Error(reader_.Place(key.source()) + ": " + setting.key + " is given in " +
                  (setting.part == Part::kRun ? "[run]" : "[dataset]") + " already");
    }
    reader_.CheckVariedKey(key);
  }

  void ReadGrid(const toml::node& node) {
    std::vector<Settings> product = {{}};
    const toml::table& grid = reader_.Table(node, "[grid]");
    if (grid.empty()) reader_.Refuse(node, "[grid]: must have at least one setting");
    for (const auto& [key, list] : InFileOrder(grid)) {
      CheckVaried(*key);
      const std::string name(key->str());
      std::vector<Settings> values;
      for (const toml::node& entry : reader_.Array(*list, name)) {
        values.push_back(reader_.ReadByModel(name, entry));
      }
      if (product.size() * values.size() > kMaxPoints) {
        reader_.Refuse(node, "[grid]: more than " + std::to_string(kMaxPoints) + " points");
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
    for (const toml::node& entry : reader_.Array(node, "list")) {
      Settings settings;
      for (const auto& [key, value] : InFileOrder(reader_.Table(entry, "[[list]]"))) {
        CheckVaried(*key);
        Append(reader_.ReadByModel(std::string(key->str()), *value), settings);
      }
      Add(settings, entry);
    }
  }

  void ReadRandom(const toml::node& node) {
    const toml::table& random = reader_.Table(node, "[random]");
    for (const auto& [key, value] : InFileOrder(random)) {
      if (*key != "points" && *key != "seed") CheckVaried(*key);
    }
    for (const Settings& settings : DrawPoints(reader_, random)) Add(settings, node);
  }

  const SettingReader& reader_;
  const Settings& common_;  // of every point
  std::vector<Point> points_;
};

}  // namespace

std::vector<Point> ReadPoints(const SettingReader& reader, const toml::table& file,
                              const std::vector<Setting>& common) {
  return PointReader(reader, common).Read(file);
}

}  // namespace grove
