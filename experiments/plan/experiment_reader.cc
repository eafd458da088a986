// Reads experiment files; what they mean is in experiment.cc.
#include <filesystem>
#include <set>

#include "engine/error.h"
#include "engine/ptb.h"
#include "experiments/plan/experiment.h"
#include "experiments/plan/toml_reader.h"

namespace grove {
namespace {

const std::vector<std::string> kRoles = {"train", "dev", "test"};

// Whether `node` is a list whose first entry is a string.
bool IsTextList(const toml::node* node) {
  const toml::array* list = node == nullptr ? nullptr : node->as_array();
  return list != nullptr && !list->empty() && list->get(0)->is_string();
}

// Whether these axes name files, be it without [data].
bool NameFiles(const toml::table& axes) {
  for (const std::string& role : kRoles) {
    if (IsTextList(axes.get(role))) return true;
  }
  const toml::array* datasets = axes["dataset"].as_array();
  if (datasets == nullptr) return false;
  for (const toml::node& entry : *datasets) {
    const toml::table* table = entry.as_table();
    for (const std::string& role : kRoles) {
      if (table != nullptr && (*table)[role].is_string()) return true;
    }
  }
  return false;
}

class Reader : private TomlReader {
 public:
  using TomlReader::TomlReader;

  Experiment Read() {
    const toml::table file = Parse();
    Experiment experiment;
    experiment.path = path();
    on_files_ = OnFiles(file);
    if (on_files_) {
      experiment.files.emplace();
      experiment.treebanks = std::make_shared<Treebanks>();
    }
    for (const auto& [key, node] : file) {
      if (key == "name") {
        experiment.name = Name(node);
      } else if (key == "title") {
        experiment.title = Text(node, "title");
      } else if (key == "dataset") {
        ReadSettings(Table(node, "[dataset]"), experiment.data);
      } else if (key == "data") {
        for (const auto& [name, value] : Table(node, "[data]")) {
          SetFile(*experiment.files, std::string(name.str()), FileSetting(name, value));
        }
      } else if (key == "run") {
        ReadSettings(Table(node, "[run]"), experiment.run);
      } else if (key == "axes") {
        experiment.axes = Axes(Table(node, "[axes]"));
      } else if (Contains({"of", "only", "seeds", "grid", "list", "random"},
                          std::string(key.str()))) {
        throw Error(Place(key.source()) + ": " + std::string(key.str()) +
                    ": a key of sweeps, which name in 'of' what they vary");
      } else {
        Unknown(key, {"name", "title", "dataset", "data", "run", "axes"});
      }
    }
    if (experiment.name.empty()) throw Error(path() + ": key 'name' is missing");
    return experiment;
  }

 private:
  template <typename Spec>
  void ReadSettings(const toml::table& table, Spec& spec) const {
    for (const auto& [key, node] : table) Set(key, node, spec);
  }

  // What an experiment trains on is decided once: by [data] or [dataset], else by its axes.
  bool OnFiles(const toml::table& file) const {
    const toml::node* data = file.get("data");
    const bool is_generated = file.contains("dataset");
    if (data != nullptr && is_generated) {
      Refuse(*data, "[data] names files, [dataset] says what to generate: give one of them");
    }
    const toml::table* axes = file["axes"].as_table();
    return data != nullptr || (!is_generated && axes != nullptr && NameFiles(*axes));
  }

  // The value of a key of [data]: classes, or a path, which is relative to this file.
  FieldValue FileSetting(const toml::key& key, const toml::node& node) const {
    const std::string name(key.str());
    if (name == "classes") {
      const auto* classes = node.as_integer();
      if (classes == nullptr || classes->get() < 1 || classes->get() > kMaxClasses) {
        Refuse(node, "classes: must be an integer from 1 to " + std::to_string(kMaxClasses));
      }
      return classes->get();
    }
    if (!Contains(kRoles, name)) UnknownOfFiles(key, {"train", "dev", "test", "classes"});
    const std::string text = Text(node, name);
    if (text.empty()) Refuse(node, name + ": must be the path of a file");
    const std::filesystem::path folder = std::filesystem::path(path()).parent_path();
    return (folder / text).lexically_normal().string();
  }

  // A setting of generated trees is no typing error: say why it is not allowed here.
  [[noreturn]] void UnknownOfFiles(const toml::key& key,
                                   const std::vector<std::string>& allowed) const {
    const std::string name(key.str());
    if (!Contains(FieldKeys<DatasetSpec>(), name)) Unknown(key, allowed);
    throw Error(Place(key.source()) + ": " + name +
                ": a setting of generated trees, and this experiment trains on files");
  }

