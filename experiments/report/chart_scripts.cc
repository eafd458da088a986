#include "experiments/report/chart_scripts.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <string_view>

#include "experiments/report/report_tables.h"
#include "experiments/stats/numbers.h"

namespace grove {
namespace {

constexpr double kLetterWidth = 7.4;  // of a sans serif of 14 points, on average
constexpr double kTitleHeight = 30;
constexpr double kLegendRow = 20;
constexpr double kSampleWidth = 55;  // of a legend entry, with the space around it

bool IsOneOf(const char* characters, char c) {
  return std::string_view(characters).find(c) != std::string_view::npos;
}

// Means nothing to gnuplot within a string; nor does a byte of a longer UTF-8 character.
bool IsPlain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return std::isalnum(byte) || byte >= 0x80 || IsOneOf(" .,:;()+-*/=<>[]|!?'#", c);
}

// gnuplot's scanner turns an octal code in double quotes into its character, after it has looked
// for commands to substitute. A backslash before that character, itself escaped, is for those who
// read the text as markup afterwards.
std::string Escaped(char c) {
  if (c == '\n') return "\\n";
  if (IsPlain(c)) return std::string(1, c);
  char octal[8];
  std::snprintf(octal, sizeof octal, "\\%03o", static_cast<unsigned>(c) & 0xffu);
  return (IsOneOf("_^{}@&~\\", c) ? "\\\\" : "") + std::string(octal);
}

// The largest of 1, 2, 5 times a power of ten that is at most a fifth of the span.
double RoundStep(double span) {
  const double power = std::pow(10, std::floor(std::log10(span / 5)));
  const double leading = span / 5 / power;
  return power * (leading >= 5 ? 5 : leading >= 2 ? 2 : 1);
}

// What gnuplot accepts as the name of a drawing.
std::string Identifier(const std::string& name) {
  std::string identifier = name;
  std::replace(identifier.begin(), identifier.end(), '-', '_');
  return identifier;
}

}  // namespace

std::string Label(const std::string& text) {
  std::string label;
  for (char c : text) label += Escaped(c);
  return '"' + label + '"';
}

std::string SetTics(const std::string& axis,
                    const std::vector<std::pair<double, std::string>>& tics) {
  std::string command = "set " + axis + "tics (";
  for (size_t i = 0; i < tics.size(); ++i) {
    std::string label;
    // Labels with a percent sign are formats, cut after 49 bytes; the markup's own octal code is
    // read after that.
    for (char c : tics[i].second) label += c == '%' ? "\\\\045" : Escaped(c);
    command += (i == 0 ? "\"" : ", \"") + label + "\" " + CsvNumber(tics[i].first);
  }
  return command + ")\n";
}

std::vector<std::pair<double, std::string>> NumberedTics(const std::vector<std::string>& labels) {
  std::vector<std::pair<double, std::string>> tics;
  for (const std::string& label : labels) {
    tics.emplace_back(static_cast<double>(tics.size() + 1), label);
  }
  return tics;
}

double TextWidth(const std::string& text) {
  int longest = 0, letters = 0;
  for (char c : text) {
    const bool continues = (static_cast<unsigned char>(c) & 0xc0) == 0x80;  // a UTF-8 letter
    letters = c == '\n' ? 0 : letters + !continues;
    longest = std::max(longest, letters);
  }
  return kLetterWidth * longest;
}

double TextWidth(const std::vector<std::string>& texts) {
  double width = 0;
  for (const std::string& text : texts) width = std::max(width, TextWidth(text));
  return width;
}

int TextLines(const std::vector<std::string>& texts) {
  int lines = 1;
  for (const std::string& text : texts) {
    lines = std::max(lines, 1 + static_cast<int>(std::count(text.begin(), text.end(), '\n')));
  }
  return lines;
}

std::string DataRow(const std::vector<double>& values) {
  std::string row;
  for (double value : values) {
    row += (row.empty() ? "" : " ") + (std::isfinite(value) ? CsvNumber(value) : "NaN");
  }
  return row + "\n";
}

