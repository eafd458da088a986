// What is to be known of a setting beside its value.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace grove {

struct FieldInfo {
  std::string key;   // underscores; the command-line option is the same with dashes
  std::string help;  // one line without the default: what it is, its unit, what turning it does
  std::vector<std::string> choices = {};  // of a text field
  double low = 0;                         // closed range of a number
  double high = 0;
  // A setting that came after runs were published: left out of the canonical JSON while it has its
  // default value, and allowed to be absent from it, so that those runs keep their keys.
  bool added_later = false;
  // What others call it, in lower case with underscores, one space between two names: for
  // suggestions only, never accepted.
  std::string other_names = {};
  std::string group = {};  // the heading in a command's help that it stands under

  FieldInfo Later() && {
    added_later = true;
    return std::move(*this);
  }
  FieldInfo Called(std::string names) && {
    other_names = std::move(names);
    return std::move(*this);
  }
};

// Visits the fields of a table as `visit` does, under one heading.
template <typename Visitor>
auto InGroup(const char* group, Visitor& visit) {
  return [group, &visit](FieldInfo info, auto& field) {
    info.group = group;
    visit(info, field);
  };
}

}  // namespace grove
