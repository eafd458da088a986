// The oracle's cells against their equations written out in scalars, where names and roles of the
// tensors show; and what the oracle does with trees that a cell cannot have.
#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/engine/cells/reference_cases.h"

namespace grove::reference {
namespace {

double G(double x) { return std::tanh(x); }

// A cell of width 1 on the tree ((0 1) 2), whose leaves a, b, y are their word vectors.
class ScalarTest : public testing::Test {
 protected:
  void Make(const std::string& model) {
    settings_ = {.model = model, .dim = 1, .classes = 2};
    w_ = RandomTensors(settings_, 7);
    Tree tree;
    const size_t first = Leaf(tree, 0), second = Leaf(tree, 1);
    const size_t inner = Inner(tree, {first, second}), third = Leaf(tree, 2);
    Inner(tree, {inner, third}, 1);
    pass_ = Forward(settings_, w_, tree);
  }

  double At(const std::string& name) const { return w_.at(name)[0]; }
  // A product with the h of a leaf, by the leaf's own matrix.
  double Of(const std::string& name, double leaf) const { return At("leaf." + name) * leaf; }
  double Word(size_t token) const { return w_.at("embeddings")[token]; }
  double Gate(size_t node, const std::string& name) const {
    return pass_.nodes[node].gates.at(name)[0];
  }

