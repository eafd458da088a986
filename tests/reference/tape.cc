#include "tests/reference/tape.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <stdexcept>

namespace grove::reference {

// What one step reads and writes. The gradients are there in backward only.
struct Operands {
  const Step& step;
  size_t size = 0, inner = 0;  // elements of y and of a
  const double *a = nullptr, *b = nullptr, *w = nullptr;
  double* y = nullptr;
  double *da = nullptr, *db = nullptr, *dw = nullptr;
  const double* dy = nullptr;
};

namespace {

constexpr double kLayerNormEpsilon = 1e-5;

// An elementwise function and its slope, both of the argument.
struct Function {
  const char* name;
  double (*value)(double x);
  double (*slope)(double x);
  bool has_kink;  // its second derivative jumps at 0
};

template <const char* Name>
double ActivationOf(double x) {
  return Activation(Name, x);
}
template <const char* Name>
double SlopeOf(double x) {
  return ActivationSlope(Name, Activation(Name, x));
}

constexpr char kTanh[] = "tanh", kRelu[] = "relu", kSoftsign[] = "softsign";

constexpr Function kFunctions[] = {
    {"sigmoid", Sigmoid, [](double x) { return Sigmoid(x) * Sigmoid(-x); }, false},
    {"gelu", Gelu, GeluSlope, false},
    {"abs", [](double x) { return std::abs(x); }, [](double x) { return x < 0 ? -1.0 : x > 0; },
     true},
    {kTanh, ActivationOf<kTanh>, SlopeOf<kTanh>, false},
    {kRelu, ActivationOf<kRelu>, SlopeOf<kRelu>, true},
    {kSoftsign, ActivationOf<kSoftsign>, SlopeOf<kSoftsign>, true},
};

double Mean(const double* x, size_t count) { return Sum(x, count) / static_cast<double>(count); }

double LayerNormDeviation(const double* x, size_t count) {
  const double mean = Mean(x, count);
  double squares = 0;
  for (size_t k = 0; k < count; ++k) squares += (x[k] - mean) * (x[k] - mean);
  return std::sqrt(squares / static_cast<double>(count) + kLayerNormEpsilon);
}

struct Rule {
  Operation operation;
  void (*forward)(const Operands& o);   // y from a, b and w
  void (*backward)(const Operands& o);  // adds to da, db and dw from dy
};

// In the order of Operation.
constexpr Rule kRules[] = {
    {Operation::kConstant, [](const Operands&) {}, [](const Operands&) {}},
    {Operation::kTensor, [](const Operands& o) { std::copy(o.w, o.w + o.size, o.y); },
     [](const Operands& o) {
       for (size_t k = 0; k < o.size; ++k) o.dw[k] += o.dy[k];
     }},
    {Operation::kRow,
     [](const Operands& o) {
       const double* row = o.w + o.step.number * o.size;
       std::copy(row, row + o.size, o.y);
     },
     [](const Operands& o) {
       for (size_t k = 0; k < o.size; ++k) o.dw[o.step.number * o.size + k] += o.dy[k];
     }},
    {Operation::kProduct,
     [](const Operands& o) { Gemm(o.size, 1, o.inner, o.w, o.inner, o.a, 1, o.y, 1); },
     [](const Operands& o) {
       // dW += dy a^T;  da += W^T dy
       Gemm(o.size, o.inner, 1, o.dy, 1, o.a, o.inner, o.dw, o.inner);
       GemmTransposed(o.size, 1, o.inner, o.w, o.inner, o.dy, 1, o.da, 1);
     }},
    {Operation::kAdd,
     [](const Operands& o) {
       for (size_t k = 0; k < o.size; ++k) o.y[k] = o.a[k] + o.b[k];
     },
     [](const Operands& o) {
       for (size_t k = 0; k < o.size; ++k) o.da[k] += o.dy[k];
       for (size_t k = 0; k < o.size; ++k) o.db[k] += o.dy[k];
     }},
    {Operation::kTimes,
     [](const Operands& o) {
       for (size_t k = 0; k < o.size; ++k) o.y[k] = o.a[k] * o.b[k];
     },
     [](const Operands& o) {
       for (size_t k = 0; k < o.size; ++k) o.da[k] += o.dy[k] * o.b[k];
       for (size_t k = 0; k < o.size; ++k) o.db[k] += o.dy[k] * o.a[k];
     }},
    {Operation::kScale,
     [](const Operands& o) {
       for (size_t k = 0; k < o.size; ++k) o.y[k] = o.step.factor * o.a[k];
     },
     [](const Operands& o) {
       for (size_t k = 0; k < o.size; ++k) o.da[k] += o.step.factor * o.dy[k];
     }},
    {Operation::kMap,
     [](const Operands& o) {
       const Function& f = kFunctions[o.step.number];
       for (size_t k = 0; k < o.size; ++k) o.y[k] = f.value(o.a[k]);
     },
     [](const Operands& o) {
       const Function& f = kFunctions[o.step.number];
       for (size_t k = 0; k < o.size; ++k) o.da[k] += f.slope(o.a[k]) * o.dy[k];
     }},
    {Operation::kSum, [](const Operands& o) { o.y[0] = Sum(o.a, o.inner); },
     [](const Operands& o) {
       for (size_t k = 0; k < o.inner; ++k) o.da[k] += o.dy[0];
     }},
    {Operation::kNegativeLogSoftmax,
     [](const Operands& o) {
       o.y[0] = NegativeLogSoftmax(Vector(o.a, o.a + o.inner), o.step.number);
     },
     [](const Operands& o) {
       // da = P - e_label
       const Vector p = Softmax(Vector(o.a, o.a + o.inner));
       for (size_t k = 0; k < o.inner; ++k) o.da[k] += o.dy[0] * p[k];
       o.da[o.step.number] -= o.dy[0];
     }},
    {Operation::kLayerNorm,
     [](const Operands& o) {
       const double mean = Mean(o.a, o.size), deviation = LayerNormDeviation(o.a, o.size);
       for (size_t k = 0; k < o.size; ++k) o.y[k] = (o.a[k] - mean) / deviation;
     },
     [](const Operands& o) {
       // da = (dy - mean(dy) - y mean(dy y)) / deviation
       double product = 0;
       for (size_t k = 0; k < o.size; ++k) product += o.dy[k] * o.y[k];
       product /= static_cast<double>(o.size);
       const double mean = Mean(o.dy, o.size), deviation = LayerNormDeviation(o.a, o.size);
       for (size_t k = 0; k < o.size; ++k) {
         o.da[k] += (o.dy[k] - mean - o.y[k] * product) / deviation;
       }
     }},
};

static_assert([] {
  size_t number = 0;
  return std::ranges::all_of(
      kRules, [&](const Rule& rule) { return rule.operation == Operation(number++); });
}());

const Rule& RuleOf(Operation operation) { return kRules[static_cast<size_t>(operation)]; }

// A step on one vector, with a result of the same length.
Var Elementwise(Var a, Step step) {
  step.a = a.index;
  step.size = static_cast<int32_t>(a.tape->Size(a));
  return a.tape->Record(step);
}

Var Map(const std::string& name, Var a) {
  int32_t number = 0;
  for (const Function& function : kFunctions) {
    if (function.name == name) break;
    ++number;
  }
  if (number == static_cast<int32_t>(std::size(kFunctions))) {
    throw std::invalid_argument("there is no function '" + name + "'");
  }
  if (!a.nothing()) return Elementwise(a, {.operation = Operation::kMap, .number = number});
  if (kFunctions[number].value(0) != 0) throw std::invalid_argument(name + " of nothing");
  return {};
}

}  // namespace

int32_t Tape::TensorNumber(const std::string& name) {
  const Vector& values = tensors_.at(name);
  const auto [entry, is_new] =
      tensor_numbers_.try_emplace(name, static_cast<int32_t>(used_.size()));
  if (is_new) used_.push_back(&values);
  return entry->second;
}

Var Tape::Constant(const Vector& values) {
  const Var x = Record({.size = static_cast<int32_t>(values.size())});
  std::copy(values.begin(), values.end(), values_.end() - static_cast<ptrdiff_t>(values.size()));
  return x;
}

Var Tape::Tensor(const std::string& name) {
  const int32_t tensor = TensorNumber(name);
  return Record({.operation = Operation::kTensor,
                 .tensor = tensor,
                 .size = static_cast<int32_t>(used_[tensor]->size())});
}

Var Tape::Row(const std::string& name, size_t row, size_t width) {
  const int32_t tensor = TensorNumber(name);
  if ((row + 1) * width > used_[tensor]->size()) {
    throw std::invalid_argument(name + " has no row " + std::to_string(row));
  }
  return Record({.operation = Operation::kRow,
                 .tensor = tensor,
                 .number = static_cast<int32_t>(row),
                 .size = static_cast<int32_t>(width)});
}

Var Tape::Product(const std::string& name, Var x) {
  if (x.nothing()) return x;
  const int32_t tensor = TensorNumber(name);
  const size_t elements = used_[tensor]->size();
  if (elements % Size(x) != 0) {
    throw std::invalid_argument(name + " has not " + std::to_string(Size(x)) + " columns");
  }
  return Record({.operation = Operation::kProduct,
                 .a = x.index,
                 .tensor = tensor,
                 .size = static_cast<int32_t>(elements / Size(x))});
}

Operands Tape::OperandsOf(const Step& step) {
  Operands o = {.step = step, .size = static_cast<size_t>(step.size)};
  if (step.a >= 0) {
    o.a = values_.data() + steps_[step.a].begin;
    o.inner = static_cast<size_t>(steps_[step.a].size);
  }
  if (step.b >= 0) o.b = values_.data() + steps_[step.b].begin;
  if (step.tensor >= 0) o.w = used_[step.tensor]->data();
  o.y = values_.data() + step.begin;
  return o;
}

Var Tape::Record(Step step) {
  step.begin = values_.size();
  values_.resize(values_.size() + static_cast<size_t>(step.size));
  steps_.push_back(step);
  RuleOf(step.operation).forward(OperandsOf(step));
  return {this, static_cast<int32_t>(steps_.size()) - 1};
}

Vector Tape::Value(Var x) const {
  const auto first = values_.begin() + static_cast<ptrdiff_t>(steps_[x.index].begin);
  return {first, first + steps_[x.index].size};
}

Vector Tape::Gradient(Var x) const {
  const auto first = gradients_.begin() + static_cast<ptrdiff_t>(steps_[x.index].begin);
  return {first, first + steps_[x.index].size};
}

void Tape::Backward(Var loss, Tensors& gradients) {
  gradients_.assign(values_.size(), 0);
  if (loss.nothing()) return;
  if (Size(loss) != 1) throw std::invalid_argument("a loss has one element");
  std::vector<double*> tensor_gradients(used_.size());
  for (const auto& [name, number] : tensor_numbers_) {
    tensor_gradients[number] = gradients.at(name).data();
  }
  gradients_[steps_[loss.index].begin] = 1;
  for (size_t at = steps_.size(); at-- > 0;) {
    const Step& step = steps_[at];
    Operands o = OperandsOf(step);
    if (step.a >= 0) o.da = gradients_.data() + steps_[step.a].begin;
    if (step.b >= 0) o.db = gradients_.data() + steps_[step.b].begin;
    if (step.tensor >= 0) o.dw = tensor_gradients[step.tensor];
    o.dy = gradients_.data() + step.begin;
    RuleOf(step.operation).backward(o);
  }
}

double Tape::NearestKink() const {
  double nearest = 1;
  for (const Step& step : steps_) {
    if (step.operation != Operation::kMap || !kFunctions[step.number].has_kink) continue;
    const Step& argument = steps_[step.a];
    for (int32_t k = 0; k < argument.size; ++k) {
      const double x = std::abs(values_[argument.begin + static_cast<size_t>(k)]);
      if (x != 0) nearest = std::min(nearest, x);
    }
  }
  return nearest;
}

namespace {

// One step of two vectors of the same length.
Var Pairwise(Operation operation, Var a, Var b) {
  if (a.tape->Size(a) != b.tape->Size(b)) {
    throw std::invalid_argument("vectors of " + std::to_string(a.tape->Size(a)) + " and " +
                                std::to_string(b.tape->Size(b)) + " elements");
  }
  return Elementwise(a, {.operation = operation, .b = b.index});
}

}  // namespace

Var operator+(Var a, Var b) {
  if (a.nothing()) return b;
  if (b.nothing()) return a;
  return Pairwise(Operation::kAdd, a, b);
}

Var operator*(Var a, Var b) {
  if (a.nothing() || b.nothing()) return {};
  return Pairwise(Operation::kTimes, a, b);
}

Var operator-(Var a, Var b) { return a + Scale(-1, b); }

Var operator-(double a, Var b) {
  if (b.nothing()) throw std::invalid_argument("a number less nothing has no length");
  return b.tape->Constant(Vector(b.tape->Size(b), a)) + Scale(-1, b);
}

Var Scale(double factor, Var a) {
  if (a.nothing()) return a;
  return Elementwise(a, {.operation = Operation::kScale, .factor = factor});
}

Var Sigmoid(Var a) { return Map("sigmoid", a); }
Var Activation(const std::string& name, Var a) { return Map(name, a); }
Var Gelu(Var a) { return Map("gelu", a); }
Var Abs(Var a) { return Map("abs", a); }

Var Sum(Var a) {
  if (a.nothing()) return a;
  return a.tape->Record({.operation = Operation::kSum, .a = a.index, .size = 1});
}

Var NegativeLogSoftmax(Var a, size_t label) {
  if (label >= a.tape->Size(a)) throw std::invalid_argument("no class " + std::to_string(label));
  return a.tape->Record({.operation = Operation::kNegativeLogSoftmax,
                         .a = a.index,
                         .number = static_cast<int32_t>(label),
                         .size = 1});
}

Var LayerNorm(Var a) {
  if (a.nothing()) return a;
  return Elementwise(a, {.operation = Operation::kLayerNorm});
}

}  // namespace grove::reference
