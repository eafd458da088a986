// Reverse-mode differentiation over vectors in double: the equations of a cell are written forward,
// and the gradients follow.
//
// A tape is a flat list of operations in the order in which they were computed; Backward walks it
// from its end. Nothing is recursive, so a tape may be as long as memory allows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "tests/reference/reference_kernels.h"

namespace grove::reference {

// Every tensor by its name of spec section 7: (out, in) row-major.
using Tensors = std::map<std::string, Vector>;

class Tape;

// A vector that a tape has computed. A default one is nothing, which stands for zeros of any length
// and costs no operation: what is added to it stays itself, and its products are nothing again.
struct Var {
  Tape* tape = nullptr;
  int32_t index = -1;

  bool nothing() const { return tape == nullptr; }
};

enum class Operation {
  kConstant,
  kTensor,              // a whole tensor
  kRow,                 // a row of a tensor
  kProduct,             // W a
  kAdd,                 // a + b
  kTimes,               // a b, element by element
  kScale,               // factor a
  kMap,                 // f(a), element by element
  kSum,                 // sum of the elements of a
  kNegativeLogSoftmax,  // -log softmax(a)_number
  kLayerNorm,           // (a - mean) / sqrt(variance + 1e-5)
};

struct Step {
  Operation operation = Operation::kConstant;
  int32_t a = -1, b = -1;  // the steps whose results go in
  int32_t tensor = -1;     // which one, as the tape counts them
  int32_t number = 0;      // row, label, or function
  int32_t size = 0;        // elements of the result
  size_t begin = 0;        // where they stand among all values
  double factor = 0;
};

struct Operands;  // what one step reads and writes

class Tape {
 public:
  // Both `tensors` and the tape stay where they are as long as a Var is in use.
  explicit Tape(const Tensors& tensors) : tensors_(tensors) {}
  Tape(const Tape&) = delete;
  Tape& operator=(const Tape&) = delete;

  Var Constant(const Vector& values);
  // A name that is not among the tensors throws std::out_of_range.
  Var Tensor(const std::string& name);
  Var Row(const std::string& name, size_t row, size_t width);
  // W x, where W has as many columns as x has elements. Throws std::invalid_argument if there is no
  // such number of rows.
  Var Product(const std::string& name, Var x);
  // For the functions below: computes and keeps one step, whose size is given.
  Var Record(Step step);

  size_t Size(Var x) const { return static_cast<size_t>(steps_[x.index].size); }
  Vector Value(Var x) const;

  // From a `loss` of one element: adds dloss/dtensor to every tensor's entry of `gradients`, and
  // keeps dloss/dx of every variable. No loss (nothing) has gradients of 0.
  void Backward(Var loss, Tensors& gradients);
  // dloss/dx of the last Backward.
  Vector Gradient(Var x) const;

  // The smallest |x| but 0 that relu, softsign or abs was computed of, at most 1: what
  // differentiates numerically must not step over it. An exact 0 has no unit that is alive before
  // it.
  double NearestKink() const;

 private:
  int32_t TensorNumber(const std::string& name);
  Operands OperandsOf(const Step& step);

  const Tensors& tensors_;
  std::deque<Step> steps_;
  Vector values_, gradients_;  // of all steps, one behind the other
  // The tensors used so far, by number.
  std::map<std::string, int32_t> tensor_numbers_;
  std::vector<const Vector*> used_;
};

Var operator+(Var a, Var b);
Var operator*(Var a, Var b);  // element by element
Var operator-(Var a, Var b);
Var operator-(double a, Var b);
Var Scale(double factor, Var a);
// Functions that are not 0 at 0 throw std::invalid_argument if they get nothing.
Var Sigmoid(Var a);
Var Activation(const std::string& name, Var a);  // tanh, relu, softsign
Var Gelu(Var a);                                 // a / 2 (1 + erf(a / sqrt(2)))
Var Abs(Var a);
Var Sum(Var a);
Var NegativeLogSoftmax(Var a, size_t label);
Var LayerNorm(Var a);  // without its gain; Ba, Kiros & Hinton 2016, equation 4

}  // namespace grove::reference
