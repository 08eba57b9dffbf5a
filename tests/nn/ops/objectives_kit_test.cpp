#include <ATen/ops/stack.h>

#include <map>

#include "nn/checkpoint/safetensors.h"
#include "nn/ops/pair_loss.h"
#include "pair_support.h"
#include "support/support.h"

namespace lix::test {
namespace {
using namespace nn;

std::map<std::string, at::Tensor> kitTensors(const SafetensorsFile& file) {
  std::map<std::string, at::Tensor> out;
  for (const auto& [name, view] : file.tensors()) {
    if (view.type == DType::F64) {
      at::Tensor tensor = at::empty(view.shape, at::kDouble);
      std::copy(view.bytes.begin(), view.bytes.end(), static_cast<std::byte*>(tensor.data_ptr()));
      out.emplace(name, tensor);
    }
  }
  return out;
}

constexpr double kBound = 1e-9;  // of the kit
enum class Reduced { Sigmoid, Softmax };
enum class ContextRows { Unit, Raw };

/// alpha 0.9, scales 10 and 9, tau 0.05, biases -10 and -9 (reference.json of the kit), through the logarithms.
void checkLixp(const std::map<std::string, at::Tensor>& kit, const std::string& name, Reduced reduced,
               ContextRows rows) {
  const Tensors x = leaves({kit.at("X"), kit.at("T")});
  const Tensors logs = leaves({scalar(std::log(10.0)), scalar(std::log(9.0)), scalar(std::log(0.05))});
  const Tensors biases = leaves({scalar(-10), scalar(-9)});
  const at::Tensor texts = unit(x[1]);
  const at::Tensor context = contextOf(x[0], logs[2].exp()).vectors;
  const auto term = [&](const at::Tensor& images, std::size_t i) {
    return reduced == Reduced::Sigmoid ? sigmoidPairLoss(images, texts, logs[i].exp(), biases[i])
                                       : softmaxPairLoss(images, texts, logs[i].exp());
  };
  const at::Tensor loss =
      0.9 * term(unit(x[0]), 0) + 0.1 * term(rows == ContextRows::Unit ? unit(context) : context, 1);
  loss.backward();
  const auto worst = [&](const at::Tensor& ours, const std::string& key) {
    return (ours.detach() - kit.at(name + key)).abs().max().item<double>();
  };
  EXPECT_LT(worst(loss, "_loss"), kBound) << name;
  EXPECT_LT(worst(context, "_xctx"), kBound) << name;
  EXPECT_LT(worst(x[0].grad(), "_grad_X"), kBound) << name;
  EXPECT_LT(worst(x[1].grad(), "_grad_T"), kBound) << name;
  EXPECT_LT(worst(at::stack({logs[0].grad(), logs[1].grad(), logs[2].grad()}), "_grad_logtaus"), kBound) << name;
  if (reduced == Reduced::Sigmoid) {
    EXPECT_LT(worst(at::stack({biases[0].grad(), biases[1].grad()}), "_grad_biases"), kBound) << name;
  }
}

TEST(ObjectivesKit, LossesAndGradients) {
  LIX_SHARED_OR_SKIP(folder, "parity/math");
  const auto file = SafetensorsFile::open(folder / "reference.safetensors");
  LIX_ASSERT_OK(file);
  const auto kit = kitTensors(*file);
  const at::Tensor images = unit(kit.at("X")), texts = unit(kit.at("T"));
  EXPECT_NEAR(sigmoidPairLoss(images, texts, scalar(11), scalar(-8)).item<double>(),
              kit.at("siglip_loss").item<double>(), kBound);
  EXPECT_NEAR(softmaxPairLoss(images, texts, scalar(11)).item<double>(), kit.at("clip_loss").item<double>(), kBound);
  checkLixp(kit, "lixp_sigmoid_norm", Reduced::Sigmoid, ContextRows::Unit);
  checkLixp(kit, "lixp_sigmoid_raw", Reduced::Sigmoid, ContextRows::Raw);
  checkLixp(kit, "lixp_softmax_norm", Reduced::Softmax, ContextRows::Unit);
  checkLixp(kit, "lixp_softmax_raw", Reduced::Softmax, ContextRows::Raw);
}

}  // namespace
}  // namespace lix::test
