// How weights follow their gradients: the update rules, and the kernels that walk the arrays.
//
// Of each element: w is its weight, t the number of this update of it, from 1, and a and b are what
// the rule keeps of it from one update to the next: its slots, which start at 0. g is the gradient
// of the loss with lambda w, that of the L2 term, added; adamw alone takes it without.
//
//   rule      slots  update
//   adagrad   a      a += g^2;  w -= eta g / (sqrt(a) + epsilon)            Duchi et al. 2011
//   sgd       -      w -= eta g
//   momentum  a      a = beta1 a + g;  w -= eta a                           Polyak 1964
//   adam      a b    a = beta1 a + (1 - beta1) g;  b = beta2 b + (1 - beta2) g^2
//                    w -= eta (a / (1 - beta1^t)) / (sqrt(b / (1 - beta2^t)) + epsilon)
//                                                             Kingma & Ba 2015, algorithm 1
//   adamw     a b    the same beside w -= eta lambda w        Loshchilov & Hutter 2019
//
// To add one: its struct in update_rules-inl.h, and its lines in Rule, SlotsOf and WithRule.
#pragma once

#include <cstddef>
#include <cstdint>

namespace grove::simd {

enum class Rule { kAdagrad, kSgd, kMomentum, kAdam, kAdamW };

inline constexpr size_t kMaxSlots = 2;

constexpr size_t SlotsOf(Rule rule) {
  if (rule == Rule::kSgd) return 0;
  return rule == Rule::kAdam || rule == Rule::kAdamW ? 2 : 1;
}
// Whether a slot is a sum or mean of squares, which is never negative.
constexpr bool HoldsSquares(Rule rule, size_t slot) {
  return rule == Rule::kAdagrad || (SlotsOf(rule) == 2 && slot == 1);
}

// Counters of updates stop here: a float still holds them exactly, and with a beta2 of up to
// 0.99999 nothing of the start is left by then.
inline constexpr uint32_t kMaxUpdates = 1u << 24;

struct UpdateRule {
  Rule rule = Rule::kAdagrad;
  float rate = 0;     // eta
  float l2 = 0;       // lambda
  float epsilon = 0;  // outside the root
  float beta1 = 0;
  float beta2 = 0;
  // The first update of adagrad is w -= eta g, as in the authors' code; a still takes g^2.
  bool plain_first = false;
};

// The numbers of update t of a rule.
struct UpdateStep {
  float rate, l2, epsilon, beta1, beta2;
  float root_scale;  // 1 / sqrt(1 - beta2^t) of adam and adamw, whose rate is eta / (1 - beta1^t)
  float decay;       // eta lambda
};
UpdateStep StepAt(const UpdateRule& rule, uint32_t t);

// By squaring: the same bits on every machine, which std::pow does not promise.
double IntegerPower(double base, uint64_t exponent);

// Gradients, weights and slots of the same elements; nullptr where the rule has no such slot.
// They need kSlack floats behind them (read, never written) and no alignment.
struct UpdateArrays {
  const float* gradient;
  float* weight;
  float* slots[kMaxSlots];
};

// Update t of `count` elements.
void UpdateElements(const UpdateRule& rule, uint32_t t, size_t count, const UpdateArrays& arrays);

// A matrix with its transposed copy: `rows` rows of `cols` floats each in the arrays, with one
// stride, a multiple of kRowQuantum; element (r, c) of weight is (c, r) of transposed.
struct TransposedBlock {
  size_t rows, cols, stride;
  UpdateArrays arrays;
  float* transposed;         // (cols, rows)
  size_t transposed_stride;  // >= PadRow(rows), a multiple of kRowQuantum
};

// UpdateElements of the rows, padding included, and `transposed` written from the new weights: the
// copy costs nothing while the update waits for its root and its division. The padding columns of
// `transposed` get arbitrary values.
void UpdateTransposed(const UpdateRule& rule, uint32_t t, const TransposedBlock& block);

// The sparse update: rows of a table of word vectors (row v at v * its stride), n floats each.
struct RowUpdates {
  size_t n;
  size_t gradient_stride;
  size_t table_stride;  // of weights and slots
  // For i in [0, count): row r = rows[i] of the gradients updates row words[r] of the table. No
  // word may come twice.
  const int32_t* rows;
  const int32_t* words;
  size_t count;
  // By word: how often it was updated. Each word that is here goes up by one, to kMaxUpdates at
  // most; that number is the t of its row.
  uint32_t* updates;
};

// UpdateElements of each of those rows.
void UpdateRows(const UpdateRule& rule, const RowUpdates& updates, const UpdateArrays& arrays);

}  // namespace grove::simd
