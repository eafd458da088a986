#include "experiments/report/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cctype>
#include <cmath>

#include "experiments/report/html.h"
#include "experiments/stats/numbers.h"

namespace grove {
namespace {

constexpr char kMissing[] = "-";

std::string CsvField(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += c;
    quoted += c;
  }
  return quoted + '"';
}

std::string CsvField(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value.is)) return CsvField(*text);
  if (const auto* number = std::get_if<double>(&value.is)) return CsvNumber(*number);
  if (const auto* number = std::get_if<int64_t>(&value.is)) return std::to_string(*number);
  return "";
}

// A cell of the terminal's table, one line of it.
std::string OneLine(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < ' ' || c == 127) c = ' ';
  }
  return text;
}

// Code points of UTF-8, each as wide as the next.
size_t Width(const std::string& text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

const std::string& Title(const Table::Column& column) {
  return column.title.empty() ? column.name : column.title;
}

std::string ToneClass(Tone tone) {
  if (tone == Tone::kGood) return "good";
  return tone == Tone::kBad ? "bad" : "none";
}

std::string HtmlCell(const std::string& tag, const Table::Column& column,
                     const std::string& content) {
  const bool right = column.align == Table::Align::kRight;
  return fmt::format("<{0}{1}{2}>{3}</{0}>", tag, tag == "th" ? " scope=\"col\"" : "",
                     right ? " class=\"number\"" : "", content);
}

}  // namespace

std::string CsvNumber(double value) {
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  return std::isnan(value) ? "" : nlohmann::json(value).dump();
}

std::string CsvLine(const std::vector<Value>& row) {
  std::string line;
  for (size_t i = 0; i < row.size(); ++i) line += (i > 0 ? "," : "") + CsvField(row[i]);
  return line + '\n';
}

std::string EscapeMarkdown(const std::string& text) {
  const std::string line = OneLine(text);
  std::string markdown;
  for (size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    const char next = i + 1 < line.size() ? line[i + 1] : ' ';
    // Elsewhere '<' is no beginning of a tag, and '&' none of an entity.
    const bool opens = std::isalnum(static_cast<unsigned char>(next)) ||
                       std::string("/!?#").find(next) != std::string::npos;
    if ((c == '<' || c == '&') && opens) {
      markdown += c == '<' ? "&lt;" : "&amp;";
      continue;
    }
    if (std::string("\\`*|[]").find(c) != std::string::npos) markdown += '\\';
    markdown += c;
  }
  return markdown;
}

Value::Value(double number) {
  if (!std::isnan(number)) is = number;
}

Table Table::Named(const std::vector<std::string>& names) {
  std::vector<Column> columns;
  for (const std::string& name : names) columns.push_back({.name = name});
  return Table(std::move(columns));
}

void Table::Add(std::vector<Value> row) {
  assert(row.size() == columns_.size());
  rows_.push_back(std::move(row));
}

size_t Table::Place(const std::string& name) const {
  const auto found = std::find_if(columns_.begin(), columns_.end(),
                                  [&](const Column& column) { return column.name == name; });
  assert(found != columns_.end());
  return static_cast<size_t>(found - columns_.begin());
}

Table Table::Pick(const std::vector<size_t>& places) const {
  Table picked({});
  picked.rows_.resize(rows_.size());
  for (const size_t place : places) {
    picked.columns_.push_back(columns_[place]);
    for (size_t r = 0; r < rows_.size(); ++r) picked.rows_[r].push_back(rows_[r][place]);
  }
  return picked;
}

Table Table::Select(const std::vector<std::string>& names) const {
  std::vector<size_t> places;
  for (const std::string& name : names) places.push_back(Place(name));
  return Pick(places);
}

// An axis of a sweep may have the name of another column, so these are told by their place.
Table Table::ForPeople() const {
  std::vector<size_t> places;
  for (size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i].shown) places.push_back(i);
  }
  return Pick(places);
}

void Table::Join(const std::string& name, const Table& other, const std::string& from) {
  assert(other.rows_.size() == rows_.size());
  columns_.push_back(Hidden(name));
  const size_t place = other.Place(from);
  for (size_t r = 0; r < rows_.size(); ++r) rows_[r].push_back(other.rows_[r][place]);
}