AxisRange RangeAround(const AxisRange& range, const std::vector<double>& values, bool logarithmic) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (double value : values) {
    if (!std::isfinite(value) || (logarithmic && value <= 0)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  if (low > high) low = high = 1;
  if (logarithmic) {
    low = std::pow(10, std::floor(std::log10(low)));
    high = std::pow(10, std::ceil(std::log10(high)));
    if (low == high) high *= 10;
  } else {
    if (low == high) low -= 0.5, high += 0.5;
    const double step = RoundStep(high - low);
    low = step * std::floor(low / step);
    high = step * std::ceil(high / step);
  }
  return {std::isnan(range.low) ? low : range.low, std::isnan(range.high) ? high : range.high};
}

std::string SetRange(const std::string& axis, const AxisRange& range) {
  return "set " + axis + "range [" + CsvNumber(range.low) + ":" + CsvNumber(range.high) + "]\n";
}

ChartLayout::ChartLayout(double width, double below_head, const ChartText& text,
                         std::vector<LegendEntry> legend)
    : width_(std::ceil(width)), text_(text), legend_(std::move(legend)) {
  // gnuplot gives all entries of a legend the width of the longest.
  double entry = 1;
  for (const LegendEntry& e : legend_) entry = std::max(entry, kSampleWidth + TextWidth(e.label));
  const int columns = std::max(1, static_cast<int>((width_ - 20) / entry));
  legend_rows_ = (static_cast<int>(legend_.size()) + columns - 1) / columns;
  head_ = 12 + (text_.title.empty() ? 0 : kTitleHeight) +
          (legend_rows_ == 0 ? 0 : 8 + kLegendRow * legend_rows_);
  height_ = std::ceil(head_ + below_head);
}

std::string ChartLayout::At(double x, double y) const {
  return "screen " + FormatNumber(x / width_, 6) + ", screen " + FormatNumber(1 - y / height_, 6);
}

std::string ChartLayout::Margins(const Frame& frame) const {
  const auto at = [](const std::string& side, double share) {
    return "set " + side + "margin at screen " + FormatNumber(share, 6) + "\n";
  };
  return at("l", frame.left / width_) + at("r", frame.right / width_) +
         at("t", 1 - frame.top / height_) + at("b", 1 - frame.bottom / height_);
}

// gnuplot's own axis titles would run into labels of several lines, or off the canvas.
std::string ChartLayout::Place(const Frame& frame, const AxisTitles& titles) const {
  std::string commands = Margins(frame) + "unset label\n";
  if (!titles.x.empty()) {
    commands += "set label " + Label(titles.x) + " at " +
                At((frame.left + frame.right) / 2, frame.bottom + titles.x_below) + " center\n";
  }
  if (!titles.y.empty()) {
    commands += "set label " + Label(titles.y) + " at " + At(18, (frame.top + frame.bottom) / 2) +
                " center rotate by 90\n";
  }
  return commands;
}

// A plot of its own, across the canvas, with nothing but a title and a legend.
std::string ChartLayout::Head() const {
  if (text_.title.empty() && legend_.empty()) return "";
  const double title_height = text_.title.empty() ? 0 : kTitleHeight;
  std::string head = Margins({0, width_, title_height + 4, head_});
  if (!text_.title.empty()) {
    head +=
        "set label " + Label(text_.title) + " at " + At(width_ / 2, 20) + " center font \",16\"\n";
  }
  head +=
      "unset border\nunset tics\nset key center top horizontal reverse Left samplen 2 maxrows " +
      std::to_string(std::max(1, legend_rows_)) + "\n";
  std::vector<std::string> elements;
  for (const LegendEntry& entry : legend_) {
    elements.push_back("NaN " + entry.style + " title " + Label(entry.label));
  }
  if (elements.empty()) elements.push_back("NaN notitle");
  return head + "set xrange [0:1]\nset yrange [0:1]\n" + PlotCommand(elements) +
         "unset key\nset border\nset tics\n";
}

std::string ChartLayout::Script(const std::string& body) const {
  std::string what = text_.title.empty() ? text_.name : text_.title;
  std::replace(what.begin(), what.end(), '\n', ' ');
  std::replace(what.begin(), what.end(), '\\', '/');  // would continue a comment's line
  return "# " + what + "\n# Redraw in this folder: gnuplot " + text_.name +
         ".gp\nreset\nset encoding utf8\nset terminal svg size " + FormatNumber(width_, 6) + "," +
         FormatNumber(height_, 6) +
         " dynamic rounded font \"sans-serif,14\" background \"#ffffff\" name \"" +
         Identifier(text_.name) + "\"\nset output \"" + text_.name + ".svg\"\n" +
         "unset key\nset multiplot\n" + Head() + body + "unset multiplot\nunset output\n";
}

}  // namespace grove
