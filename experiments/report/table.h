// One table for every place that a table goes to: CSV, the terminal, Markdown, HTML, JSON.
#pragma once

#include <concepts>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace grove {

// How a value is shown where there are colours or bold letters.
enum class Tone { kPlain, kGood, kBad, kFaint };

// What stands in a field of a table: a text, a number, or nothing. NaN is nothing.
struct Value {
  Value() = default;
  Value(std::string text) : is(std::move(text)) {}
  Value(const char* text) : is(std::string(text)) {}
  Value(double number);
  template <std::integral Integer>
  Value(Integer number) : is(static_cast<int64_t>(number)) {}
  Value(std::string text, Tone tone) : is(std::move(text)), tone(tone) {}
  // `value` in CSV and JSON; people read `shown`.
  Value(Value value, std::string shown) : is(std::move(value.is)), shown(std::move(shown)) {}

  std::variant<std::monostate, int64_t, double, std::string> is;
  std::optional<std::string> shown{};
  Tone tone = Tone::kPlain;
};

class Table {
 public:
  enum class Align { kLeft, kRight };

  struct Column {
    std::string name;     // in CSV and JSON
    std::string title{};  // for people; empty: the name
    Align align = Align::kLeft;
    std::string unit{};  // behind every number that people read: "%"
    int digits = 3;      // significant ones of a number that people read
    bool shown = true;   // to people; false: only in CSV and JSON
  };

  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // Columns that are called the same in CSV and for people.
  static Table Named(const std::vector<std::string>& names);

  // Adds a row, of as many values as there are columns.
  void Add(std::vector<Value> row);

  const std::vector<Column>& columns() const { return columns_; }
  const std::vector<std::vector<Value>>& rows() const { return rows_; }
  bool empty() const { return rows_.empty(); }

  // The columns of these names, in this order.
  Table Select(const std::vector<std::string>& names) const;
  // Adds the column `from` of a table with the same rows, as `name`.
  void Join(const std::string& name, const Table& other, const std::string& from);

  // RFC 4180, but with '\n' at the end of a line. Numbers are written as CsvNumber writes them.
  std::string Csv() const;
  // For the terminal: aligned columns, two blanks apart. Control characters become blanks.
  std::string Text() const;
  // As GitHub reads it; what bears a meaning in Markdown is escaped, kBad is bold.
  std::string Markdown() const;
  // In a box that scrolls by itself where the page is narrow, by the keyboard too; a tone is the
  // class of a <span>.
  std::string Html() const;
  // An array of objects by the columns' names. What is missing or infinite is null.
  nlohmann::ordered_json Json() const;
  // Every row as an object by the columns' names, for a template: all columns, as people read them.
  std::vector<nlohmann::json> Rows() const;

 private:
  size_t Place(const std::string& name) const;
  Table Pick(const std::vector<size_t>& places) const;
  Table ForPeople() const;
  std::string Shown(const Value& value, const Column& column) const;

  std::vector<Column> columns_;
  std::vector<std::vector<Value>> rows_;
};

// A column of texts; one of numbers; one that people do not see.
inline Table::Column Words(const std::string& name, const std::string& title = "") {
  return {name, title};
}
inline Table::Column Numbers(const std::string& name, const std::string& title = "") {
  return {name, title, Table::Align::kRight};
}
inline Table::Column Hidden(const std::string& name) { return {.name = name, .shown = false}; }

// A line of Csv(), of a table that is too long to be held as a whole.
std::string CsvLine(const std::vector<Value>& row);

// Shortest text that reads back as the same double; "inf", "-inf", and "" for NaN.
std::string CsvNumber(double value);

// Text as Markdown that shows it as it is, in one line.
std::string EscapeMarkdown(const std::string& text);

}  // namespace grove
