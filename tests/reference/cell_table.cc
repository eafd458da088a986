#include <stdexcept>

#include "tests/reference/cell.h"

namespace grove::reference {
namespace {

struct Line {
  const char* name;
  Cell (*cell)(const Settings& settings);
};

constexpr Line kCells[] = {
    {"rnn", RnnCell},
    {"rlstm", RlstmCell},
    {"tai_binary", [](const Settings& settings) { return TaiCell(settings, 2); }},
    {"tai_3", [](const Settings& settings) { return TaiCell(settings, 3); }},
    {"tai_4", [](const Settings& settings) { return TaiCell(settings, 4); }},
    {"child_sum", ChildSumCell},
    {"zhu", ZhuCell},
    {"gru", GruCell},
    {"grc", GrcCell},
};

}  // namespace

Cell CellOf(const Settings& settings) {
  std::string names;
  for (const Line& line : kCells) {
    if (line.name == settings.model) return line.cell(settings);
    names += std::string(" ") + line.name;
  }
  throw std::invalid_argument("model '" + settings.model + "' is none of" + names);
}

std::vector<std::string> CellNames() {
  std::vector<std::string> names;
  for (const Line& line : kCells) names.emplace_back(line.name);
  return names;
}

}  // namespace grove::reference
