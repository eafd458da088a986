#include "experiments/runs/live.h"

#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/error.h"
#include "engine/files/files.h"
#include "experiments/runs/run_folder.h"

namespace grove {
namespace {

using Json = nlohmann::ordered_json;

constexpr auto kInterval = std::chrono::seconds(2);

std::string HostName() {
  char name[256] = {};
  return gethostname(name, sizeof(name) - 1) == 0 ? name : "";
}

Live Parse(const std::string& text) {
  const nlohmann::json json = nlohmann::json::parse(text);
  Live live{json.at("host"), json.at("pid"), json.at("time"), json.at("ended"), {}};
  live.progress.total = json.at("total");
  live.progress.finished = json.at("finished");
  live.progress.failed = json.at("failed");
  live.progress.elapsed_seconds = json.at("elapsed_seconds");
  if (!json.at("remaining_seconds").is_null()) {
    live.progress.remaining_seconds = json.at("remaining_seconds").get<double>();
  }
  for (const auto& run : json.at("running")) {
    live.progress.running.push_back({run.at("label"), run.at("detail"), run.at("fraction")});
  }
  return live;
}

}  // namespace

LiveFile::LiveFile(std::string path, const sched::ProgressMeter& meter)
    : path_(std::move(path)),
      meter_(meter),
      ended_before_(meter.Snapshot().finished),
      thread_([this] { Loop(); }) {}

LiveFile::~LiveFile() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_all();
  thread_.join();
  std::error_code ignored;  // it may never have been written
  std::filesystem::remove(path_, ignored);
}

void LiveFile::Loop() {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, kInterval, [this] { return ending_; })) {
    try {
      WriteFileAtomically(path_, Text());
    } catch (const Error&) {
      // The next one may be written again.
    }
  }
}

std::string LiveFile::Text() const {
  const sched::ProgressSnapshot progress = meter_.Snapshot();
  Json running = Json::array();
  for (const sched::ProgressSnapshot::Running& run : progress.running) {
    running.push_back({{"label", run.label}, {"detail", run.detail}, {"fraction", run.fraction}});
  }
  Json json = {{"host", HostName()},
               {"pid", getpid()},
               {"time", WallTime()},
               {"ended", progress.finished + progress.failed - ended_before_},
               {"total", progress.total},
               {"finished", progress.finished},
               {"failed", progress.failed},
               {"elapsed_seconds", progress.elapsed_seconds},
               {"remaining_seconds", nullptr},
               {"running", std::move(running)}};
  if (progress.remaining_seconds) json["remaining_seconds"] = *progress.remaining_seconds;
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::vector<Live> ReadLive(const std::string& directory) {
  std::vector<Live> all;
  for (const std::string& path : FilesOfRunFolder(directory, "live", ".json")) {
    try {
      all.push_back(Parse(ReadFile(path)));
    } catch (const Error&) {
    } catch (const nlohmann::json::exception&) {
    }
  }
  return all;
}

double WallTime() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration<double>(now).count();
}

}  // namespace grove
