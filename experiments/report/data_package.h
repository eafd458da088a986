// What the columns of a report's CSV files mean, for people and programs: a datapackage.json beside
// them, as Data Package 2.0 has it (datapackage.org). What it says of a column stands in one table,
// experiments/pages/tables.json, and of an axis of a sweep in the table of settings.
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "experiments/report/draw.h"

namespace grove {

// Adds datapackage.json to `files`: it tells of the CSV files among them, but those without text,
// and of the tables of the figures that can be drawn, which stand in figures/. `name` is the
// package's ("grove-study"), `title` says what it is. Throws Error if a column is in no table: then
// it was added to a CSV file and not to tables.json.
void AddDataPackage(const std::string& name, const std::string& title, Files& files,
                    std::initializer_list<const std::vector<Figure>*> figures);

}  // namespace grove
