#include "experiments/report/tensorboard.h"

#include <bit>
#include <boost/crc.hpp>
#include <cctype>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <string_view>

#include "engine/files/files.h"
#include "engine/files/folders.h"
#include "engine/json_text.h"
#include "experiments/runs/each_run.h"
#include "experiments/runs/store.h"

namespace grove {
namespace {

// Messages as protocol buffers are written: fields of a number and a wire type, and integers of
// seven bits a byte.
void AppendVarint(uint64_t value, std::string& to) {
  for (; value >= 0x80; value >>= 7) to += static_cast<char>(value | 0x80);
  to += static_cast<char>(value);
}

template <class T>
void AppendFixed(T value, std::string& to) {  // little-endian
  for (size_t i = 0; i < sizeof(T); ++i) to += static_cast<char>(value >> (8 * i));
}

enum Wire : uint64_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

void AppendTag(uint64_t field, Wire wire, std::string& to) { AppendVarint(field << 3 | wire, to); }

void AppendBytes(uint64_t field, std::string_view bytes, std::string& to) {
  AppendTag(field, kBytes, to);
  AppendVarint(bytes.size(), to);
  to += bytes;
}

// CRC-32C, turned round and moved, so that the sum of data that hold sums says something.
uint32_t MaskedCrc(std::string_view bytes) {
  boost::crc_optimal<32, 0x1edc6f41, 0xffffffff, 0xffffffff, true, true> crc;
  crc.process_bytes(bytes.data(), bytes.size());
  return std::rotr(static_cast<uint32_t>(crc.checksum()), 15) + 0xa282ead8u;
}

void AppendRecord(std::string_view event, std::string& file) {
  std::string length;
  AppendFixed(static_cast<uint64_t>(event.size()), length);
  file += length;
  AppendFixed(MaskedCrc(length), file);
  file += event;
  AppendFixed(MaskedCrc(event), file);
}

// Event: 1 wall_time, 2 step, 3 file_version or 5 summary.
std::string EventAt(int step) {
  std::string event;
  AppendTag(1, kFixed64, event);
  AppendFixed(std::bit_cast<uint64_t>(static_cast<double>(step)), event);
  AppendTag(2, kVarint, event);
  AppendVarint(static_cast<uint64_t>(step), event);
  return event;
}

// Summary: any number of 1 value, a Value of 1 tag and 2 simple_value. Without values that are not
// known.
void AppendScalar(std::string_view tag, double value, std::string& summary) {
  if (std::isnan(value)) return;
  std::string scalar;
  AppendBytes(1, tag, scalar);
  AppendTag(2, kFixed32, scalar);
  AppendFixed(std::bit_cast<uint32_t>(static_cast<float>(value)), scalar);
  AppendBytes(1, scalar, summary);
}

// Letters, digits and what else a path may have everywhere; whatever stands between is one _.
std::string AsName(const std::string& text) {
  std::string name;
  for (const char c : text) {
    const bool plain =
        std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '=' || c == '.' || c == '-';
    if (plain) name += c;
    if (!plain && !name.ends_with('_')) name += '_';
  }
  if (name.ends_with('_')) name.pop_back();
  return name;
}

}  // namespace

std::string TensorBoardEvents(const RunRecord& record) {
  std::string file, event = EventAt(0);
  AppendBytes(3, "brain.Event:2", event);
  AppendRecord(event, file);
  for (const EpochRecord& epoch : record.history) {
    std::string summary;
    AppendScalar("loss", epoch.loss, summary);
    AppendScalar("train_accuracy", epoch.train_accuracy, summary);
    AppendScalar("dev_loss", epoch.dev_loss, summary);
    AppendScalar("dev_accuracy", epoch.dev_accuracy, summary);
    AppendScalar("dev_node_accuracy", epoch.dev_node_accuracy, summary);
    AppendScalar("dev_macro_f1", epoch.dev_macro_f1, summary);
    event = EventAt(epoch.epoch);
    AppendBytes(5, summary, event);
    AppendRecord(event, file);
  }
  std::string summary;
  AppendScalar("test_accuracy", record.test_accuracy, summary);
  if (!summary.empty()) {
    event = EventAt(record.best_epoch);
    AppendBytes(5, summary, event);
    AppendRecord(event, file);
  }
  return file;
}

std::string TensorBoardPath(const RunIdentity& run) {
  std::string label = run.Label();
  if (label.starts_with(run.experiment + " ")) label.erase(0, run.experiment.size() + 1);
  // What a sweep varies is not in the label.
  if (!run.variant.empty()) label += " " + run.variant;
  return AsName(run.experiment) + "/" + AsName(label) + "/events.out.tfevents." + run.key;
}

void WriteTensorBoard(const RunRecord& record, const std::string& folder) {
  const std::string path = folder + "/" + TensorBoardPath(record);
  MakeFolders(std::filesystem::path(path).parent_path().string());
  WriteFileAtomically(path, TensorBoardEvents(record));
}

size_t WriteTensorBoard(const std::string& runs, const std::string& folder) {
  MakeFolders(folder);
  size_t written = 0;
  const EachRun each(JournalFiles(runs), nullptr);
  each.Visit([&](std::string_view line, const LineSubject& subject) {
    if (!subject.is_record) return;
    WriteTensorBoard(RecordFromJson(ParseJson(line, "record")), folder);
    ++written;
  });
  return written;
}

}  // namespace grove
