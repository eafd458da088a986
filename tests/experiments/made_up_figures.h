// Every kind of figure, as reports prepare them, from the made-up CSV files of made_up_tables.h.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "experiments/report/draw.h"
#include "tests/experiments/made_up_tables.h"

namespace grove::testing {

inline std::vector<double> Count(int from, int to) {
  std::vector<double> values;
  for (int i = from; i <= to; ++i) values.push_back(i);
  return values;
}

inline std::vector<std::string> Labels(int n, const std::string& text) {
  std::vector<std::string> labels;
  for (int i = 1; i <= n; ++i) labels.push_back(fmt::format("{}{}", text, i));
  return labels;
}

inline Figure MadeUpSweep(const std::string& name, const Extent& e, bool numeric) {
  Figure figure{name, "sweep", e.title};
  figure.table = "series,place,seed,percent,what\n";
  std::vector<double> places;
  std::vector<std::string> ticks;
  for (int i = 1; i <= e.rows; ++i) {
    const double place = numeric ? std::pow(3, i) * 1e-4 : i;
    places.push_back(place);
    ticks.push_back(numeric ? fmt::format("{:.3g}", place) : fmt::format("{} {}", e.label, i));
    for (size_t g = 1; g <= e.models.size(); ++g) {
      for (int seed = 1; seed <= e.seeds; ++seed) {
        figure.table += fmt::format("{},{},{},{},run\n", g, place, seed, 60.0 + i + seed);
      }
      figure.table += fmt::format("{},{},,{},median\n", g, place, 63.0 + i);
    }
  }
  figure.settings = {{"places", places},
                     {"ticks", ticks},
                     {"labels", e.models},
                     {"styles", Count(1, 8)},
                     {"numeric", numeric ? 1.0 : 0.0},
                     {"log_x", numeric * 1.0},
                     {"joined", numeric * 1.0},
                     {"low", 60.0},
                     {"high", 80.0},
                     {"xlabel", e.label},
                     {"ylabel", std::string("test accuracy (%)")}};
  return figure;
}

inline std::vector<Figure> MadeUpFigures(const Extent& e) {
  using Map = std::map<std::string, Variable>;
  const auto figure = [&](const std::string& name, const std::string& script, Map settings) {
    return Figure{name, script, e.title, "", "", std::move(settings)};
  };
  const double epochs = e.epochs, depths = e.depths;
  const Map datasets = {{"experiment", std::string("exp1")},
                        {"datasets", Count(1, e.datasets)},
                        {"labels", Labels(e.datasets, "91-10")},
                        {"chance", 10.0},
                        {"xlabel", std::string("dataset, with its sentence lengths")}};
  Map accuracy = datasets, strips = datasets;
  for (const std::string model : {"rnn", "rlstm"}) {
    const bool has = std::find(e.models.begin(), e.models.end(), model) != e.models.end();
    accuracy["has_" + model] = has ? 1.0 : 0.0;
  }
  strips["models"] = e.models;
  const Map range = {{"low", 1e-6}, {"high", 100.0}};
  Map by_depth = range, by_epoch = range, ratios = range, nodes = range;
  by_depth.insert({{"key", e.models[0]},
                   {"model", e.models[0]},
                   {"first_depth", 1.0},
                   {"last_depth", depths},
                   {"epochs", Count(1, std::min(e.epochs, 8))}});
  by_epoch.insert({{"models", e.models},
                   {"keys", e.models},
                   {"depth", std::min(depths, 10.0)},
                   {"last_epoch", epochs},
                   {"titles", Labels(e.models.size(), "(a) rlstm, seed ")}});
  ratios.insert({{"models", e.models},
                 {"styles", Count(1, static_cast<int>(e.models.size()))},
                 {"quartiles", e.models.size() <= 2 ? 1.0 : 0.0},
                 {"depth", std::min(depths, 10.0)},
                 {"last_epoch", epochs}});
  nodes.insert({{"models", e.models},
                {"last_depth", depths},
                {"epochs", Count(0, std::min(e.epochs, 3))},
                {"kinds", std::vector<std::string>{"inner", "leaf", "keyword"}}});
  return {figure("accuracy", "accuracy", accuracy),
          figure("strips", "strips", strips),
          figure("by_depth", "ratios_by_depth", by_depth),
          figure("by_epoch", "ratios_by_epoch", by_epoch),
          figure("ratios", "ratios", ratios),
          figure("nodes", "node_ratios", nodes),
          figure("curves", "curves",
                 {{"numbers", std::vector<double>(e.models.size(), 1)},
                  {"models", e.models},
                  {"labels", Labels(e.models.size(), e.label + " ")},
                  {"last_epoch", epochs},
                  {"low", 0.0},
                  {"high", 100.0},
                  {"low_loss", 0.0},
                  {"high_loss", 2.5}}),
          figure("claims", "claims",
                 {{"labels", Labels(e.rows, e.label + " ")},
                  {"judged", std::vector<double>(e.rows, 1)}}),
          figure("variants", "variants",
                 {{"labels", Labels(e.rows, e.label + " ")},
                  {"places", Count(1, e.rows)},
                  {"default_row", 1.0}}),
          figure("crossed", "length_depth",
                 {{"models", e.models},
                  {"lows", std::vector<double>{11, 31, 51, 71}},
                  {"lengths", std::vector<std::string>{"11-20", "31-40", "51-60", "71-80"}},
                  {"depths", std::vector<double>{2, 4, 6, 8, 10}}}),
          figure("gates", "gates",
                 {{"gates", std::vector<std::string>{"i", "f", "o"}},
                  {"places", std::vector<std::string>{"toward", "off"}},
                  {"labels", std::vector<std::string>{"toward the keyword", "off the path"}},
                  {"least_runs", 5.0},
                  {"last_epoch", epochs},
                  {"low", 0.4},
                  {"high", 0.65}}),
          MadeUpSweep("sweep_numbers", e, true),
          MadeUpSweep("sweep_words", e, false)};
}

}  // namespace grove::testing
