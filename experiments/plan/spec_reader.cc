// Reads spec files. Their settings are read in spec_file.cc, the points of sweeps in
// points_reader.cc.
#include <algorithm>
#include <charconv>
#include <filesystem>
#include <set>

#include "engine/error.h"
#include "experiments/plan/plan.h"
#include "experiments/plan/run_filter.h"
#include "experiments/plan/spec_file.h"

namespace grove {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kRoles = {"train", "dev", "test", "vectors"};
const std::vector<std::string> kExperimentKeys = {"name", "title", "dataset",
                                                  "data", "run",   "axes"};
const std::vector<std::string> kSweepKeys = {"name", "title",   "of",   "only", "seeds",
                                             "run",  "dataset", "grid", "list", "random"};

constexpr size_t kMaxSeeds = 10000;

uint64_t ParseSeed(std::string_view text) {
  uint64_t seed = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
  if (error != std::errc() || end != text.data() + text.size()) {
    throw Error("'" + std::string(text) + "': must be seeds like 1-5 or 1,2,7");
  }
  return seed;
}

// Points of the seed axis; `place` is for errors.
std::vector<Point> SeedPoints(const std::vector<uint64_t>& seeds, const std::string& place) {
  std::vector<Point> points;
  for (const uint64_t seed : seeds) {
    points.push_back({{{Part::kRun, "seed", seed, seed, ""}}, place, ""});
  }
  return points;
}

void SetSeedPoints(Spec& spec, const std::vector<Point>& seeds) {
  for (Spec& experiment : Experiments(spec)) {
    std::erase_if(experiment.axes, [](const Axis& axis) { return axis.name == "seed"; });
    experiment.axes.push_back({"seed", seeds});
  }
}

// Whether these axes name files, be it without [data].
bool NameFiles(const toml::table& axes) {
  for (const std::string& role : kRoles) {
    if (axes[role][0].is_string()) return true;
    const toml::array* datasets = axes["dataset"].as_array();
    for (size_t i = 0; datasets != nullptr && i < datasets->size(); ++i) {
      if (axes["dataset"][i][role].is_string()) return true;
    }
  }
  return false;
}

std::string Canonical(const std::string& path) {
  std::error_code error;
  const fs::path canonical = fs::weakly_canonical(path, error);
  return error ? path : canonical.string();
}

int RankOf(const Axis& axis) {
  return axis.name == "dataset" ? 0 : axis.name == "model" ? 1 : axis.name == "seed" ? 3 : 2;
}

// Reads one file; `open` are the canonical paths of the files that led to it.
class SpecReader : private SpecFile {
 public:
  SpecReader(const std::string& path, std::vector<std::string> open)
      : SpecFile(path), open_(std::move(open)) {
    open_.push_back(Canonical(path));
  }

  Spec Read() {
    const toml::table file = Parse();
    is_sweep_ = file.contains("of");
    CheckKeys(file);
    spec_.path = path();
    if (const toml::node* name = file.get("name")) spec_.name = Name(*name);
    if (const toml::node* title = file.get("title")) spec_.title = Text(*title, "title");
    if (spec_.name.empty()) throw Error(path() + ": key 'name' is missing");
    if (is_sweep_) {
      ReadBase(file);
    } else {
      on_files_ = OnFiles(file);
      if (on_files_) spec_.treebanks = std::make_shared<Treebanks>();
    }
    ReadSettings(file, "run", Part::kRun);
    ReadSettings(file, "dataset", Part::kData);
    ReadSettings(file, "data", Part::kFiles);
    if (is_sweep_) {
      spec_.axes.push_back({"", ReadPoints(*this, file, spec_.settings)});
    } else if (const toml::node* axes = file.get("axes")) {
      ReadAxes(Table(*axes, "[axes]"));
    }
    return std::move(spec_);
  }

