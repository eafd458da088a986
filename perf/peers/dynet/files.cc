#include "perf/peers/dynet/files.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace grove::peers {
namespace {

using WordIds = std::unordered_map<std::string, int>;

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file) throw std::runtime_error(path + ": cannot be read");
  return text;
}

Tensor ReadTensor(const nlohmann::json& entry, std::string_view data) {
  if (entry.at("dtype") != "F32") throw std::runtime_error("is not of type F32");
  const size_t begin = entry.at("data_offsets").at(0), end = entry.at("data_offsets").at(1);
  Tensor tensor{entry.at("shape"), {}};
  size_t count = 1;
  for (const unsigned size : tensor.shape) count *= size;
  if (end > data.size() || end - begin != count * sizeof(float)) {
    throw std::runtime_error("is cut short, or not of its shape");
  }
  tensor.values.resize(count);
  std::memcpy(tensor.values.data(), data.data() + begin, count * sizeof(float));
  return tensor;
}

// Treebanks escape what has a meaning in them.
std::string Unescape(std::string word) {
  for (const auto& [escape, meant] : {std::pair<std::string_view, const char*>{"-LRB-", "("},
                                      {"-RRB-", ")"},
                                      {"\\/", "/"},
                                      {"\\*", "*"}}) {
    for (size_t at = 0; (at = word.find(escape, at)) != std::string::npos; ++at) {
      word.replace(at, escape.size(), meant);
    }
  }
  return word;
}

// A node whose bracket is open, or was closed last.
struct Open {
  std::string label, word;
  std::vector<int> children;
};

// Reads one tree from text such as "(3 (2 It) (4 works))".
class TreeParser {
 public:
  explicit TreeParser(const WordIds& ids) : ids_(ids) {}

  Tree Parse(const std::string& line) {
    for (size_t at = 0; (at = line.find_first_not_of(" \t\r", at)) != std::string::npos;) {
      const size_t end = line[at] == '(' || line[at] == ')'
                             ? at + 1
                             : std::min(line.find_first_of("() \t\r", at), line.size());
      Take(line.substr(at, end - at));
      at = end;
    }
    if (!open_.empty() || tree_.empty()) Fail("brackets that do not match");
    return std::move(tree_);
  }

 private:
  [[noreturn]] static void Fail(const std::string& what) { throw std::runtime_error(what); }

  void Take(const std::string& token) {
    if (token == "(") {
      open_.emplace_back();
    } else if (open_.empty()) {
      Fail("brackets that do not match");
    } else if (token == ")") {
      Close();
    } else {
      std::string& place = open_.back().label.empty() ? open_.back().label : open_.back().word;
      if (!place.empty()) Fail("more than a label and a word at one node");
      place = token;
    }
  }

  void Close() {
    const Open& open = open_.back();
    Node node;
    if (open.label.empty()) Fail("a node without a label; '.' stands for none");
    if (open.label != ".") node.label = std::stoi(open.label);
    if (open.children.size() == 2 && open.word.empty()) {
      node.left = open.children[0];
      node.right = open.children[1];
    } else if (open.children.empty() && !open.word.empty()) {
      const auto found = ids_.find(Unescape(open.word));
      if (found == ids_.end()) Fail("a word that the model does not know: " + open.word);
      node.word = found->second;
    } else {
      Fail("a node with neither a word nor two children");
    }
    open_.pop_back();
    tree_.push_back(node);
    if (!open_.empty()) open_.back().children.push_back(static_cast<int>(tree_.size()) - 1);
  }

  const WordIds& ids_;
  Tree tree_;
  std::vector<Open> open_;
};

}  // namespace

Checkpoint ReadCheckpoint(const std::string& path) {
  const std::string file = ReadFile(path);
  uint64_t length = 0;  // of the JSON header that follows
  if (file.size() < sizeof(length)) throw std::runtime_error(path + ": cut short");
  std::memcpy(&length, file.data(), sizeof(length));
  if (length > file.size() - sizeof(length)) throw std::runtime_error(path + ": cut short");
  const auto header = nlohmann::json::parse(file.substr(sizeof(length), length));
  const std::string_view data = std::string_view(file).substr(sizeof(length) + length);

  Checkpoint checkpoint;
  for (const auto& [name, entry] : header.items()) {
    if (name == "__metadata__" || name.rfind("opt.", 0) == 0) continue;
    try {
      checkpoint.tensors[name] = ReadTensor(entry, data);
    } catch (const std::runtime_error& error) {
      throw std::runtime_error(path + ": tensor " + name + " " + error.what());
    }
  }
  const auto& metadata = header.at("__metadata__");
  checkpoint.spec = nlohmann::json::parse(metadata.at("spec").get<std::string>());
  checkpoint.vocabulary = nlohmann::json::parse(metadata.at("vocabulary").get<std::string>());
  return checkpoint;
}

std::vector<Tree> ReadTreebank(const std::string& path,
                               const std::vector<std::string>& vocabulary) {
  WordIds ids;
  for (const std::string& word : vocabulary) ids.emplace(word, static_cast<int>(ids.size()));
  std::ifstream file(path);
  std::vector<Tree> trees;
  std::string line;
  for (size_t number = 1; std::getline(file, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    try {
      trees.push_back(TreeParser(ids).Parse(line));
    } catch (const std::exception& error) {
      throw std::runtime_error(path + ":" + std::to_string(number) + ": " + error.what());
    }
  }
  if (trees.empty()) throw std::runtime_error(path + ": cannot be read, or has no trees");
  return trees;
}

}  // namespace grove::peers
