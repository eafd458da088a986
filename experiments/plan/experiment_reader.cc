// Reads experiment files; what they mean is in experiment.cc.
#include <set>

#include "engine/error.h"
#include "experiments/plan/experiment.h"
#include "experiments/plan/toml_reader.h"

namespace grove {
namespace {

class Reader : private TomlReader {
 public:
  using TomlReader::TomlReader;

  Experiment Read() {
    const toml::table file = Parse();
    Experiment experiment;
    experiment.path = path();
    for (const auto& [key, node] : file) {
      if (key == "name") {
        experiment.name = Name(node);
      } else if (key == "title") {
        experiment.title = Text(node, "title");
      } else if (key == "dataset") {
        ReadSettings(Table(node, "[dataset]"), experiment.data);
      } else if (key == "run") {
        ReadSettings(Table(node, "[run]"), experiment.run);
      } else if (key == "axes") {
        experiment.axes = Axes(Table(node, "[axes]"));
      } else if (Contains({"of", "only", "seeds", "grid", "list", "random"},
                          std::string(key.str()))) {
        throw Error(Place(key.source()) + ": " + std::string(key.str()) +
                    ": a key of sweeps, which name in 'of' what they vary");
      } else {
        Unknown(key, {"name", "title", "dataset", "run", "axes"});
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

  std::vector<Axis> Axes(const toml::table& table) const {
    std::vector<std::string> allowed = {"dataset"};
    for (const std::string& key : FieldKeys<RunSpec>()) allowed.push_back(key);
    for (const std::string& key : FieldKeys<DatasetSpec>()) allowed.push_back(key);
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
        } else if (Contains(FieldKeys<DatasetSpec>(), std::string(key.str()))) {
          point.data_settings.emplace_back(key.str(), Set(key, value, scratch));
        } else {
          std::vector<std::string> allowed = FieldKeys<DatasetSpec>();
          allowed.push_back("id");
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
    const bool of_run = Contains(FieldKeys<RunSpec>(), axis.name);
    for (const toml::node& entry : Array(node, axis.name)) {
      AxisPoint& point = axis.points.emplace_back(Point(entry));
      RunSpec run;
      DatasetSpec data;
      const FieldValue value = of_run ? Set(key, entry, run) : Set(key, entry, data);
      (of_run ? point.run_settings : point.data_settings).emplace_back(axis.name, value);
      point.value = ToJson(value);
    }
    return axis;
  }
};

}  // namespace

Experiment ReadExperiment(const std::string& path) { return Reader(path).Read(); }

}  // namespace grove
