// Reads experiment files; what they mean is in experiment.cc.
#include <toml++/toml.h>

#include <algorithm>
#include <set>

#include "engine/error.h"
#include "engine/files.h"
#include "engine/nearest_name.h"
#include "experiments/runs/experiment.h"

namespace grove {
namespace {

bool Contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

nlohmann::json ToJson(const FieldValue& value) {
  return std::visit([](const auto& v) { return nlohmann::json(v); }, value);
}

// Reads one file; knows its path for errors.
class Reader {
 public:
  explicit Reader(std::string path) : path_(std::move(path)) {}

  Experiment Read() {
    const toml::table file = Parse();
    Experiment experiment;
    experiment.path = path_;
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
      } else {
        Unknown(key, {"name", "title", "dataset", "run", "axes"});
      }
    }
    if (experiment.name.empty()) throw Error(path_ + ": key 'name' is missing");
    return experiment;
  }

 private:
  std::string Place(const toml::source_region& source) const {
    return path_ + ":" + std::to_string(source.begin.line);
  }

  [[noreturn]] void Refuse(const toml::node& node, const std::string& message) const {
    throw Error(Place(node.source()) + ": " + message);
  }

  [[noreturn]] void Unknown(const toml::key& key, const std::vector<std::string>& allowed) const {
    const std::string name(key.str());
    throw Error(Place(key.source()) + ": unknown key '" + name + "'" + DidYouMean(name, allowed));
  }

  toml::table Parse() const {
    try {
      return toml::parse(ReadFile(path_), path_);
    } catch (const toml::parse_error& error) {
      const auto& begin = error.source().begin;
      throw Error(path_ + ":" + std::to_string(begin.line) + ":" + std::to_string(begin.column) +
                  ": " + std::string(error.description()));
    }
  }

  std::string Text(const toml::node& node, const std::string& key) const {
    if (!node.is_string()) Refuse(node, key + ": must be a string");
    return node.as_string()->get();
  }

  std::string Name(const toml::node& node) const {
    const std::string name = Text(node, "name");
    const auto allowed = [](unsigned char c) { return c < 128 && (std::isalnum(c) || c == '_'); };
    if (name.empty() || !std::all_of(name.begin(), name.end(), allowed)) {
      Refuse(node, "name = '" + name + "': must be letters, digits and _");
    }
    return name;
  }

  const toml::table& Table(const toml::node& node, const std::string& what) const {
    if (!node.is_table()) Refuse(node, what + ": must be a table");
    return *node.as_table();
  }

  const toml::array& Array(const toml::node& node, const std::string& key) const {
    if (!node.is_array() || node.as_array()->empty()) {
      Refuse(node, key + ": must be a list with at least one value");
    }
    return *node.as_array();
  }

  FieldValue Value(const toml::node& node, const std::string& key) const {
    if (const auto* flag = node.as_boolean()) return flag->get();
    if (const auto* integer = node.as_integer()) return integer->get();
    if (const auto* number = node.as_floating_point()) return number->get();
    if (const auto* text = node.as_string()) return text->get();
    Refuse(node, key + ": must be a number, a string, true or false");
  }

  // Sets the field on `spec`, which shows whether key and value are right.
  template <typename Spec>
  FieldValue Set(const toml::key& key, const toml::node& node, Spec& spec) const {
    const std::string name(key.str());
    if (!Contains(FieldKeys<Spec>(), name)) Unknown(key, FieldKeys<Spec>());
    const FieldValue value = Value(node, name);
    try {
      SetField(spec, name, value);
    } catch (const Error& error) {
      Refuse(node, error.what());
    }
    return value;
  }

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
        seeds.points = Seeds(node);
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

  std::vector<AxisPoint> Seeds(const toml::node& node) const {
    std::vector<AxisPoint> points;
    const auto add = [&](const FieldValue& seed, const toml::node& where) {
      AxisPoint& point = points.emplace_back(Point(where));
      point.run_settings.emplace_back("seed", seed);
      point.value = ToJson(seed);
    };
    if (node.is_string()) {
      try {
        for (const uint64_t seed : ParseSeeds(node.as_string()->get())) add(seed, node);
      } catch (const Error& error) {
        Refuse(node, std::string("seed: ") + error.what());
      }
      return points;
    }
    for (const toml::node& entry : Array(node, "seed")) {
      RunSpec scratch;
      Set(toml::key("seed"), entry, scratch);
      add(scratch.seed, entry);
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

  std::string path_;
};

}  // namespace

Experiment ReadExperiment(const std::string& path) { return Reader(path).Read(); }

}  // namespace grove
