// The DyNet side of the race, started by compare.py, which compiles it against the DyNet that the
// user has. It speaks as perf/peers/peer.py does: a request a line on standard input, its answer a
// line on standard output, both JSON.
//   do = "epoch": trains an epoch in file order from the checkpoint "start" on the file "trees";
//                 answers its loss and accuracy, and how far the weights are from those of "end"
//   do = "time":  trains for "seconds"; answers trees per second
//   do = "info":  answers which libraries are used
//
// What was chosen for DyNet, each by trying others (with OpenBLAS, on AVX2):
//   - The graph is made a node at a time and batched by DyNet itself (--dynet-autobatch 1). To put
//     the leaves of a minibatch together by hand makes nothing faster.
//   - In `tai_binary` the matrices that multiply the same vector are one parameter, which is faster
//     than one each. In `rlstm` they are one each, which is faster than two together: nothing is to
//     be picked apart then, and a leaf, which has no cell, has no forget gate.
//   - No matrix is put together in the graph. It takes time, and where DyNet batches such nodes it
//     gives the gradients of all to the first.
//   - The labelled nodes are gathered in one node, for one product and one loss.
//   - Words are looked up and updated by rows. The update is our own, in one pass (weights.h).
#include <dynet/init.h>

#include <cmath>
#include <exception>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "perf/peers/dynet/files.h"
#include "perf/peers/dynet/session.h"

namespace grove::peers {
namespace {

using nlohmann::json;

double Distance(const Tensor& a, const Tensor& b) {
  double squares = 0;
  for (size_t i = 0; i < a.values.size(); ++i) {
    const double difference = static_cast<double>(a.values[i]) - static_cast<double>(b.values[i]);
    squares += difference * difference;
  }
  return std::sqrt(squares);
}

// The tensor that is farthest from `end`, by the way that it went there from `start`.
json Farthest(const Tensors& mine, const Tensors& start, const Tensors& end) {
  std::string worst;
  double distance = -1;
  for (const auto& [name, tensor] : end) {
    const double way = Distance(mine.at(name), tensor) / Distance(tensor, start.at(name));
    if (way <= distance) continue;
    worst = name;
    distance = way;
    if (std::isnan(way)) break;  // no number is larger
  }
  return {{"worst_tensor", worst}, {"worst_distance", distance}};
}

// The loaded libraries whose names have one of these parts.
std::string Loaded(const std::vector<std::string>& parts) {
  std::ifstream maps("/proc/self/maps");
  std::set<std::string> found;
  for (std::string line; std::getline(maps, line);) {
    const size_t path = line.find('/');
    if (path == std::string::npos) continue;
    const std::string name = line.substr(line.rfind('/') + 1);
    for (const std::string& part : parts) {
      if (name.find(part) != std::string::npos) found.insert(line.substr(path));
    }
  }
  std::string text;
  for (const std::string& path : found) text += (text.empty() ? "" : " ") + path;
  return text;
}

json Info() {
  const std::string dynet = Loaded({"libdynet"}), blas = Loaded({"blas", "mkl"});
  return {{"library", dynet.empty() ? "linked statically" : dynet},
          {"blas", blas.empty() ? "Eigen's own products" : blas}};
}

json Epoch(const std::string& trees, const Checkpoint& start, const Checkpoint& end) {
  Session session(trees, start);
  const Outcome outcome = session.Epoch();
  const auto count = static_cast<double>(outcome.trees);
  json answer = Farthest(session.Named(), start.tensors, end.tensors);
  answer["loss"] = outcome.loss / count;
  answer["accuracy"] = static_cast<double>(outcome.right_answers) / count;
  return answer;
}

void Serve() {
  dynet::DynetParams parameters;
  parameters.autobatch = 1;    // --dynet-autobatch 1
  parameters.random_seed = 1;  // nothing is random
  dynet::initialize(parameters);
  std::map<std::string, std::unique_ptr<Session>> sessions;
  for (std::string line; std::getline(std::cin, line);) {
    const json request = json::parse(line);
    json answer;
    if (request.at("do") == "info") {
      answer = Info();
    } else if (request.at("do") == "epoch") {
      answer = Epoch(request.at("trees"), ReadCheckpoint(request.at("start")),
                     ReadCheckpoint(request.at("end")));
    } else {
      auto& session = sessions[request.at("trees")];
      if (!session) {
        session =
            std::make_unique<Session>(request.at("trees"), ReadCheckpoint(request.at("start")));
      }
      answer["trees_per_second"] = session->TreesPerSecond(request.at("seconds"));
    }
    std::cout << answer.dump() << std::endl;
  }
}

}  // namespace
}  // namespace grove::peers

int main() {
  try {
    grove::peers::Serve();
  } catch (const std::exception& error) {
    std::cerr << "DyNet's peer: " << error.what() << "\n";
    return 1;
  }
  return 0;
}
