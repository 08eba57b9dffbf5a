#include "nn/adamw.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/_fused_adamw.h>
#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"

namespace lix::nn {

AdamW::AdamW(const Parameters& parameters, const std::vector<std::string>& scalarKeys, AdamWSettings settings)
    : groups_(3), settings_(settings) {
  groups_[0].weightDecay = settings.weightDecay;
  groups_[2].scalars = true;
  for (const auto& [name, parameter] : parameters) {
    const bool scalar = std::ranges::find(scalarKeys, name) != scalarKeys.end();
    Group& group = groups_[scalar ? 2 : parameter.dim() >= 2 ? 0 : 1];
    group.names.push_back(name);
    group.parameters.push_back(parameter);
    group.m.push_back(at::zeros_like(parameter));
    group.v.push_back(at::zeros_like(parameter));
    group.t.push_back(at::zeros({}, at::kFloat));
  }
}

void AdamW::step(double learningRate, double scalarMultiplier) {
  const at::NoGradGuard noGrad;
  for (Group& group : groups_) {
    std::vector<at::Tensor> parameters, gradients, m, v, t;
    for (std::size_t i = 0; i < group.names.size(); ++i) {
      at::Tensor& gradient = group.parameters[i].mutable_grad();
      if (!gradient.defined()) {
        continue;
      }
      parameters.push_back(group.parameters[i]);
      gradients.push_back(gradient);
      m.push_back(group.m[i]);
      v.push_back(group.v[i]);
      t.push_back(group.t[i].add_(1.0));  // the operator reads the count of this step, as torch.optim does
      gradient = at::Tensor();
    }
    if (!parameters.empty()) {
      const double rate = group.scalars ? learningRate * scalarMultiplier : learningRate;
      at::_fused_adamw_(parameters, gradients, m, v, {}, t, rate, settings_.beta1, settings_.beta2, group.weightDecay,
                        settings_.epsilon, false, false);
    }
  }
}

void AdamW::clear() {
  for (Group& group : groups_) {
    for (at::Tensor& parameter : group.parameters) {
      parameter.mutable_grad() = at::Tensor();
    }
  }
}

double AdamW::clip(double limit) {
  const at::NoGradGuard noGrad;
  double squares = 0.0;
  for (const Group& group : groups_) {
    for (const at::Tensor& parameter : group.parameters) {
      if (parameter.grad().defined()) {
        const double norm = at::linalg_vector_norm(parameter.grad()).item<double>();
        squares += norm * norm;
      }
    }
  }
  const double norm = std::sqrt(squares);
  if (limit > 0.0 && norm > limit) {
    for (Group& group : groups_) {
      for (at::Tensor& parameter : group.parameters) {
        if (parameter.grad().defined()) {
          parameter.mutable_grad().mul_(limit / norm);
        }
      }
    }
  }
  return norm;
}

std::map<std::string, at::Tensor> AdamW::state() const {
  std::map<std::string, at::Tensor> state;
  for (const Group& group : groups_) {
    for (std::size_t i = 0; i < group.names.size(); ++i) {
      state.emplace("m." + group.names[i], group.m[i]);
      state.emplace("v." + group.names[i], group.v[i]);
      state.emplace("t." + group.names[i], group.t[i]);
    }
  }
  return state;
}

Result<void> AdamW::restore(const std::map<std::string, at::Tensor>& state) {
  const at::NoGradGuard noGrad;
  for (Group& group : groups_) {
    for (std::size_t i = 0; i < group.names.size(); ++i) {
      for (auto& [prefix, target] :
           {std::pair("m.", &group.m[i]), std::pair("v.", &group.v[i]), std::pair("t.", &group.t[i])}) {
        const auto found = state.find(prefix + group.names[i]);
        if (found == state.end() || found->second.sizes() != target->sizes()) {
          return fail(ErrorCode::BadInput, cat("The training state has no fitting '", prefix, group.names[i],
                                               "'; it belongs to another model."));
        }
        target->copy_(found->second);
      }
    }
  }
  return {};
}

}  // namespace lix::nn
