#include "experiments/report/comparison_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "experiments/stats/numbers.h"

namespace grove {
namespace {

constexpr int kDigits = 4;

// "+1.5", "-0.25", "0"; "-" for NaN.
std::string Signed(double points) {
  return (points > 0 ? "+" : "") + FormatNumber(points, kDigits);
}

std::string Text(Interval interval) {
  return fmt::format("{} to {}", Signed(interval.low), Signed(interval.high));
}

// Whether the interval lies to one side of 0.
Tone ToneOf(const FolderDifference& difference) {
  if (difference.interval.low > 0) return Tone::kGood;
  return difference.interval.high < 0 ? Tone::kBad : Tone::kPlain;
}

// "5", "5 (1 failed or diverged)".
std::string RunsText(const Spread& spread) {
  if (spread.failed == 0) return fmt::format("{}", spread.n);
  return fmt::format("{} ({} failed or diverged)", spread.n, spread.failed);
}

Value NumberOrNothing(double value) { return std::isnan(value) ? Value() : Value(value); }

void AppendSide(const CellSide& side, bool is_first, std::vector<Value>& row) {
  row.emplace_back(Value(side.spread.n), RunsText(side.spread));
  const double mean = side.spread.mean;
  row.push_back(std::isnan(mean) ? Value() : Value(Value(mean), FormatNumber(mean, kDigits)));
  if (is_first) return;
  const FolderDifference& difference = side.difference;
  if (std::isnan(difference.mean)) {
    row.insert(row.end(), {Value(), Value()});
    return;
  }
  row.emplace_back(Signed(difference.mean), ToneOf(difference));
  const bool known = !std::isnan(difference.interval.low);
  row.push_back(known ? Value(Text(difference.interval)) : Value());
}

// The range of a panel: multiples of `step` around all values.
void SetRange(const std::vector<double>& values, double step, const std::string& low,
              const std::string& high, Figure& figure) {
  double least = 0, most = step;
  if (!values.empty()) {
    const auto [lowest, highest] = std::minmax_element(values.begin(), values.end());
    least = step * std::floor(*lowest / step - 0.1);
    most = step * std::ceil(*highest / step + 0.1);
  }
  figure.settings[low] = least;
  figure.settings[high] = most;
}

// A power of ten that divides what the values span into some steps.
double StepOf(const std::vector<double>& values) {
  if (values.empty()) return 1;
  const auto [lowest, highest] = std::minmax_element(values.begin(), values.end());
  const double span = std::max(*highest - *lowest, std::abs(*highest) * 1e-3);
  return span > 0 ? std::pow(10, std::floor(std::log10(span))) : 1;
}

// "rlstm: in the last epoch dev accuracy is 93.1 % in rates, 90 % in narrow".
std::string TitleOf(const std::vector<std::string>& labels,
                    const std::vector<const MeanCurve*>& curves, const std::string& model) {
  std::string title = model.empty() ? "Dev accuracy" : model + ": dev accuracy";
  title += " ends at";
  for (size_t i = 0; i < curves.size(); ++i) {
    title += fmt::format("{} {} % in {}", i == 0 ? "" : ",",
                         FormatNumber(Percent(curves[i]->dev_accuracy.back())), labels[i]);
  }
  return title;
}

// Which cells a curve is of, for a caption.
std::string CellsText(const MeanCurve& curve) {
  if (!curve.shared) return ", of all cells of a folder, since no cell is in every folder";
  if (curve.cells == 1) return ", of the one cell that every folder has";
  return fmt::format(", of the {} cells that every folder has", curve.cells);
}

// A row an epoch, of every curve its two numbers.
Table CurvesData(const std::vector<std::string>& labels,
                 const std::vector<const MeanCurve*>& curves, size_t epochs) {
  std::vector<Table::Column> columns = {Numbers("epoch")};
  for (const std::string& label : labels) {
    columns.push_back(Numbers(label + ": dev accuracy (%)"));
    columns.push_back(Numbers(label + ": loss"));
  }
  Table data(std::move(columns));
  for (size_t epoch = 0; epoch < epochs; ++epoch) {
    std::vector<Value> row = {epoch + 1};
    for (const MeanCurve* curve : curves) {
      const bool is_over = epoch >= curve->loss.size();
      row.push_back(is_over ? Value() : NumberOrNothing(Percent(curve->dev_accuracy[epoch])));
      row.push_back(is_over ? Value() : NumberOrNothing(curve->loss[epoch]));
    }
    data.Add(std::move(row));
  }
  return data;
}

Figure CurveFigure(const Comparison& comparison, const std::vector<const MeanCurve*>& curves,
                   const std::string& model) {
  Figure figure;
  figure.name = model.empty() ? kCurveFigures : fmt::format("{}_{}", kCurveFigures, model);
  figure.script = "curves";
  std::vector<double> numbers, dev, loss;
  std::vector<std::string> models, labels;
  size_t epochs = 0;
  for (const MeanCurve* curve : curves) {
    numbers.push_back(static_cast<double>(curve->folder + 1));
    models.push_back(curve->model);
    labels.push_back(comparison.folders[curve->folder] +
                     (model.empty() ? " (" + curve->model + ")" : ""));
    epochs = std::max(epochs, curve->loss.size());
    for (const double share : curve->dev_accuracy) {
      if (std::isfinite(share)) dev.push_back(100 * share);
    }
    std::copy_if(curve->loss.begin(), curve->loss.end(), std::back_inserter(loss),
                 [](double each) { return std::isfinite(each); });
  }
  SetRange(dev, 5, "low", "high", figure);
  SetRange(loss, StepOf(loss), "low_loss", "high_loss", figure);
  figure.settings["numbers"] = numbers;
  figure.settings["models"] = models;
  figure.settings["labels"] = labels;
  figure.settings["last_epoch"] = static_cast<double>(epochs);
  figure.data = CurvesData(labels, curves, epochs);
  figure.title = TitleOf(labels, curves, model);
  figure.caption = fmt::format(
      "Means by epoch over the runs that are done{}; a run that stopped early counts with its last "
      "epoch.",
      CellsText(*curves.front()));
  return figure;
}

}  // namespace

Table ComparisonTable(const Comparison& comparison) {
  std::vector<std::string> names = {"folder"};
  names.insert(names.end(), comparison.axes.begin(), comparison.axes.end());
  names.insert(names.end(), {"cells", "runs", "failed_or_diverged", "mean", "difference", "low",
                             "high", "paired"});
  Table table = Table::Named(names);
  for (const ComparedCell& cell : comparison.cells) {
    for (size_t i = 0; i < cell.sides.size(); ++i) {
      const CellSide& side = cell.sides[i];
      const FolderDifference& d = side.difference;
      std::vector<Value> row = {comparison.folders[i]};
      row.insert(row.end(), cell.values.begin(), cell.values.end());
      row.insert(row.end(),
                 {1, side.spread.n, side.spread.failed,
                  NumberOrNothing(RoundDecimals(side.spread.mean)), NumberOrNothing(d.mean),
                  NumberOrNothing(d.interval.low), NumberOrNothing(d.interval.high),
                  std::isnan(d.mean) ? Value() : Value(side.paired ? "yes" : "no")});
      table.Add(std::move(row));
    }
  }
  for (size_t i = 1; i < comparison.folders.size(); ++i) {
    const OverallDifference& overall = comparison.overall[i];
    const FolderDifference& d = overall.difference;
    std::vector<Value> row = {comparison.folders[i]};
    row.resize(row.size() + comparison.axes.size());
    row.insert(row.end(),
               {overall.cells, Value(), Value(), Value(), NumberOrNothing(d.mean),
                NumberOrNothing(d.interval.low), NumberOrNothing(d.interval.high), Value()});
    table.Add(std::move(row));
  }
  return table;
}

Table CellsSideBySide(const Comparison& comparison, size_t most) {
  std::vector<Table::Column> columns;
  for (const std::string& axis : comparison.axes) {
    columns.push_back(axis == "model" ? Words(axis) : Numbers(axis));
  }
  for (size_t i = 0; i < comparison.folders.size(); ++i) {
    const std::string& name = comparison.folders[i];
    columns.insert(columns.end(), {Numbers(name + " runs"), Numbers(name)});
    if (i == 0) continue;
    columns.insert(columns.end(), {Numbers(fmt::format("{} - {}", name, comparison.folders[0])),
                                   Numbers(name + " 95 % interval", "95 % interval")});
  }
  Table table(columns);
  for (const ComparedCell& cell : comparison.cells) {
    if (table.rows().size() == most) break;
    std::vector<Value> row(cell.values.begin(), cell.values.end());
    for (size_t i = 0; i < cell.sides.size(); ++i) AppendSide(cell.sides[i], i == 0, row);
    table.Add(std::move(row));
  }
  return table;
}

std::vector<std::string> Verdicts(const Comparison& comparison) {
  std::vector<std::string> lines;
  const std::string& first = comparison.folders[0];
  for (size_t i = 1; i < comparison.folders.size(); ++i) {
    const OverallDifference& overall = comparison.overall[i];
    const std::string& name = comparison.folders[i];
    if (overall.cells == 0) {
      lines.push_back(fmt::format("{} and {} have no cell in common", name, first));
      continue;
    }
    const FolderDifference& d = overall.difference;
    const std::string interval = std::isnan(d.interval.low)
                                     ? "no interval, since some cell has a single run"
                                     : "95 % interval " + Text(d.interval);
    lines.push_back(
        fmt::format("{} - {}: {} points of {}, {}, over the {} that both have", name, first,
                    Signed(d.mean), comparison.metric, interval,
                    overall.cells == 1 ? "cell" : fmt::format("{} cells", overall.cells)));
  }
  return lines;
}

Table CurvesTable(const Comparison& comparison, const std::vector<MeanCurve>& curves) {
  Table table =
      Table::Named({"number", "folder", "model", "epoch", "cells", "runs", "dev_accuracy", "loss"});
  for (const MeanCurve& curve : curves) {
    for (size_t i = 0; i < curve.loss.size(); ++i) {
      table.Add({curve.folder + 1, comparison.folders[curve.folder], curve.model, i + 1,
                 curve.cells, curve.runs, NumberOrNothing(curve.dev_accuracy[i]),
                 NumberOrNothing(curve.loss[i])});
    }
  }
  return table;
}

std::vector<Figure> CurveFigures(const Comparison& comparison,
                                 const std::vector<MeanCurve>& curves) {
  std::vector<std::string> models;
  std::map<std::string, std::vector<const MeanCurve*>> of_model;
  std::vector<const MeanCurve*> all;
  for (const MeanCurve& curve : curves) {
    if (!of_model.contains(curve.model)) models.push_back(curve.model);
    of_model[curve.model].push_back(&curve);
    all.push_back(&curve);
  }
  if (all.empty()) return {};
  const bool any_shared = std::any_of(of_model.begin(), of_model.end(),
                                      [](const auto& each) { return each.second.size() > 1; });
  if (!any_shared && all.size() <= comparison.folders.size()) {
    return {CurveFigure(comparison, all, "")};
  }
  std::vector<Figure> figures;
  for (const std::string& model : models) {
    figures.push_back(CurveFigure(comparison, of_model[model], model));
  }
  return figures;
}

}  // namespace grove
