#include "tests/faults/injector.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <utility>

namespace grove::faults {
namespace {

namespace fs = std::filesystem;

constexpr std::pair<const char*, Kind> kKinds[] = {
    {"none", Kind::kNone},     {"kill", Kind::kKill}, {"eio", Kind::kEio},
    {"enospc", Kind::kEnospc}, {"half", Kind::kHalf}, {"unsynced", Kind::kUnsynced}};

thread_local bool inside = false;

std::string FromEnvironment(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr) Refuse(std::string(name) + " is not set");
  return value;
}

Kind KindFromEnvironment() {
  const std::string kind = FromEnvironment("GROVE_FAULT_KIND");
  for (const auto& [name, value] : kKinds) {
    if (kind == name) return value;
  }
  Refuse("GROVE_FAULT_KIND: none, kill, eio, enospc, half or unsynced");
}

}  // namespace

void Refuse(const std::string& what) {
  std::fprintf(stderr, "fault library: %s\n", what.c_str());
  _exit(125);
}

bool IsInside() { return inside; }
Inside::Inside() { inside = true; }
Inside::~Inside() { inside = false; }

Injector& Injector::Get() {
  static Injector& injector = *new Injector();
  return injector;
}

Injector::Injector() : kind_(KindFromEnvironment()) {
  const std::string folder = FromEnvironment("GROVE_FAULT_FOLDER");
  std::error_code error;
  folder_ = fs::canonical(folder, error).string();
  if (error || !fs::is_directory(folder_)) Refuse(folder + ": no folder");
  if (kind_ != Kind::kNone) at_ = std::atol(FromEnvironment("GROVE_FAULT_AT").c_str());
  if (kind_ != Kind::kNone && at_ < 1) Refuse("GROVE_FAULT_AT: a number from 1");
  const std::string log = FromEnvironment("GROVE_FAULT_LOG");
  log_ = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (log_ < 0) Refuse(log + ": cannot be written");
  if (kind_ == Kind::kUnsynced) image_ = std::make_unique<DurableImage>(folder_);
  unsetenv("LD_PRELOAD");  // of the programs that this one starts
}

std::optional<std::string> Injector::PlaceOf(const fs::path& path) const {
  if (path.empty()) return std::nullopt;
  std::error_code error;
  fs::path whole = fs::absolute(path, error).lexically_normal();
  if (!whole.has_filename()) whole = whole.parent_path();
  whole = fs::weakly_canonical(whole.parent_path(), error) / whole.filename();
  if (whole == folder_) return ".";
  const std::string text = whole.string();
  if (!text.starts_with(folder_ + "/")) return std::nullopt;
  return text.substr(folder_.size() + 1);
}

Kind Injector::Meet(const std::string& call) {
  ++count_;
  const std::string line = std::to_string(count_) + " " + call + "\n";
  if (write(log_, line.data(), line.size()) < 0) Refuse("the log cannot be written");
  return count_ == at_ ? kind_ : Kind::kNone;
}

void Injector::LosePower() {
  try {
    image_->Restore();
  } catch (const std::exception& error) {
    Refuse(error.what());
  }
}

void Injector::End() {
  if (image_ && count_ < at_) LosePower();
}

}  // namespace grove::faults
