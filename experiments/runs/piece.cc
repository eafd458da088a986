#include "experiments/runs/piece.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <limits>

#include "engine/error.h"
#include "experiments/runs/gzip_file.h"
#include "experiments/runs/observations.h"

namespace grove {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr char kEnding[] = ".jsonl.gz";

// Five significant digits: more than a figure shows, and half the bytes.
double Short(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.5g", value);
  return std::strtod(text, nullptr);
}

std::string RatioLine(const std::string& key, const std::vector<RatioSummary>& summaries) {
  Json rows = Json::array();
  for (const RatioSummary& s : summaries) {
    rows.push_back({s.epoch, s.depth, s.n, s.above_1, Short(s.q05), Short(s.q25), Short(s.median),
                    Short(s.q75), Short(s.q95)});
  }
  return Json{{"ratios", {{"key", key}, {"rows", std::move(rows)}}}}.dump() + "\n";
}

// JSON has no infinity: a ratio over a root without gradient is written as null.
double Quantile(const Json& json) {
  return json.is_null() ? std::numeric_limits<double>::infinity() : json.get<double>();
}

std::vector<RatioSummary> ReadRatioRows(const Json& rows) {
  std::vector<RatioSummary> summaries;
  for (const Json& row : rows) {
    RatioSummary& s = summaries.emplace_back();
    s.epoch = row.at(0);
    s.depth = row.at(1);
    s.n = row.at(2);
    s.above_1 = row.at(3);
    s.q05 = Quantile(row.at(4));
    s.q25 = Quantile(row.at(5));
    s.median = Quantile(row.at(6));
    s.q75 = Quantile(row.at(7));
    s.q95 = Quantile(row.at(8));
  }
  return summaries;
}

Json Cell(double value) { return std::isfinite(value) ? Json(Short(value)) : Json(); }
template <typename T>
Json Cell(const T& value) {
  return value;
}

void Read(const Json& cell, double& value) {
  value = cell.is_null() ? std::numeric_limits<double>::quiet_NaN() : cell.get<double>();
}
template <typename T>
void Read(const Json& cell, T& value) {
  cell.get_to(value);
}

// `for_each(group, visit)` visits the fields in the order of the columns.
template <typename Group, typename ForEach>
Json ToRows(const std::vector<Group>& groups, ForEach for_each) {
  Json rows = Json::array();
  for (const Group& group : groups) {
    Json& row = rows.emplace_back(Json::array());
    for_each(group, [&](const char*, const auto& field) { row.push_back(Cell(field)); });
  }
  return rows;
}
template <typename Group, typename ForEach>
void FromRows(const Json& rows, std::vector<Group>& groups, ForEach for_each) {
  for (const Json& row : rows) {
    size_t column = 0;
    for_each(groups.emplace_back(),
             [&](const char*, auto& field) { Read(row.at(column++), field); });
  }
}

const auto kNodeFields = [](auto& group, auto&& visit) { ForEachRatioField(group, visit); };
const auto kGateFields = [](auto& group, auto&& visit) { ForEachGateField(group, visit); };

std::string ObservationLine(const std::string& key, const std::string& path) {
  const Json nodes = ToRows(ReadNodeRatios(path + ".nodes.csv"), kNodeFields);
  const Json gates = ToRows(ReadGates(path + ".gates.csv"), kGateFields);
  return Json{{"observations", {{"key", key}, {"nodes", nodes}, {"gates", gates}}}}.dump() + "\n";
}

void ReadLine(const Json& json, Piece& piece) {
  if (!json.is_object()) throw Error("not a JSON object");
  if (json.contains("provenance")) {
    piece.provenance.push_back(json["provenance"]);
  } else if (json.contains("ratios") && json["ratios"].is_object()) {
    const Json& ratios = json["ratios"];
    piece.ratios[ratios.at("key")] = ReadRatioRows(ratios.at("rows"));
  } else if (json.contains("observations") && json["observations"].is_object()) {
    const Json& tables = json["observations"];
    Observations& observations = piece.observations[tables.at("key")];
    FromRows(tables.at("nodes"), observations.node_ratios, kNodeFields);
    FromRows(tables.at("gates"), observations.gates, kGateFields);
  } else {
    piece.runs.push_back(RecordFromJson(json));
  }
}

}  // namespace

void ArchiveRuns(const std::string& directory, const std::string& path) {
  const JournalContents journal = ReadJournal(directory);
  if (journal.records.empty()) throw Error(directory + "/journal.jsonl: no run that ended");
  std::string text;
  for (const Json& provenance : journal.provenance) {
    text += Json{{"provenance", provenance}}.dump() + "\n";
  }
  for (const RunRecord& run : journal.records) {
    text += ToJson(run).dump() + "\n";
    if (run.status != "done") continue;
    if (!run.ratios.empty()) {
      text += RatioLine(run.key, SummariseRatios(ReadRatios(directory + "/" + run.ratios)));
    }
    if (!run.observations.empty()) {
      text += ObservationLine(run.key, directory + "/" + run.observations);
    }
  }
  WriteCompressed(path, text);
}

Piece ReadPiece(const std::string& path) {
  const std::string text = ReadCompressed(path);
  Piece piece;
  piece.name = fs::path(path).filename().string();
  if (piece.name.ends_with(kEnding)) piece.name.resize(piece.name.size() - sizeof(kEnding) + 1);
  size_t line = 0;
  for (size_t begin = 0; begin < text.size();) {
    ++line;
    const size_t end = std::min(text.find('\n', begin), text.size());
    const auto fail = [&](const std::string& what) {
      throw Error(path + ":" + std::to_string(line) + ": " + what);
    };
    try {
      ReadLine(Json::parse(text.begin() + static_cast<std::ptrdiff_t>(begin),
                           text.begin() + static_cast<std::ptrdiff_t>(end), nullptr,
                           /*allow_exceptions=*/false),
               piece);
    } catch (const Error& error) {
      fail(error.what());
    } catch (const Json::exception&) {
      fail("a table that is not of its form");
    }
    begin = end + 1;
  }
  return piece;
}

std::vector<Piece> ReadPieces(const std::string& folder) {
  std::vector<std::string> paths;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().string().ends_with(kEnding)) paths.push_back(entry.path().string());
  }
  if (error) throw Error(folder + ": " + error.message());
  if (paths.empty()) {
    throw Error(folder + ": no journal *" + kEnding + "; grove archive makes them of run folders");
  }
  std::sort(paths.begin(), paths.end());
  std::vector<Piece> pieces;
  for (const std::string& path : paths) pieces.push_back(ReadPiece(path));
  return pieces;
}

}  // namespace grove
