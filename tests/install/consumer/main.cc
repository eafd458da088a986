#include <grove/grove.h>

#include <cstdio>
#include <random>

// Five words a tree, joined from the left; its class says whether word 7 is among them.
grove::Forest MakeTrees(int trees, unsigned seed) {
  std::mt19937 random(seed);
  grove::Forest forest;
  for (int t = 0; t < trees; ++t) {
    int32_t top = grove::kNone, label = 0;
    for (int leaf = 0; leaf < 5; ++leaf) {
      const auto word = static_cast<int32_t>(random() % 10);
      const int32_t node = forest.AddLeaf(word);
      top = leaf == 0 ? node : forest.AddInner(top, node);
      if (word == 7) label = 1;
    }
    forest.label.back() = label;  // of the root, which is the last node
    forest.FinishTree();
  }
  return forest;
}

int main() {
  grove::Dataset data;
  data.train = MakeTrees(500, 1), data.dev = MakeTrees(100, 2), data.test = MakeTrees(100, 3);
  data.vocabulary_size = 10, data.classes = 2;
  grove::RunSpec spec;
  spec.model = "tai_binary", spec.dim = 20, spec.init_word_range = 0.5;
  grove::Trainer trainer(spec, data);
  trainer.Run(/*stop=*/false);
  std::printf("test accuracy %.2f\n", trainer.result().test_accuracy);

  grove::TreePredictor predictor(trainer.network(), grove::TreePredictor::Of::kRoots);
  predictor.Predict(MakeTrees(3, 4), [&](size_t tree) {
    std::printf("tree %zu: P(7 is there) = %.3f\n", tree, predictor.Probabilities()[1]);
  });
}
