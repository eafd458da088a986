// Every column of every table that is published is described, and holds what is said of it.
#include "experiments/report/data_package.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "engine/files/files.h"
#include "experiments/report/comparison_page.h"
#include "experiments/report/report.h"
#include "tests/experiments/made_up_runs.h"
#include "tests/experiments/temporary_folder.h"

namespace grove {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

const std::string kResults = std::string(GROVE_SOURCE_DIR) + "/experiments/results";

// Rows of fields, as RFC 4180 has them.
std::vector<std::vector<std::string>> ReadCsv(const std::string& text) {
  std::vector<std::vector<std::string>> rows(1, {""});
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    std::string& field = rows.back().back();
    if (c == '"') {
      if (!quoted && i > 0 && text[i - 1] == '"') field += c;
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      rows.back().emplace_back();
    } else if (c == '\n' && !quoted) {
      rows.push_back({""});
    } else {
      field += c;
    }
  }
  rows.pop_back();  // behind the last line end
  return rows;
}

bool IsOfType(const std::string& value, const std::string& type) {
  static const std::regex kInteger("-?[0-9]+"), kNumber("-?[0-9.]+(e[-+]?[0-9]+)?|-?inf"),
      kTime("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z");
  if (type == "integer") return std::regex_match(value, kInteger);
  if (type == "number") return std::regex_match(value, kNumber);
  if (type == "boolean") return value == "true" || value == "false";
  if (type == "datetime") return std::regex_match(value, kTime);
  return type == "string" || type == "any";
}

bool Meets(const std::string& value, const Json& constraints) {
  bool meets = true;
  for (const auto& [name, limit] : constraints.items()) {
    if (name == "minimum") {
      meets &= std::stod(value) >= limit.get<double>();
    } else if (name == "maximum") {
      meets &= std::stod(value) <= limit.get<double>();
    } else if (name == "enum") {
      meets &= std::find(limit.begin(), limit.end(), value) != limit.end();
    } else if (name == "pattern") {
      meets &= std::regex_match(value, std::regex(limit.get<std::string>()));
    } else {
      ADD_FAILURE() << "this test knows no constraint " << name;
    }
  }
  return meets;
}

// Whether the file is what the resource says of it.
void CheckTable(const std::string& path, const Json& resource) {
  const auto rows = ReadCsv(ReadFile(path));
  const Json& fields = resource.at("schema").at("fields");
  EXPECT_EQ(resource.at("schema").at("missingValues"), Json({""}));
  EXPECT_FALSE(resource.at("title").get<std::string>().empty());
  ASSERT_EQ(rows.at(0).size(), fields.size()) << path;
  for (size_t i = 0; i < fields.size(); ++i) {
    const Json& field = fields[i];
    SCOPED_TRACE(path + ": " + field.dump());
    EXPECT_EQ(rows[0][i], field.at("name"));
    const std::string description = field.at("description");
    EXPECT_GE(description.size(), 4u);
    size_t wrong = 0;
    for (size_t r = 1; r < rows.size(); ++r) {
      const std::string& value = rows[r].at(i);
      if (value.empty()) continue;
      const bool fits = IsOfType(value, field.at("type")) &&
                        Meets(value, field.value("constraints", Json::object()));
      if (!fits && ++wrong == 1) ADD_FAILURE() << "row " << r << ": " << value;
    }
  }
}

// All CSV files of the folder, of which there are `count`; returns its package.
Json CheckFolder(const std::string& folder, size_t count, const std::string& but = "none") {
  const Json package = Json::parse(ReadFile(folder + "/datapackage.json"));
  EXPECT_EQ(package.at("format_version"), "1.0");
  std::set<std::string> told, there, names;
  for (const Json& resource : package.at("resources")) {
    const std::string path = resource.at("path");
    told.insert(path);
    names.insert(resource.at("name"));
    CheckTable(folder + "/" + path, resource);
  }
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string path = fs::relative(entry.path(), folder);
    if (entry.path().extension() == ".csv" && !path.starts_with(but + "/")) there.insert(path);
  }
  EXPECT_EQ(told, there);
  EXPECT_EQ(names.size(), told.size()) << "names of resources are distinct";
  EXPECT_EQ(told.size(), count);
  return package;
}

const Json& FieldOf(const Json& package, const std::string& table, const std::string& name) {
  for (const Json& resource : package.at("resources")) {
    if (resource.at("name") != table) continue;
    for (const Json& field : resource.at("schema").at("fields")) {
      if (field.at("name") == name) return field;
    }
  }
  throw std::runtime_error("no column " + table + "." + name);
}

