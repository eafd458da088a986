// The points of a sweep. The random ones are drawn in random_points.cc.
#include "experiments/plan/spec_file.h"

namespace grove {
namespace {

using Settings = std::vector<Setting>;

constexpr size_t kMaxPoints = 10000;

void Append(const Settings& more, Settings& settings) {
  settings.insert(settings.end(), more.begin(), more.end());
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
    if (const toml::node* node = table.get("random")) ReadRandom(*node);
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
      throw Error(file_.Place(key.source()) + ": " + setting.key + " is given in " +
                  (setting.part == Part::kRun ? "[run]" : "[dataset]") + " already");
    }
    file_.CheckVariedKey(key);
  }

  void ReadGrid(const toml::node& node) {
    std::vector<Settings> product = {{}};
    const toml::table& grid = file_.Table(node, "[grid]");
    if (grid.empty()) file_.Refuse(node, "[grid]: must have at least one setting");
    for (const auto& [key, list] : InFileOrder(grid)) {
      CheckVaried(*key);
      const std::string name(key->str());
      std::vector<Settings> values;
      for (const toml::node& entry : file_.Array(*list, name)) {
        values.push_back(file_.ReadByModel(name, entry));
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

  void ReadRandom(const toml::node& node) {
    const toml::table& random = file_.Table(node, "[random]");
    for (const auto& [key, value] : InFileOrder(random)) {
      if (*key != "points" && *key != "seed") CheckVaried(*key);
    }
    for (const Settings& settings : DrawPoints(file_, random)) Add(settings, node);
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
