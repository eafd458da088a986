// When a run that is being trained writes its state, so that its process may die at any time.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <string>

#include "engine/training/trainer.h"

namespace grove {

struct StateRhythm {
  // Between two states; longer where writing one would take more than this share of the time. 0:
  // after every update, whatever it takes.
  double seconds = 10;
  double most_share = 0.01;
  // A state is also written after the next update whenever this has changed; may be null.
  const std::atomic<unsigned>* requests = nullptr;
};

// Of one run. Its files are those of Trainer::SaveState, with the run's time as the note.
class StateSaver {
 public:
  // `note` is told in one line when a state cannot be written: training goes on, and the state
  // before it stays. All must outlive this.
  StateSaver(const Trainer& trainer, std::string path, const StateRhythm& rhythm,
             const std::function<void(const std::string&)>& note);

  // After an update: writes a state if it is due. `seconds`: what the run has taken so far.
  void AfterUpdate(double seconds);
  // Writes one now. Throws Error if it cannot be written.
  void Save(double seconds);

  // The run's time, from what LoadState gave.
  static double Seconds(const std::string& note);

 private:
  using Clock = std::chrono::steady_clock;

  bool IsDue();

  const Trainer& trainer_;
  const std::string path_;
  const StateRhythm rhythm_;
  const std::function<void(const std::string&)>& note_;
  unsigned seen_requests_ = 0;
  Clock::time_point due_;
  bool failed_ = false;  // the last one could not be written
};

}  // namespace grove
