#include "experiments/report/draw.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>

#include "engine/error.h"
#include "engine/files/files.h"
#include "engine/files/folders.h"
#include "plots.h"

namespace grove {
namespace {

namespace fs = std::filesystem;

constexpr char kDrawing[] = ".drawing-";

// A new hidden folder in `parent` to draw in, removed with all that is left in it.
class HiddenFolder {
 public:
  explicit HiddenFolder(const std::string& parent) : path_(parent + "/" + kDrawing + "XXXXXX") {
    if (mkdtemp(path_.data()) == nullptr) {
      throw Error(parent + ": cannot make a folder to draw in: " + std::strerror(errno));
    }
    hold_.emplace(path_);
  }
  ~HiddenFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  HiddenFolder(const HiddenFolder&) = delete;
  HiddenFolder& operator=(const HiddenFolder&) = delete;
  const std::string& path() const { return path_; }
  std::string name() const { return fs::path(path_).filename(); }

 private:
  std::string path_;
  std::optional<Hold> hold_;
};

// Of processes that were killed while they drew.
void RemoveAbandonedDrawings(const std::string& folder) {
  std::vector<std::string> abandoned;
  std::error_code error;
  for (fs::directory_iterator i(folder, error), end; !error && i != end; i.increment(error)) {
    const bool is_drawing = i->path().filename().string().starts_with(kDrawing);
    if (is_drawing && Hold(i->path().string()).held()) abandoned.push_back(i->path().string());
  }
  for (const std::string& path : abandoned) fs::remove_all(path, error);
}

void RemoveDrawing(const std::string& folder, const std::string& name, const char* format) {
  std::error_code ignored;
  fs::remove(folder + "/" + name + "." + format, ignored);
}

std::string Text(double value) { return fmt::format("{}", value); }
std::string Text(const std::string& value) { return GnuplotText(value); }

template <typename T>
std::string Assign(const std::string& name, const T& value) {
  return fmt::format("{} = {}\n", name, Text(value));
}

template <typename T>
std::string Assign(const std::string& name, const std::vector<T>& values) {
  std::string list;
  for (const T& value : values) list += (list.empty() ? "" : ", ") + Text(value);
  return fmt::format("array {}[{}] = [{}]\n", name, values.size(), list);
}

// Starts gnuplot in `folder`, its output in `log` (relative to it); returns 0 or the error number.
int Spawn(const std::string& folder, const std::string& log, std::vector<std::string> arguments,
          pid_t& child) {
  posix_spawn_file_actions_t actions;
  if (const int error = posix_spawn_file_actions_init(&actions); error != 0) return error;
  posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log.c_str(),
                                   O_WRONLY | O_CREAT | O_TRUNC, 0644);
  posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  const int error = posix_spawnp(&child, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

// The last line of gnuplot's complaint: the lines before it show where.
std::string LastLine(const std::string& path) {
  std::ifstream log(path);
  std::string line, last;
  while (std::getline(log, line)) {
    if (!line.empty()) last = line;
  }
  return last.empty() ? "no message" : last;
}

// Draws HIDDEN/NAME.FORMAT. The user's own settings of gnuplot (~/.gnuplot) are left out.
std::string RunGnuplot(const std::string& folder, const HiddenFolder& hidden,
                       const std::string& name, const std::string& format) {
  const std::string out = fmt::format("out = '{}/{}'; format = '{}'", hidden.name(), name, format);
  const std::string log = hidden.name() + "/gnuplot.log";
  pid_t child = 0;
  if (const int error = Spawn(folder, log, {"gnuplot", "-d", "-e", out, name + ".gp"}, child);
      error != 0) {
    return error == ENOENT ? "gnuplot is not installed (package gnuplot-nox)"
                           : std::string("gnuplot cannot be started: ") + std::strerror(error);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return std::string("waiting for gnuplot: ") + std::strerror(errno);
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return "";
  return "gnuplot failed on " + name + ".gp: " + LastLine(folder + "/" + log);
}

bool IsWhole(const std::string& drawing, const std::string& format) {
  return format == "svg" ? drawing.find("</svg>") != std::string::npos
                         : drawing.find("IEND") != std::string::npos;
}

void WriteScripts(const std::string& folder, const Figure& figure) {
  Files plots;
  for (const auto& [name, text] : kPlots) {
    if (name == "style.gp" || name == figure.script + ".gp") plots.emplace_back(name, text);
  }
  WriteFiles(folder + "/plots", plots);
  WriteFiles(folder, {{figure.name + ".gp", FigureScript(figure)}});
  if (!figure.table.empty()) WriteFiles(folder, {{figure.name + ".csv", figure.table}});
}

// Draws by the script that is in `folder`; the drawings by format. Returns "" or what went wrong.
std::string DrawHidden(const std::string& folder, const std::string& name, Formats formats,
                       std::map<std::string, std::string>& drawings) {
  const HiddenFolder hidden(folder);
  for (const char* format : {"svg", "png"}) {
    if (formats == Formats::kSvg && format != std::string("svg")) continue;
    if (std::string problem = RunGnuplot(folder, hidden, name, format); !problem.empty()) {
      return problem;
    }
    const std::string path = hidden.path() + "/" + name + "." + format;
    drawings[format] = fs::exists(path) ? ReadFile(path) : "";
    if (!IsWhole(drawings[format], format)) return "gnuplot left an incomplete drawing of " + name;
  }
  return "";
}

}  // namespace

std::vector<std::string> WriteFiles(const std::string& folder, const Files& files) {
  MakeFolders(folder);
  std::vector<std::string> paths;
  for (const auto& [name, text] : files) {
    WriteFileAtomically(paths.emplace_back(folder + "/" + name), text);
  }
  RemoveUnfinished(folder, [&](const std::string& name) {
    return std::any_of(files.begin(), files.end(), [&](const auto& f) { return f.first == name; });
  });
  return paths;
}

std::string GnuplotText(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) {
    quoted += static_cast<unsigned char>(c) < ' ' || c == 127 ? ' ' : c;
    if (c == '\'') quoted += c;
  }
  return quoted + "'";
}

std::string FigureScript(const Figure& figure) {
  std::string script =
      fmt::format("# Edit and draw again, in this folder: gnuplot {}.gp\n{}{}{}", figure.name,
                  Assign("name", figure.name), Assign("data", std::string("../")),
                  Assign("title", figure.title));
  for (const auto& [name, setting] : figure.settings) {
    script +=
        std::visit([&name = name](const auto& value) { return Assign(name, value); }, setting);
  }
  return script + fmt::format("load 'plots/{}.gp'\n", figure.script);
}

std::string Draw(const std::string& folder, Figure& figure, Formats formats) {
  figure.svg.clear();
  std::string problem;
  std::map<std::string, std::string> drawings;
  if (figure.missing.empty()) {
    WriteScripts(folder, figure);
    problem = DrawHidden(folder, figure.name, formats, drawings);
  }
  // A drawing that was there stays until the new one takes its place, whatever happens before.
  for (const char* format : {"svg", "png"}) {
    if (problem.empty() && drawings.count(format) > 0) {
      WriteFiles(folder, {{figure.name + "." + format, drawings[format]}});
    } else {
      RemoveDrawing(folder, figure.name, format);
    }
  }
  if (problem.empty()) figure.svg = drawings["svg"];
  return problem;
}

std::vector<std::string> DrawAll(const std::string& folder, std::vector<Figure>& figures,
                                 Formats formats) {
  WriteFiles(folder, {});
  RemoveAbandonedDrawings(folder);
  std::vector<std::string> problems;
  for (Figure& figure : figures) {
    const std::string problem = Draw(folder, figure, formats);
    const bool known = std::find(problems.begin(), problems.end(), problem) != problems.end();
    if (!problem.empty() && !known) problems.push_back(problem);
  }
  return problems;
}

std::vector<std::string> WriteWithFigures(const std::string& folder, const Files& files,
                                          std::vector<Figure>& figures) {
  std::vector<std::string> paths = WriteFiles(folder, files);
  const std::string drawings = folder + "/figures";
  const std::vector<std::string> problems = DrawAll(drawings, figures, Formats::kSvg);
  if (!problems.empty()) throw Error(drawings + ": " + problems.front());
  for (const Figure& figure : figures) {
    if (figure.missing.empty()) paths.push_back(drawings + "/" + figure.name + ".svg");
  }
  return paths;
}

void RemoveOlderFigures(const std::string& folder, const std::string& prefix,
                        const std::vector<Figure>& figures) {
  std::set<std::string> names;
  for (const Figure& figure : figures) names.insert(figure.name);
  std::error_code error, ignored;
  std::vector<fs::path> old;
  for (fs::directory_iterator i(folder, error), end; !error && i != end; i.increment(error)) {
    const std::string name = i->path().filename().string();
    const bool is_drawn = names.contains(name.substr(0, name.find('.')));
    if (name.starts_with(prefix) && !is_drawn) old.push_back(i->path());
  }
  for (const fs::path& path : old) fs::remove(path, ignored);
}

}  // namespace grove