  std::vector<Axis> Axes(const toml::table& table) const {
    std::vector<std::string> allowed = {"dataset"};
    for (const std::string& key : FieldKeys<RunSpec>()) allowed.push_back(key);
    for (const std::string& key : on_files_ ? kRoles : FieldKeys<DatasetSpec>()) {
      allowed.push_back(key);
    }
    Axis datasets{"dataset", {}}, models{"model", {}}, seeds{"seed", {}};
    std::vector<Axis> others;
    for (const auto& [key, node] : table) {
      if (key == "dataset") {
        datasets.points = Datasets(node);
      } else if (key == "model") {
        models.points = Models(node);
      } else if (key == "seed") {
        seeds.points = SeedPoints(node);
      } else if (Contains(allowed, std::string(key.str()))) {
        others.push_back(Other(key, node));
      } else if (on_files_) {
        UnknownOfFiles(key, allowed);
      } else {
        Unknown(key, allowed);
      }
    }
    std::vector<Axis> axes = {datasets, models};
    axes.insert(axes.end(), others.begin(), others.end());
    axes.push_back(seeds);
    std::erase_if(axes, [](const Axis& axis) { return axis.points.empty(); });
    for (const Axis& axis : axes) CheckDistinct(axis);
    return axes;
  }

  void CheckDistinct(const Axis& axis) const {
    std::set<nlohmann::json> seen;
    for (const AxisPoint& point : axis.points) {
      if (seen.insert(point.value).second) continue;
      throw Error(point.place + ": " + axis.name + " " + point.value.dump() + " is given twice");
    }
  }

  AxisPoint Point(const toml::node& node) const {
    AxisPoint point;
    point.place = Place(node.source());
    return point;
  }

  std::vector<AxisPoint> Datasets(const toml::node& node) const {
    std::vector<AxisPoint> points;
    for (const toml::node& entry : Array(node, "dataset")) {
      AxisPoint point = Point(entry);
      DatasetSpec scratch;
      for (const auto& [key, value] : Table(entry, "dataset")) {
        if (key == "id") {
          const auto* id = value.as_integer();
          if (id == nullptr || id->get() < 0 || id->get() > 1000000) {
            Refuse(value, "id: must be an integer from 0 to 1000000");
          }
          point.value = id->get();
        } else if (on_files_) {
          point.file_settings.emplace_back(key.str(), FileSetting(key, value));
        } else if (Contains(FieldKeys<DatasetSpec>(), std::string(key.str()))) {
          point.data_settings.emplace_back(key.str(), Set(key, value, scratch));
        } else {
          std::vector<std::string> allowed = FieldKeys<DatasetSpec>();
          allowed.emplace_back("id");
          Unknown(key, allowed);
        }
      }
      if (point.value.is_null()) Refuse(entry, "dataset: key 'id' is missing");
      points.push_back(std::move(point));
    }
    return points;
  }

  std::vector<AxisPoint> Models(const toml::node& node) const {
    std::vector<AxisPoint> points;
    for (const toml::node& entry : Array(node, "model")) {
      AxisPoint point = Point(entry);
      RunSpec scratch;
      if (entry.is_table()) {
        for (const auto& [key, value] : *entry.as_table()) {
          point.run_settings.emplace_back(key.str(), Set(key, value, scratch));
          if (key == "model") point.value = scratch.model;
        }
        if (point.value.is_null()) Refuse(entry, "model: key 'model' is missing");
      } else {
        point.run_settings.emplace_back("model", Set(toml::key("model"), entry, scratch));
        point.value = scratch.model;
      }
      points.push_back(std::move(point));
    }
    return points;
  }

  std::vector<AxisPoint> SeedPoints(const toml::node& node) const {
    std::vector<AxisPoint> points;
    for (const auto& [seed, where] : Seeds(node, "seed")) {
      AxisPoint& point = points.emplace_back(Point(*where));
      point.run_settings.emplace_back("seed", seed);
      point.value = seed;
    }
    return points;
  }

  Axis Other(const toml::key& key, const toml::node& node) const {
    Axis axis{std::string(key.str()), {}};
    for (const toml::node& entry : Array(node, axis.name)) {
      AxisPoint& point = axis.points.emplace_back(Point(entry));
      if (on_files_ && Contains(kRoles, axis.name)) {
        point.file_settings.emplace_back(axis.name, FileSetting(key, entry));
        point.value = Text(entry, axis.name);
      } else if (Contains(FieldKeys<RunSpec>(), axis.name)) {
        Take(key, entry, RunSpec(), point.run_settings, point);
      } else {
        Take(key, entry, DatasetSpec(), point.data_settings, point);
      }
    }
    return axis;
  }

  // The value as the field has it: 1 and 1.0 are the same, whichever is written.
  template <typename Spec>
  void Take(const toml::key& key, const toml::node& node, Spec scratch,
            std::vector<std::pair<std::string, FieldValue>>& settings, AxisPoint& point) const {
    const std::string name(key.str());
    Set(key, node, scratch);
    settings.emplace_back(name, GetField(scratch, name));
    point.value = AxisValue(settings.back().second);
  }

  bool on_files_ = false;
};

}  // namespace

Experiment ReadExperiment(const std::string& path) { return Reader(path).Read(); }

}  // namespace grove
