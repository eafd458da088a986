#include "experiments/runs/state_saver.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "engine/error.h"

namespace grove {
namespace {

std::chrono::steady_clock::duration Duration(double seconds) {
  constexpr double kLongest = 1e9;  // what a clock surely holds
  return std::chrono::duration_cast<std::chrono::steady_clock::duration>(
      std::chrono::duration<double>(std::min(seconds, kLongest)));
}

}  // namespace

StateSaver::StateSaver(const Trainer& trainer, std::string path, const StateRhythm& rhythm,
                       const std::function<void(const std::string&)>& note)
    : trainer_(trainer),
      path_(std::move(path)),
      rhythm_(rhythm),
      note_(note),
      seen_requests_(rhythm.requests == nullptr ? 0 : rhythm.requests->load()),
      due_(Clock::now() + Duration(rhythm.seconds)) {}

bool StateSaver::IsDue() {
  if (rhythm_.requests != nullptr) {
    const unsigned requests = rhythm_.requests->load(std::memory_order_relaxed);
    if (requests != seen_requests_) {
      seen_requests_ = requests;
      return true;
    }
  }
  return rhythm_.seconds == 0 || Clock::now() >= due_;
}

void StateSaver::AfterUpdate(double seconds) {
  if (!IsDue()) return;
  const Clock::time_point begin = Clock::now();
  try {
    Save(seconds);
    failed_ = false;
  } catch (const Error& error) {
    if (!failed_ && note_) note_(std::string("no state is kept for now: ") + error.what());
    failed_ = true;  // said once, until one is written again
  }
  const Clock::time_point end = Clock::now();
  const double cost = std::chrono::duration<double>(end - begin).count();
  due_ = end + Duration(std::max(rhythm_.seconds, cost / rhythm_.most_share));
}

void StateSaver::Save(double seconds) {
  char text[32];
  const auto [end, code] = std::to_chars(text, text + sizeof(text), seconds);
  trainer_.SaveState(path_, std::string(text, end));
}

double StateSaver::Seconds(const std::string& note) {
  double seconds = 0;
  std::from_chars(note.data(), note.data() + note.size(), seconds);
  return seconds > 0 ? seconds : 0;
}

}  // namespace grove