TEST(DataPackage, TellsOfThePublishedResults) {
  CheckFolder(kResults, 11, "cells");
  CheckFolder(kResults + "/cells", 7);
}

TEST(DataPackage, TellsOfAReport) {
  const TemporaryFolder folder;
  std::vector<RunRecord> runs = testing::MadeUpExperiments(5);
  for (const std::string model : {"rnn", "rlstm"}) {
    runs.push_back(testing::MadeUpRun("exp3", 3, model, 1, 0.9));
    for (const double l2 : {0.0, 0.001}) {
      RunRecord& run = runs.emplace_back(testing::MadeUpRun("exp1", 2, model, 1, 0.5 + l2));
      run.experiment = "mine";
      run.run.l2 = l2;
      // "epochs" is the name of a column too, and "a, \"b\"" that of no setting.
      run.axes = {{"l2", l2}, {"epochs", 0}, {"first_step", "sgd"}, {"a, \"b\"", true}};
      run.key += std::to_string(l2);
    }
  }
  runs[0].status = "failed";
  runs[0].message = "no memory,\n\"alas\"";
  testing::WriteRunFolder(folder.path(), runs, 8);
  const Report report = WriteReport(folder.path());
  EXPECT_EQ(std::count(report.files.begin(), report.files.end(), "datapackage.json"), 1);
  const Json package = CheckFolder(folder.Path("report"), 9);
  const Json l2 = FieldOf(package, "runs", "l2");
  EXPECT_EQ(l2.at("type"), "number");
  EXPECT_EQ(l2.at("constraints"), Json({{"minimum", 0}, {"maximum", 1000}}));
  EXPECT_EQ(l2.at("description"),
            "strength of the L2 penalty; larger keeps weights smaller, 0: no penalty");
  EXPECT_EQ(FieldOf(package, "sweep", "l2"), l2);
  EXPECT_EQ(FieldOf(package, "sweep", "first_step").at("constraints").at("enum"),
            Json({"sgd", "adagrad"}));
  // The axis comes first, and is not the column.
  EXPECT_TRUE(FieldOf(package, "runs", "epochs").contains("constraints"));
  EXPECT_EQ(FieldOf(package, "runs", "epochs").at("description"),
            "train no more epochs than this; 0: keep the start values");
  EXPECT_EQ(FieldOf(package, "runs", "a, \"b\"").at("type"), "any");
  EXPECT_EQ(FieldOf(package, "epochs", "dev_accuracy").at("unit"), "share");
}

TEST(DataPackage, TellsOfAComparison) {
  const TemporaryFolder folder;
  std::vector<std::string> paths;
  for (const int dim : {10, 50}) {
    std::vector<RunRecord> runs;
    for (const double l2 : {0.0, 0.001}) {
      for (const uint64_t seed : {1, 2}) {
        runs.push_back(testing::MadeUpRun("mine", 1, "rnn", seed, 0.5 + l2 * dim));
        runs.back().run.dim = dim;
        runs.back().run.l2 = l2;
        runs.back().axes = {{"l2", l2}};
        runs.back().key += std::to_string(l2);
      }
    }
    paths.push_back(folder.Path(std::to_string(dim)));
    testing::WriteRunFolder(paths.back(), runs, 0);
  }
  WriteComparison(paths, folder.Path("both"));
  const Json package = CheckFolder(folder.Path("both"), 4);
  EXPECT_EQ(FieldOf(package, "comparison", "l2").at("type"), "number");
}

TEST(DataPackage, RefusesAColumnThatNothingTellsOf) {
  Files files = {{"pairs.csv", "experiment,news\n"}};
  EXPECT_EQ(ErrorMessage([&] { AddDataPackage("p", "title", files, {}); }),
            "pages/tables.json: table 'pairs' has no column 'news'");
  files = {{"news.csv", "experiment\n"}};
  EXPECT_EQ(ErrorMessage([&] { AddDataPackage("p", "title", files, {}); }),
            "pages/tables.json: there is no table 'news'");
}

TEST(DataPackage, LeavesOutWhatIsNotWritten) {
  Files files = {{"pairs.csv", ""}, {"README.md", "page"}};
  std::vector<Figure> figures(1);
  figures[0].table = "series\n";
  figures[0].missing = "runs";
  AddDataPackage("p", "title", files, {&figures});
  EXPECT_EQ(files.back().first, "datapackage.json");
  EXPECT_EQ(Json::parse(files.back().second).at("resources"), Json::array());
}

}  // namespace
}  // namespace grove
