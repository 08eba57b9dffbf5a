#include "nn/checkpoint/weights_hash.h"

#include <mutex>
#include <utility>

namespace lix::nn {

struct WeightsHash::State {
  std::once_flag once;
  std::function<std::string()> compute;
  std::string text;
};

WeightsHash::WeightsHash(std::string known) : state_(std::make_shared<State>()) { state_->text = std::move(known); }

WeightsHash::WeightsHash(std::function<std::string()> compute) : state_(std::make_shared<State>()) {
  state_->compute = std::move(compute);
}

const std::string& WeightsHash::text() const {
  std::call_once(state_->once, [&state = *state_] {
    if (state.compute) {
      state.text = state.compute();
      state.compute = nullptr;  // which keeps the files mapped
    }
  });
  return state_->text;
}

}  // namespace lix::nn