  Settings settings_;
  Tensors w_;
  TreePass pass_;
};

TEST_F(ScalarTest, Rlstm) {
  Make("rlstm");
  const double a = Word(0), b = Word(1), y = Word(2);
  const double i1 = Sigmoid(Of("W_i1", a) + Of("W_i2", b) + At("b_i"));
  const double i2 = Sigmoid(Of("W_i1", b) + Of("W_i2", a) + At("b_i"));
  const double cx = G(Of("W_c1", a) * i1 + Of("W_c2", b) * i2 + At("b_c"));
  const double x = Sigmoid(Of("W_o1", a) + Of("W_o2", b) + At("W_co") * cx + At("b_o")) * G(cx);
  const double j1 = Sigmoid(At("W_i1") * x + Of("W_i2", y) + At("W_ci1") * cx + At("b_i"));
  const double j2 = Sigmoid(Of("W_i1", y) + At("W_i2") * x + At("W_ci2") * cx + At("b_i"));
  const double f1 = Sigmoid(At("W_f1") * x + Of("W_f2", y) + At("W_cf1") * cx + At("b_f"));
  const double cp = f1 * cx + G(At("W_c1") * x * j1 + Of("W_c2", y) * j2 + At("b_c"));
  const double o = Sigmoid(At("W_o1") * x + Of("W_o2", y) + At("W_co") * cp + At("b_o"));
  const double p = o * G(cp);
  const double z0 = w_.at("softmax.W")[0] * p + w_.at("softmax.b")[0];
  const double z1 = w_.at("softmax.W")[1] * p + w_.at("softmax.b")[1];

  EXPECT_NEAR(Gate(2, "i1"), i1, 1e-15);
  EXPECT_NEAR(Gate(2, "i2"), i2, 1e-15);
  EXPECT_NEAR(pass_.nodes[2].c[0], cx, 1e-15);
  EXPECT_NEAR(Gate(4, "f1"), f1, 1e-15);
  EXPECT_NEAR(Gate(4, "o"), o, 1e-15);
  EXPECT_NEAR(pass_.nodes[4].h[0], p, 1e-15);
  EXPECT_NEAR(pass_.loss, std::log(1 + std::exp(z0 - z1)), 1e-14);
  EXPECT_EQ(pass_.nodes[3].c, Vector{0});
  EXPECT_TRUE(pass_.probabilities[2].empty());
  EXPECT_NEAR(pass_.probabilities[4][0] + pass_.probabilities[4][1], 1, 1e-15);
}

TEST_F(ScalarTest, Zhu) {
  Make("zhu");
  const double a = Word(0), b = Word(1), y = Word(2);
  const double i = Sigmoid(Of("W_i1", a) + Of("W_i2", b) + At("b_i"));
  const double cx = i * G(Of("W_c1", a) + Of("W_c2", b) + At("b_c"));
  const double x = Sigmoid(Of("W_o1", a) + Of("W_o2", b) + At("W_co") * cx + At("b_o")) * G(cx);
  const double j = Sigmoid(At("W_i1") * x + Of("W_i2", y) + At("W_ci1") * cx + At("b_i"));
  const double f = Sigmoid(At("W_fl1") * x + Of("W_fl2", y) + At("W_cfl1") * cx + At("b_fl"));
  const double r = Sigmoid(At("W_fr1") * x + Of("W_fr2", y) + At("W_cfr1") * cx + At("b_fr"));
  const double cp = f * cx + j * G(At("W_c1") * x + Of("W_c2", y) + At("b_c"));
  const double o = Sigmoid(At("W_o1") * x + Of("W_o2", y) + At("W_co") * cp + At("b_o"));
  EXPECT_NEAR(Gate(4, "f_l"), f, 1e-15);
  EXPECT_NEAR(Gate(4, "f_r"), r, 1e-15);
  EXPECT_NEAR(pass_.nodes[4].c[0], cp, 1e-15);
  EXPECT_NEAR(pass_.nodes[4].h[0], o * G(cp), 1e-15);
}

TEST_F(ScalarTest, Gru) {
  Make("gru");
  const double a = Word(0), b = Word(1), y = Word(2);
  const auto node = [&](double l, double r, const char* left) {  // whose left matrices are named
    const auto gate = [&](const std::string& k) {
      return Sigmoid(At(left + ("W_" + k + "1")) * l + Of("W_" + k + "2", r) + At("b_" + k));
    };
    const double candidate = G(At("U_1") * gate("r") * l + At("U_2") * gate("r") * r + At("b_h"));
    return gate("zl") * l + gate("zr") * r + (1 - gate("zl") - gate("zr")) * candidate;
  };
  const double x = node(a, b, "leaf.");
  EXPECT_NEAR(pass_.nodes[2].h[0], x, 1e-15);
  EXPECT_NEAR(pass_.nodes[4].h[0], node(x, y, ""), 1e-15);
  EXPECT_NEAR(Gate(4, "z_r"), Sigmoid(At("W_zr1") * x + Of("W_zr2", y) + At("b_zr")), 1e-15);
}

// Width 2, for LayerNorm makes 0 of a single element.
TEST(CellTest, Grc) {
  const Settings settings = {.model = "grc", .dim = 2, .classes = 2};
  const Tensors w = RandomTensors(settings, 7);
  Tree tree;
  const size_t left = Leaf(tree, 0), right = Leaf(tree, 1);
  Inner(tree, {left, right});
  const auto product = [&](const std::string& name, const Vector& x, size_t row) {
    double sum = 0;
    for (size_t k = 0; k < x.size(); ++k) sum += w.at(name)[row * x.size() + k] * x[k];
    return sum;
  };
  const Vector& words = w.at("embeddings");
  const Vector l = {words[0], words[1]}, r = {words[2], words[3]};
  Vector a(8), mix(2);
  for (size_t k = 0; k < 8; ++k) {
    const double z = product("leaf.W_a1", l, k) + product("leaf.W_a2", r, k) + w.at("b_a")[k];
    a[k] = 0.5 * z * (1 + std::erf(z / std::sqrt(2.0)));
  }
  for (size_t k = 0; k < 2; ++k) {
    mix[k] =
        Sigmoid(product("W_fl", a, k) + w.at("b_fl")[k]) * l[k] +
        Sigmoid(product("W_fr", a, k) + w.at("b_fr")[k]) * r[k] +
        Sigmoid(product("W_i", a, k) + w.at("b_i")[k]) * (product("W_u", a, k) + w.at("b_u")[k]);
  }
  const double half = (mix[0] - mix[1]) / 2, norm = half / std::sqrt(half * half + 1e-5);
  const Node node = Forward(settings, w, tree).nodes[2];
  EXPECT_NEAR(node.h[0], w.at("gain")[0] * norm + w.at("b_norm")[0], 1e-14);
  EXPECT_NEAR(node.h[1], -w.at("gain")[1] * norm + w.at("b_norm")[1], 1e-14);
}

// A root with a token and three children: a leaf, a leaf without a token, and a leaf.
class ManyChildrenTest : public testing::TestWithParam<std::string> {};

TEST_P(ManyChildrenTest, Equations) {
  const Settings settings = {.model = GetParam(), .dim = 1, .classes = 2};
  const bool sum = settings.model == "child_sum";
  const Tensors w = RandomTensors(settings, 9);
  Tree tree;
  const size_t a = Leaf(tree, 0), b = AddNode(tree, {}, {}), c = Leaf(tree, 1);
  AddNode(tree, {a, b, c}, 2);
  const std::vector<Node> nodes = Forward(settings, w, tree).nodes;
  const auto at = [&](const std::string& name) { return w.at(name)[0]; };
  // W_gate x + b_gate
  const auto own = [&](const std::string& gate, double x) {
    return at("W_" + gate) * x + at("b_" + gate);
  };
  Vector h, memory;
  for (const double x : {w.at("embeddings")[0], 0.0, w.at("embeddings")[1]}) {
    memory.push_back(Sigmoid(own("i", x)) * G(own("u", x)));
    h.push_back(Sigmoid(own("o", x)) * G(memory.back()));
  }
  const double x = w.at("embeddings")[2];
  const auto of_children = [&](const std::string& u) {
    if (sum) return at("U_" + u) * (h[0] + h[1] + h[2]);
    return at("U_" + u + "1") * h[0] + at("U_" + u + "2") * h[1] + at("U_" + u + "3") * h[2];
  };
  double expected = Sigmoid(own("i", x) + of_children("i")) * G(own("u", x) + of_children("u"));
  for (size_t k = 0; k < 3; ++k) {
    const std::string name = "f" + std::to_string(k + 1);
    const double f = Sigmoid(own("f", x) + (sum ? at("U_f") * h[k] : of_children(name)));
    EXPECT_NEAR(nodes[3].gates.at(name)[0], f, 1e-15);
    expected += f * memory[k];
  }
  EXPECT_NEAR(nodes[1].h[0], h[1], 1e-15);
  EXPECT_NEAR(nodes[3].c[0], expected, 1e-15);
  EXPECT_NEAR(nodes[3].h[0], Sigmoid(own("o", x) + of_children("o")) * G(expected), 1e-15);
}

INSTANTIATE_TEST_SUITE_P(Cells, ManyChildrenTest, testing::Values("tai_3", "tai_4", "child_sum"),
                         [](const auto& info) { return info.param; });

// p = g(W1 x + W2 y + b) with numbers that a reader can add up; and the node above it, of one
// child.
TEST(CellTest, RnnOfWidthTwo) {
  const Settings settings{"rnn", 2, 2, false, "relu"};
  Tensors w = ZeroTensors(settings, 2);
  w.at("W1") = {1, 2, 3, 4};
  w.at("W2") = {0, 1, -1, 0};
  w.at("b") = {0.5, -9};
  w.at("embeddings") = {1, 1, 2, 3};
  Tree tree;
  const size_t x = Leaf(tree, 0), y = Leaf(tree, 1);
  Inner(tree, {Inner(tree, {x, y}, 0)});
  const TreePass pass = Forward(settings, w, tree);
  EXPECT_EQ(pass.nodes[2].h, (Vector{1 + 2 + 3 + 0.5, 0}));  // 3 + 4 - 2 - 9 < 0
  EXPECT_EQ(pass.nodes[3].h, (Vector{6.5 + 0.5, 3 * 6.5 - 9}));
  EXPECT_DOUBLE_EQ(pass.loss, std::log(2.0));
}

// A word vector of another width comes in through W_x.
TEST(CellTest, WordsOfAnotherWidth) {
  const Settings settings = {.model = "rnn", .dim = 2, .classes = 2, .word_dim = 3};
  Tensors w = ZeroTensors(settings, 2);
  w.at("W_x") = {1, 2, 3, -1, 0, 1};
  w.at("embeddings") = {0, 0, 0, 1, 1, 2};
  Tree tree;
  Leaf(tree, 1);
  EXPECT_EQ(Forward(settings, w, tree).nodes[0].h, (Vector{9, 1}));
}

TEST(CellTest, CellToGateConnectionsCanBeLeftOut) {
  for (const std::string model : {"rlstm", "zhu"}) {
    const Settings with = {.model = model, .dim = 2, .classes = 3};
    Settings without = with;
    without.cell_to_gate = false;
    Tensors w = RandomTensors(with, 3);
    const size_t count = w.size();
    for (auto& [name, values] : w) {
      const bool gates = name.starts_with("W_ci") || name.starts_with("W_cf") || name == "W_co";
      if (gates) std::fill(values.begin(), values.end(), 0);
    }
    const Tree tree = BinaryTrees()[2];
    EXPECT_EQ(Forward(without, w, tree).loss, Forward(with, w, tree).loss) << model;
    EXPECT_EQ(ZeroTensors(without, kVocabulary).size(), count - (model == "zhu" ? 7 : 5));
  }
}

TEST(CellTest, RefusesTreesThatItCannotHave) {
  const auto forward = [](const std::string& model, const Tree& tree) {
    const Settings settings = {.model = model, .dim = 1, .classes = 2};
    return Forward(settings, RandomTensors(settings, 1), tree);
  };
  const Tree wide = FullTrees(3)[0], tokens = TreesOfTokens()[0], none = TreesOfTokens()[1];
  EXPECT_THROW(forward("rlstm", wide), std::invalid_argument);
  EXPECT_THROW(forward("tai_binary", wide), std::invalid_argument);
  EXPECT_THROW(forward("gru", tokens), std::invalid_argument);
  EXPECT_THROW(forward("rnn", none), std::invalid_argument);
  EXPECT_NO_THROW(forward("tai_binary", none));
  EXPECT_THROW(forward("lstm", tokens), std::invalid_argument);
}

}  // namespace
}  // namespace grove::reference
