#include "study/probes/token_use.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/text.h"

namespace lix::study {
namespace {

constexpr double kDeadShare = 0.1;  // of an even share of the weights

double entropy(std::span<const float> weights) {
  double sum = 0.0;
  for (const double weight : weights) {
    sum -= weight > 0.0 ? weight * std::log(weight) : 0.0;
  }
  return sum;
}

Result<void> check(std::span<const MixedPicture> pictures, const TokenUse& use, std::span<const std::size_t> counted) {
  if (pictures.empty() || use.captions == 0 || use.heads == 0 || use.tokens == 0) {
    return fail(ErrorCode::BadInput, "How tokens are used takes a picture, a caption, a head and a token at least.");
  }
  for (const MixedPicture& picture : pictures) {
    if (picture.weights.size() != use.captions * use.heads * use.tokens ||
        picture.distances.size() != use.captions * use.captions) {
      return fail(ErrorCode::BadInput,
                  cat("A picture has ", picture.weights.size(), " mixture weights and ", picture.distances.size(),
                      " distances, which are not those of ", use.captions, " captions, ", use.heads, " heads and ",
                      use.tokens, " tokens; read it anew."));
    }
  }
  for (const std::size_t head : counted) {
    if (head >= use.heads) {
      return fail(ErrorCode::BadInput, cat("There is no head ", head, ": the mixture has ", use.heads, "."));
    }
  }
  return {};
}

void addDistances(const MixedPicture& picture, TokenUse& use) {
  for (std::size_t i = 0; i < use.captions; ++i) {
    for (std::size_t j = 0; j < use.captions; ++j) {
      const float distance = picture.distances[i * use.captions + j];
      use.distances[i * use.captions + j] += distance / double(use.pictures);
      if (i < j) {
        use.pairs.push_back(distance);
      }
    }
  }
}

}  // namespace

std::vector<std::size_t> deadTokens(std::span<const double> usage, std::size_t tokens) {
  std::vector<std::size_t> dead;
  for (std::size_t token = 0; token < tokens; ++token) {
    double most = 0.0;
    for (std::size_t i = token; i < usage.size(); i += tokens) {
      most = std::max(most, usage[i]);
    }
    if (most < kDeadShare / double(tokens)) {
      dead.push_back(token);
    }
  }
  return dead;
}

Result<TokenUse> tokenUse(std::span<const MixedPicture> pictures, std::size_t captions, std::size_t heads,
                          std::size_t tokens, std::span<const std::size_t> counted) {
  TokenUse use{.pictures = pictures.size(), .captions = captions, .heads = heads, .tokens = tokens};
  LIX_CHECK(check(pictures, use, counted));
  std::vector<std::size_t> all(heads);
  std::iota(all.begin(), all.end(), std::size_t(0));
  const std::vector<std::size_t> rows = counted.empty() ? all : std::vector(counted.begin(), counted.end());
  std::vector<double> usage(rows.size() * tokens, 0.0);
  use.entropies.assign(captions * heads, 0.0);
  use.distances.assign(captions * captions, 0.0);
  use.pairs.reserve(pictures.size() * captions * (captions - 1) / 2);
  for (const MixedPicture& picture : pictures) {
    for (std::size_t line = 0; line < captions * heads; ++line) {
      use.entropies[line] += entropy(picture.weights.subspan(line * tokens, tokens)) / double(use.pictures);
    }
    for (std::size_t caption = 0; caption < captions; ++caption) {
      for (std::size_t row = 0; row < rows.size(); ++row) {
        const auto line = picture.weights.subspan((caption * heads + rows[row]) * tokens, tokens);
        for (std::size_t token = 0; token < tokens; ++token) {
          usage[row * tokens + token] += line[token] / double(use.pictures * captions);
        }
      }
    }
    addDistances(picture, use);
  }
  use.shares.assign(tokens, 0.0);
  for (std::size_t i = 0; i < usage.size(); ++i) {
    use.shares[i % tokens] += usage[i] / double(rows.size());
  }
  use.dead = deadTokens(usage, tokens);
  double sum = 0.0;
  for (std::size_t caption = 0; caption < captions; ++caption) {
    for (const std::size_t head : rows) {
      sum += use.entropies[caption * heads + head];
    }
  }
  use.effectiveTokens = std::exp(sum / double(captions * rows.size()));
  use.meanDistance = use.pairs.empty() ? 0.0
                                       : std::accumulate(use.pairs.begin(), use.pairs.end(), 0.0) / double(use.pairs.size());
  return use;
}

Histogram histogram(std::span<const float> values, std::size_t steps) {
  double most = 0.0;
  for (const float value : values) {
    most = std::isfinite(value) ? std::max(most, double(value)) : most;
  }
  Histogram made{.step = (most > 0.0 ? most : 1.0) / double(std::max<std::size_t>(steps, 1)),
                 .counts = std::vector<std::size_t>(std::max<std::size_t>(steps, 1), 0)};
  for (const float value : values) {
    if (std::isfinite(value)) {
      ++made.counts[std::min(std::size_t(std::max(double(value), 0.0) / made.step), made.counts.size() - 1)];
    }
  }
  return made;
}

}  // namespace lix::study
