#include "engine/files/treebank.h"

#include <algorithm>
#include <utility>

#include "engine/error.h"
#include "engine/files/line_source.h"
#include "engine/files/tree_stream.h"

namespace grove {
namespace {

const std::atomic<bool> kNeverStop = false;

std::optional<Treebank> Read(LineSource source, const TreebankOptions& options,
                             const std::atomic<bool>& stop) {
  TreeStream stream(std::move(source), options);
  for (bool more = true; more;) {
    more = stream.ReadLine();
    for (const TreebankFault& fault : stream.faults()) throw Error(Describe(stream.name(), fault));
    if (more && stop.load(std::memory_order_relaxed)) return std::nullopt;
  }
  if (!stream.any_tree()) throw Error(Describe(stream.name(), kNoTree));
  return stream.TakeTreebank();
}

void Add(const ForestShape& shape, TreebankCheck& check) {
  check.most_children = std::max(check.most_children, shape.most_children);
  check.inner_words |= shape.inner_words;
}

}  // namespace

const TreebankFault kNoTree = {{1, 1}, "there is no tree", ""};

Examples ExamplesOf(const RunSpec& spec) {
  if (spec.comparison == "none") return Examples::kTrees;
  return spec.target == "score" ? Examples::kScoredPairs : Examples::kPairs;
}

std::string Describe(const std::string& path, const TreebankFault& fault) {
  return path + ":" + std::to_string(fault.place.line) + ":" + std::to_string(fault.place.column) +
         ": " + fault.message + (fault.near.empty() ? "" : ", near '" + fault.near + "'");
}

Treebank ParseTreebank(std::string_view text, const std::string& name,
                       const TreebankOptions& options) {
  return *Read(LineSource::OfText(text, name), options, kNeverStop);
}

Treebank ReadTreebank(const std::string& path, const TreebankOptions& options) {
  return *ReadTreebank(path, options, kNeverStop);
}

std::optional<Treebank> ReadTreebank(const std::string& path, const TreebankOptions& options,
                                     const std::atomic<bool>& stop) {
  return Read(LineSource(path, FileReader::Kind::kOnlyFiles), options, stop);
}

Treebank ReadOnce(const std::string& path, const TreebankOptions& options) {
  return *Read(LineSource(path), options, kNeverStop);
}

TreebankCheck CheckTreebank(const std::string& path, const TreebankOptions& options) {
  TreeStream stream(LineSource(path), options);
  TreebankCheck check;
  for (bool more = true; more;) {
    more = stream.ReadLine();
    for (const TreebankFault& fault : stream.faults()) {
      if (check.faults.size() < kMostFaults) {
        check.faults.push_back(fault);
      } else {
        ++check.more_faults;
      }
    }
    if (more && !stream.IsMuch()) continue;
    const Forest forest = stream.TakeForest();
    check.trees += forest.trees();
    Add(ShapeOf(forest), check);
  }
  const Treebank rest = stream.TakeTreebank();
  if (check.faults.empty() && check.trees == 0) check.faults.push_back(kNoTree);
  check.format = stream.format().name;
  check.examples = stream.examples();
  check.collapsed = rest.collapsed;
  check.traces = rest.traces;
  return check;
}

}  // namespace grove