 private:
  void CheckKeys(const toml::table& file) const {
    const std::vector<std::string>& allowed = is_sweep_ ? kSweepKeys : kExperimentKeys;
    for (const auto& [key, node] : file) {
      const std::string name(key.str());
      if (Contains(allowed, name)) continue;
      if (is_sweep_ || !Contains(kSweepKeys, name)) Unknown(key, allowed);
      Refuse(key, name + ": a key of sweeps, which name in 'of' what they vary");
    }
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

  // Of an experiment they are what its labels take for granted.
  void ReadSettings(const toml::table& file, const std::string& name, Part part) {
    const toml::node* node = file.get(name);
    if (node == nullptr) return;
    for (const auto& [key, value] : InFileOrder(Table(*node, "[" + name + "]"))) {
      CheckKey(*key, Keys(part));
      const std::string field(key->str());
      if (is_sweep_) {
        for (Setting& setting : ReadByModel(field, *value)) spec_.settings.push_back(setting);
      } else {
        spec_.settings.push_back(ReadSetting(field, *value, part));
        spec_.settings.back().shown = nullptr;
      }
    }
  }

  // What a sweep varies.
  void ReadBase(const toml::table& file) {
    const toml::array& of = Array(*file.get("of"), "of");
    for (const toml::node& node : of) ReadOf(node, &node == of.get(0));
    if (const toml::node* seeds = file.get("seeds")) {
      SetSeedPoints(spec_, ReadSeeds(*seeds, "seeds"));
      CheckDistinct(spec_.of[0].axes.back().points, "seeds: seed");
    }
    if (const toml::node* only = file.get("only")) ReadOnly(*only);
  }

  void ReadOf(const toml::node& node, bool first) {
    const std::string name = Text(node, "of");
    const std::string other = (fs::path(path()).parent_path() / name).lexically_normal().string();
    std::error_code error;
    if (!fs::is_regular_file(other, error)) Refuse(node, "of: there is no file " + other);
    if (Contains(open_, Canonical(other))) Refuse(node, "of: '" + name + "' leads back to itself");
    Spec inherited = SpecReader(other, open_).Read();
    for (Spec& experiment : Experiments(inherited)) {
      for (const Spec& taken : spec_.of) {
        if (taken.name != experiment.name) continue;
        Refuse(node, "of: the name '" + experiment.name + "' is taken by " + taken.path);
      }
      spec_.of.push_back(std::move(experiment));
    }
    // `only` is one choice for all experiments; two would be two sweeps.
    if (first) spec_.only = inherited.only;
    if (spec_.only != inherited.only) {
      Refuse(node, "of: a sweep that has 'only' must be the only entry");
    }
  }

  void ReadOnly(const toml::node& node) {
    const std::vector<Job> jobs = JobsToVary(spec_);
    std::vector<std::string> clauses;
    for (const toml::node& entry : Array(node, "only")) {
      clauses.push_back(Text(entry, "only"));
      try {
        SelectRuns(jobs, {clauses.back()}, "only");
      } catch (const Error& error) {
        Refuse(entry, error.what());
      }
    }
    spec_.only.push_back(std::move(clauses));
  }

  // Seeds as "1-3,7" or a list.
  std::vector<Point> ReadSeeds(const toml::node& node, const std::string& key) const {
    if (node.is_string()) {
      try {
        return SeedPoints(ParseSeeds(node.as_string()->get()), Place(node.source()));
      } catch (const Error& error) {
        Refuse(node, key + ": " + error.what());
      }
    }
    std::vector<Point> points;
    for (const toml::node& entry : Array(node, key)) {
      points.push_back({{ReadSetting("seed", entry, Part::kRun)}, Place(entry.source()), ""});
    }
    return points;
  }

  void ReadAxes(const toml::table& table) {
    std::vector<std::string> allowed = {"dataset"};
    for (const auto& keys : {Keys(Part::kRun), Keys(on_files_ ? Part::kFiles : Part::kData)}) {
      allowed.insert(allowed.end(), keys.begin(), keys.end());
    }
    if (on_files_) std::erase(allowed, "classes");
    for (const auto& [key, node] : table) {
      CheckKey(key, allowed);
      Axis& axis = spec_.axes.emplace_back(Axis{std::string(key.str()), {}});
      if (axis.name == "seed") {
        axis.points = ReadSeeds(node, axis.name);
      } else {
        for (const toml::node& entry : Array(node, axis.name)) {
          axis.points.push_back({ReadEntry(axis.name, entry), Place(entry.source()), ""});
        }
      }
      CheckDistinct(axis.points, axis.name);
    }
    std::stable_sort(spec_.axes.begin(), spec_.axes.end(),
                     [](const Axis& a, const Axis& b) { return RankOf(a) < RankOf(b); });
  }

  std::vector<Setting> ReadEntry(const std::string& axis, const toml::node& entry) const {
    const Part data = on_files_ ? Part::kFiles : Part::kData;
    if (axis == "dataset") return ReadTable(axis, Table(entry, axis), "id", data);
    if (axis == "model" && entry.is_table()) {
      return ReadTable(axis, *entry.as_table(), "model", Part::kRun);
    }
    return {ReadSetting(axis, entry, Contains(FieldKeys<RunSpec>(), axis) ? Part::kRun : data)};
  }

  // {id = 1, ...} or {model = "rnn", ...}: `title` comes first, and alone is shown.
  std::vector<Setting> ReadTable(const std::string& axis, const toml::table& table,
                                 const std::string& title, Part part) const {
    std::vector<std::string> allowed = Keys(part);
    if (part == Part::kData) allowed.push_back(title);
    std::vector<Setting> settings;
    for (const auto& [key, node] : InFileOrder(table)) {
      const std::string name(key->str());
      if (name == title) {
        Setting first;
        if (axis == "dataset") {
          const int64_t id = Integer(*node, "id", 0, 1000000);
          first = {Part::kId, "dataset", id, id, ""};
        } else {
          first = ReadSetting(name, *node, part);
        }
        settings.insert(settings.begin(), first);
        continue;
      }
      CheckKey(*key, allowed);
      settings.push_back(ReadSetting(name, *node, part));
      settings.back().shown = nullptr;
    }
    if (!table.contains(title)) Refuse(table, axis + ": key '" + title + "' is missing");
    return settings;
  }

  std::vector<std::string> open_;
  Spec spec_;
};

}  // namespace

Spec ReadSpec(const std::string& path) { return SpecReader(path, {}).Read(); }

std::span<Spec> Experiments(Spec& spec) {
  return spec.IsSweep() ? std::span<Spec>(spec.of) : std::span<Spec>(&spec, 1);
}

void SetSeeds(Spec& spec, const std::vector<uint64_t>& seeds) {
  SetSeedPoints(spec, SeedPoints(seeds, spec.path));
}

std::vector<uint64_t> ParseSeeds(std::string_view text) {
  std::vector<uint64_t> seeds;
  std::set<uint64_t> seen;
  while (true) {
    const std::string_view item = text.substr(0, text.find(','));
    const size_t dash = item.find('-');
    const uint64_t first = ParseSeed(item.substr(0, dash));
    const uint64_t last = dash == std::string_view::npos ? first : ParseSeed(item.substr(dash + 1));
    if (last < first) throw Error("'" + std::string(item) + "': the range ends before it begins");
    if (last - first >= kMaxSeeds - seeds.size()) throw Error("more than 10000 seeds");
    for (uint64_t seed = first;; ++seed) {
      if (!seen.insert(seed).second) {
        throw Error("seed " + std::to_string(seed) + " is given twice");
      }
      seeds.push_back(seed);
      if (seed == last) break;
    }
    if (item.size() == text.size()) return seeds;
    text.remove_prefix(item.size() + 1);
  }
}

}  // namespace grove
