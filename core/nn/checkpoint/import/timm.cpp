#include "nn/checkpoint/import/timm.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.h"

namespace lix::nn::detail {
namespace {

struct Row {
  TimmTower tower;
  std::vector<int> sizes;  ///< the picture sizes of the names that exist
};

const std::vector<Row>& rows() {
  constexpr Activation kErf = Activation::GeluErf, kTanh = Activation::GeluTanh;
  static const std::vector<Row> rows{
      {{"vit_base_patch32_siglip", 32, 768, 12, 12, 3072, kTanh}, {256}},
      {{"vit_base_patch16_siglip", 16, 768, 12, 12, 3072, kErf}, {224, 256, 384, 512}},
      {{"vit_large_patch16_siglip", 16, 1024, 24, 16, 4096, kErf}, {256, 384}},
      {{"vit_large_patch16_siglip", 16, 1024, 24, 16, 4096, kTanh}, {512}},
      {{"vit_so400m_patch14_siglip", 14, 1152, 27, 16, 4304, kErf}, {224, 378, 384}},
      {{"vit_so400m_patch16_siglip", 16, 1152, 27, 16, 4304, kTanh}, {256, 384, 512}},
      {{"vit_giantopt_patch16_siglip", 16, 1536, 40, 16, 6144, kTanh}, {256, 384}},
  };
  return rows;
}

}  // namespace

bool poolsByMean(const std::string& name) { return name.find("_gap_") != std::string::npos; }

std::optional<TimmTower> timmTower(const std::string& name) {
  std::string bare = name.substr(0, name.find('.'));
  if (const auto gap = bare.find("_gap_"); gap != std::string::npos) {
    bare.erase(gap, 4);
  }
  for (const Row& row : rows()) {
    for (const int size : row.sizes) {
      if (bare == cat(row.tower.name, "_", size)) {
        return row.tower;
      }
    }
  }
  return std::nullopt;
}

std::string timmName(const ModelConfig& config, bool strict) {
  const EncoderConfig& v = config.vision;
  for (const Row& row : rows()) {
    const TimmTower& t = row.tower;
    if (t.patch == config.patch && t.width == v.width && t.depth == v.depth && t.heads == v.heads &&
        t.mlpWidth == v.mlpWidth && (!strict || t.activation == v.activation) &&
        std::ranges::find(row.sizes, config.imageSize) != row.sizes.end()) {
      const bool mean = config.variant.imagePool == TowerVariant::ImagePool::Mean;
      return cat(t.name, mean ? "_gap_" : "_", config.imageSize);
    }
  }
  return "";
}

}  // namespace lix::nn::detail
