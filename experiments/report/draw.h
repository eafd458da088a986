// Figures: gnuplot scripts of experiments/plots, run on the CSV files that a report publishes.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "experiments/report/table.h"

namespace grove {

// A variable of a gnuplot script: a number, a text that is printed as it is, or an array of either
// (which may not be empty).
using Variable = std::variant<double, std::string, std::vector<double>, std::vector<std::string>>;

struct Figure {
  std::string name{};     // of its files: letters, digits and '_'
  std::string script{};   // of experiments/plots, without ".gp"
  std::string title{};    // what one sees in it, in a sentence
  std::string caption{};  // what is drawn, for the page; not in the drawing
  std::string missing{};  // what must be there first; empty if it can be drawn
  std::map<std::string, Variable>
      settings{};          // variables of the script, beside name, data and title
  std::string table{};     // of NAME.csv, where the script reads one of its own
  Table data = Table({});  // the numbers that one sees in it, for people who do not see it
  std::string svg{};       // the drawing; empty until drawn
};

// The figure without the data that it is drawn from.
inline Figure Undrawn(Figure figure, const std::string& why) {
  figure.missing = why;
  return figure;
}

// A gnuplot string that prints `text` as it is; control characters become blanks.
std::string GnuplotText(const std::string& text);

// The text of NAME.gp: the figure's variables, and the script to load.
std::string FigureScript(const Figure& figure);

// Names and texts of files.
using Files = std::vector<std::pair<std::string, std::string>>;

// Makes `folder` and writes the files into it, each whole or not at all; returns their paths.
std::vector<std::string> WriteFiles(const std::string& folder, const Files& files);

enum class Formats { kSvg, kSvgAndPng };

// Writes what anyone needs to redraw the figure into `folder` (which has the published CSV files in
// its parent): NAME.gp, NAME.csv if it has a table, and plots/. Draws NAME.svg there,
// and NAME.png if asked; each is whole or not there. An older drawing stays until then, and no
// longer. A figure that is `missing` only loses its older drawings.
//
// Equal CSV files give equal bytes on one machine. Returns "", or one line that says what went
// wrong (that gnuplot is not installed, say); throws Error if a file cannot be written.
std::string Draw(const std::string& folder, Figure& figure, Formats formats);

// Writes the files into `folder`, draws the figures as SVG into `folder`/figures, and returns the
// paths of all. Throws Error if a figure could not be drawn.
std::vector<std::string> WriteWithFigures(const std::string& folder, const Files& files,
                                          std::vector<Figure>& figures);

// Removes from `folder` what a page that was there before has of figures whose names begin so, but
// for these.
void RemoveOlderFigures(const std::string& folder, const std::string& prefix,
                        const std::vector<Figure>& figures);

// Draws all and returns the problems, each once.
std::vector<std::string> DrawAll(const std::string& folder, std::vector<Figure>& figures,
                                 Formats formats);

}  // namespace grove
