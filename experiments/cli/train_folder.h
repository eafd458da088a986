// The folder of one trained model: model.safetensors and record.json of a finished run, or
// interrupted.safetensors (the trainer's state) and interrupted.json of one to be continued.
#pragma once

#include <optional>
#include <string>

namespace grove {

class TrainFolder {
 public:
  // Looks, and writes nothing. Throws Error unless `path` is missing or empty, holds what a run of
  // the same `key` left when it was interrupted, or holds a finished run and `force` is set.
  TrainFolder(std::string path, const std::string& key, bool force);

  // Seconds of training that an interrupted run of this key has behind it; empty: none is there.
  const std::optional<double>& interrupted_seconds() const { return interrupted_seconds_; }

  // Makes the folder, and its parents. Throws Error.
  void Create() const;
  // Notes that state_path() holds the state of the run after `seconds` of training.
  void NoteInterruption(double seconds) const;
  // After the run: removes the state of its interruption.
  void RemoveState() const;
  // Removes the model of the run that this one replaces.
  void RemoveModel() const;

  std::string model_path() const { return path_ + "/model.safetensors"; }
  std::string record_path() const { return path_ + "/record.json"; }
  std::string state_path() const { return path_ + "/interrupted.safetensors"; }

 private:
  std::string note_path() const { return path_ + "/interrupted.json"; }

  std::string path_;
  std::string key_;
  std::optional<double> interrupted_seconds_;
};

}  // namespace grove