// What people read.
std::string Table::Shown(const Value& value, const Column& column) const {
  if (value.shown) return *value.shown;
  if (const auto* text = std::get_if<std::string>(&value.is)) return *text;
  std::string shown;
  if (const auto* number = std::get_if<double>(&value.is)) {
    shown = FormatNumber(*number == 0 ? 0.0 : *number, column.digits);
  } else if (const auto* number = std::get_if<int64_t>(&value.is)) {
    shown = std::to_string(*number);
  } else {
    return kMissing;
  }
  return column.unit.empty() ? shown : shown + " " + column.unit;
}

std::string Table::Csv() const {
  std::vector<Value> header;
  for (const Column& column : columns_) header.emplace_back(column.name);
  std::string csv = CsvLine(header);
  for (const std::vector<Value>& row : rows_) csv += CsvLine(row);
  return csv;
}

std::string Table::Text() const {
  const Table table = ForPeople();
  std::vector<std::vector<std::string>> lines(table.rows_.size() + 1);
  std::vector<size_t> widths;
  for (size_t i = 0; i < table.columns_.size(); ++i) {
    const Column& column = table.columns_[i];
    lines[0].push_back(OneLine(Title(column)));
    for (size_t r = 0; r < table.rows_.size(); ++r) {
      lines[r + 1].push_back(OneLine(Shown(table.rows_[r][i], column)));
    }
    size_t width = 0;
    for (const auto& line : lines) width = std::max(width, Width(line[i]));
    widths.push_back(width);
  }
  std::string text;
  for (const auto& line : lines) {
    std::string out;
    for (size_t i = 0; i < line.size(); ++i) {
      const std::string space(widths[i] - Width(line[i]), ' ');
      out += i > 0 ? "  " : "";
      out += table.columns_[i].align == Align::kRight ? space + line[i] : line[i] + space;
    }
    out.erase(out.find_last_not_of(' ') + 1);
    text += out + '\n';
  }
  return text;
}

std::string Table::Markdown() const {
  const Table table = ForPeople();
  std::string head = "|", rule = "|", body;
  for (const Column& column : table.columns_) {
    head += " " + EscapeMarkdown(Title(column)) + " |";
    rule += column.align == Align::kRight ? " ---: |" : " --- |";
  }
  for (const std::vector<Value>& row : table.rows_) {
    body += "|";
    for (size_t i = 0; i < row.size(); ++i) {
      const std::string text = EscapeMarkdown(Shown(row[i], table.columns_[i]));
      body += row[i].tone == Tone::kBad ? " **" + text + "** |" : " " + text + " |";
    }
    body += "\n";
  }
  return head + "\n" + rule + "\n" + body;
}

std::string Table::Html() const {
  const Table table = ForPeople();
  std::string head, body;
  for (const Column& column : table.columns_) {
    head += HtmlCell("th", column, EscapeHtml(Title(column)));
  }
  for (const std::vector<Value>& row : table.rows_) {
    body += "<tr>";
    for (size_t i = 0; i < row.size(); ++i) {
      std::string text = EscapeHtml(Shown(row[i], table.columns_[i]));
      if (text == kMissing) text = "&ndash;";
      if (row[i].tone != Tone::kPlain) {
        text = fmt::format("<span class=\"{}\">{}</span>", ToneClass(row[i].tone), text);
      }
      body += HtmlCell("td", table.columns_[i], text);
    }
    body += "</tr>\n";
  }
  return fmt::format(
      "<div class=\"wide\" tabindex=\"0\"><table>\n<thead><tr>{}</tr></thead>\n"
      "<tbody>\n{}</tbody></table></div>\n",
      head, body);
}

nlohmann::ordered_json Table::Json() const {
  nlohmann::ordered_json array = nlohmann::ordered_json::array();
  for (const std::vector<Value>& row : rows_) {
    nlohmann::ordered_json object;
    for (size_t i = 0; i < row.size(); ++i) {
      nlohmann::ordered_json& field = object[columns_[i].name];
      if (const auto* text = std::get_if<std::string>(&row[i].is)) field = *text;
      if (const auto* number = std::get_if<int64_t>(&row[i].is)) field = *number;
      const auto* number = std::get_if<double>(&row[i].is);
      if (number != nullptr && std::isfinite(*number)) field = *number;
    }
    array.push_back(std::move(object));
  }
  return array;
}

std::vector<nlohmann::json> Table::Rows() const {
  std::vector<nlohmann::json> objects;
  for (const std::vector<Value>& row : rows_) {
    nlohmann::json& object = objects.emplace_back();
    for (size_t i = 0; i < row.size(); ++i) object[columns_[i].name] = Shown(row[i], columns_[i]);
  }
  return objects;
}

}  // namespace grove
