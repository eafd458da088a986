#include "experiments/cli/man_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string_view>
#include <vector>

namespace grove {
namespace {

// As text: no escape, no request at the beginning of a line, and dashes that can be searched for.
std::string Text(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\\') {
      escaped += "\\e";
    } else if (c == '-') {
      escaped += "\\-";
    } else if ((c == '.' || c == '\'') && (escaped.empty() || escaped.back() == '\n')) {
      escaped += "\\&";
      escaped += c;
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string Bold(std::string_view text) { return "\\fB" + Text(text) + "\\fR"; }
std::string Italic(std::string_view text) { return "\\fI" + Text(text) + "\\fR"; }

std::string Sentence(std::string text) {
  if (text.empty()) return text;
  text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  if (text.back() != '.') text += '.';
  return Text(text);
}

std::string ValueOf(const OptionEntry& option) {
  if (option.value.empty()) return "";
  return " " + Italic(option.value) + (option.repeats ? " ..." : "");
}

std::string Option(const OptionEntry& option) {
  std::string heading;
  for (const std::string& name : option.names) {
    heading += (heading.empty() ? "" : ", ") + (option.positional ? Italic(name) : Bold(name));
  }
  if (option.positional) {
    heading += option.repeats ? " ..." : "";
  } else {
    heading += ValueOf(option);
  }
  std::string text = ".TP\n" + heading + "\n" + Sentence(option.description) + "\n";
  if (!option.range.empty()) text += Sentence("Allowed: " + option.range) + "\n";
  if (!option.default_value.empty()) {
    text += Sentence("Without it: " + option.default_value) + "\n";
  }
  return text;
}

std::string UpperCase(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

// Arguments, then the options under their headings, in the order in which these first come.
std::string Options(const CommandEntry& command) {
  std::vector<std::string> groups;
  for (const OptionEntry& option : command.options) {
    if (option.positional && groups.empty()) groups.emplace_back("Arguments");
  }
  for (const OptionEntry& option : command.options) {
    const std::string group = option.positional ? "Arguments" : option.group;
    if (std::find(groups.begin(), groups.end(), group) == groups.end()) groups.push_back(group);
  }
  std::string text;
  for (const std::string& group : groups) {
    text += ".SH " + Text(UpperCase(group)) + "\n";
    for (const OptionEntry& option : command.options) {
      if ((option.positional ? "Arguments" : option.group) == group) text += Option(option);
    }
  }
  return text;
}

std::string Synopsis(const CommandEntry& command) {
  std::string line = ".B " + Text(command.path) + "\n[\\fIoptions\\fR]";
  for (const OptionEntry& option : command.options) {
    if (!option.positional) continue;
    const std::string name = Italic(option.names.front()) + (option.repeats ? " ..." : "");
    line += option.required ? " " + name : " [" + name + "]";
  }
  if (!command.commands.empty()) line += " \\fIcommand\\fR";
  return line + "\n";
}

// The pages above and below.
std::string SeeAlso(const CommandEntry& program, const CommandEntry& command) {
  std::vector<std::string> names;
  for (const CommandEntry* other : AllCommands(program)) {
    const bool above = command.path.starts_with(other->path + " ");
    const bool below = other->path.starts_with(command.path + " ");
    if (above || below) names.push_back(ManPageName(*other));
  }
  std::string text;
  for (size_t i = 0; i < names.size(); ++i) {
    text += ".BR " + Text(names[i]) + " (1)" + (i + 1 < names.size() ? ",\n" : "\n");
  }
  return text.empty() ? text : ".SH SEE ALSO\n" + text;
}

}  // namespace

std::string ManPageName(const CommandEntry& command) {
  std::string name = command.path;
  std::replace(name.begin(), name.end(), ' ', '-');
  return name;
}

std::string ManPage(const CommandEntry& program, const CommandEntry& command,
                    const std::string& version) {
  const std::string name = ManPageName(command);
  std::string page =
      fmt::format(".TH {} 1 \"\" \"{}\" \"User Commands\"\n", Text(UpperCase(name)), Text(version));
  page += ".SH NAME\n" + Text(name) + " \\- " + Text(command.description) + "\n";
  page += ".SH SYNOPSIS\n" + Synopsis(command);
  page += ".SH DESCRIPTION\n" + Sentence(command.description) + "\n";
  if (!command.commands.empty()) {
    page += ".SH COMMANDS\n";
    for (const CommandEntry& part : command.commands) {
      page += ".TP\n" + Bold(part.name) + "\n" + Sentence(part.description) + "\n";
    }
  }
  page += Options(command);
  if (&command != &program) {
    page += ".SH OPTIONS OF EVERY COMMAND\n";
    for (const OptionEntry& option : program.options) {
      const bool own = std::any_of(
          command.options.begin(), command.options.end(),
          [&](const OptionEntry& other) { return other.names.back() == option.names.back(); });
      if (!own) page += Option(option);
    }
  }
  page +=
      ".SH EXIT STATUS\n"
      ".TP\n.B 0\nAll was done.\n"
      ".TP\n.B 1\nSome of the work failed; what could be done was.\n"
      ".TP\n.B 2\nBad input: nothing was done.\n"
      ".TP\n.B 128 + N\nStopped by signal N; the same command goes on from there.\n";
  return page + SeeAlso(program, command);
}

}  // namespace grove
