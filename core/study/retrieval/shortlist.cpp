#include "study/retrieval/shortlist.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "base/contracts.h"
#include "base/parallel.h"

namespace lix::study {
namespace {

struct Item {
  float score = 0;
  std::uint32_t index = 0;
};
bool better(const Item& a, const Item& b) { return a.score > b.score || (a.score == b.score && a.index < b.index); }

/// The best `count` items of one query; the worst of them lies in front.
class Best {
 public:
  void offer(float score, std::size_t index, std::size_t count) {
    const Item item{score == score ? score : -std::numeric_limits<float>::infinity(),  // a NaN has no place in an order
                    static_cast<std::uint32_t>(index)};
    if (items_.size() < count) {
      items_.push_back(item);
      std::ranges::push_heap(items_, better);
    } else if (better(item, items_.front())) {
      std::ranges::pop_heap(items_, better);
      items_.back() = item;
      std::ranges::push_heap(items_, better);
    }
  }
  std::vector<std::uint32_t> sorted() {
    std::ranges::sort(items_, better);
    std::vector<std::uint32_t> indices;
    for (const Item& item : items_) {
      indices.push_back(item.index);
    }
    return indices;
  }

 private:
  std::vector<Item> items_;
};

std::vector<std::vector<std::uint32_t>> lists(std::vector<Best>& queries) {
  std::vector<std::vector<std::uint32_t>> all;
  for (Best& query : queries) {
    all.push_back(query.sorted());
  }
  return all;
}

/// Which captions name each picture, and where in their lists: [image] -> (caption, slot).
struct Wish {
  std::uint32_t caption = 0, slot = 0;
};
std::vector<std::vector<Wish>> wishesFor(std::size_t images, const Candidates& candidates) {
  std::vector<std::vector<Wish>> wishes(images);
  for (std::size_t caption = 0; caption < candidates.ofCaptions.size(); ++caption) {
    const auto& list = candidates.ofCaptions[caption];
    for (std::size_t slot = 0; slot < list.size(); ++slot) {
      wishes[list[slot]].push_back({static_cast<std::uint32_t>(caption), static_cast<std::uint32_t>(slot)});
    }
  }
  return wishes;
}

/// Rank of the best item for which `right` holds among scored items; ties and NaN count against it.
template <class Right>
std::uint32_t rankIn(std::span<const std::uint32_t> list, std::span<const float> scores, float tie,
                     const Right& right) {
  float best = -std::numeric_limits<float>::infinity();
  bool found = false;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (right(list[i])) {
      found = true;
      best = scores[i] > best ? scores[i] : best;
    }
  }
  if (!found) {
    return kNotFound;
  }
  std::uint32_t rank = 1;
  for (std::size_t i = 0; i < list.size(); ++i) {
    rank += !right(list[i]) && !(scores[i] < best - tie);
  }
  return rank;
}

/// A picture's own list and the captions that name it, each once and ascending.
std::vector<std::int64_t> pairsOf(std::span<const std::uint32_t> own, std::span<const Wish> wishes) {
  std::vector<std::int64_t> pairs(own.begin(), own.end());
  for (const Wish& wish : wishes) {
    pairs.push_back(wish.caption);
  }
  std::ranges::sort(pairs);
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  return pairs;
}

std::size_t placeOf(std::span<const std::int64_t> pairs, std::int64_t caption) {
  return std::size_t(std::ranges::lower_bound(pairs, caption) - pairs.begin());
}

std::vector<std::uint32_t> spread(std::size_t all, std::size_t some) {
  some = std::min(all, some);
  std::vector<std::uint32_t> chosen;
  for (std::size_t i = 0; i < some; ++i) {
    chosen.push_back(static_cast<std::uint32_t>(i * all / some));
  }
  return chosen;
}

}  // namespace

Result<Candidates> shortlisted(std::size_t images, std::size_t captions, const TileScores& cheap, std::size_t count,
                               const RankSettings& settings, const Progress& progress) {
  LIX_REQUIRE(count > 0 && settings.imageBlock > 0 && settings.captionBlock > 0);
  std::vector<Best> ofImages(images), ofCaptions(captions);
  std::vector<float> values;
  for (std::size_t image = 0; image < images; image += settings.imageBlock) {
    if (!report(progress, "Shortlisting", static_cast<long long>(image), static_cast<long long>(images))) {
      return fail(ErrorCode::Cancelled, "Ranking was cancelled.");
    }
    for (std::size_t caption = 0; caption < captions; caption += settings.captionBlock) {
      const Tile tile{image, std::min(settings.imageBlock, images - image), caption,
                      std::min(settings.captionBlock, captions - caption)};
      values.resize(tile.images * tile.captions);
      cheap(tile, values);
      parallelFor(tile.images, [&](std::size_t i) {
        for (std::size_t j = 0; j < tile.captions; ++j) {
          ofImages[image + i].offer(values[i * tile.captions + j], caption + j, count);
        }
      });
      constexpr std::size_t kRun = 512;  // captions side by side, so that rows are read along
      parallelFor((tile.captions + kRun - 1) / kRun, [&](std::size_t run) {
        const std::size_t end = std::min((run + 1) * kRun, tile.captions);
        for (std::size_t i = 0; i < tile.images; ++i) {
          for (std::size_t j = run * kRun; j < end; ++j) {
            ofCaptions[caption + j].offer(values[i * tile.captions + j], image + i, count);
          }
        }
      });
    }
  }
  return Candidates{lists(ofImages), lists(ofCaptions)};
}

Candidates everythingOfSome(const CaptionGroups& groups, std::size_t queries) {
  Candidates all{std::vector<std::vector<std::uint32_t>>(groups.images()),
                 std::vector<std::vector<std::uint32_t>>(groups.captions())};
  for (const std::uint32_t image : spread(groups.images(), queries)) {
    all.ofImages[image].resize(groups.captions());
    std::iota(all.ofImages[image].begin(), all.ofImages[image].end(), 0u);
  }
  for (const std::uint32_t caption : spread(groups.captions(), queries)) {
    all.ofCaptions[caption].resize(groups.images());
    std::iota(all.ofCaptions[caption].begin(), all.ofCaptions[caption].end(), 0u);
  }
  return all;
}

Result<Ranks> rankWithin(const CaptionGroups& groups, const Candidates& candidates, const ListScores& scores, float tie,
                         const Progress& progress) {
  LIX_REQUIRE(candidates.ofImages.size() == groups.images() && candidates.ofCaptions.size() == groups.captions());
  constexpr std::size_t kBlock = 64;  // pictures whose lists are scored at once
  const auto wishes = wishesFor(groups.images(), candidates);
  std::vector<std::vector<float>> ofCaptions(groups.captions());
  for (std::size_t caption = 0; caption < groups.captions(); ++caption) {
    ofCaptions[caption].resize(candidates.ofCaptions[caption].size());
  }
  Ranks ranks{std::vector<std::uint32_t>(groups.images(), 0), std::vector<std::uint32_t>(groups.captions(), 0)};
  for (std::size_t begin = 0; begin < groups.images(); begin += kBlock) {
    if (!report(progress, "Ranking", static_cast<long long>(begin), static_cast<long long>(groups.images()))) {
      return fail(ErrorCode::Cancelled, "Ranking was cancelled.");
    }
    const std::size_t end = std::min(begin + kBlock, groups.images());
    std::vector<std::vector<std::int64_t>> pairs;
    for (std::size_t image = begin; image < end; ++image) {
      pairs.push_back(pairsOf(candidates.ofImages[image], wishes[image]));
    }
    std::vector<std::vector<float>> found(pairs.size());
    scores(begin, pairs, found);
    for (std::size_t image = begin; image < end; ++image) {
      const auto& list = candidates.ofImages[image];
      const auto& known = pairs[image - begin];
      std::vector<float> own;
      for (const std::uint32_t caption : list) {
        own.push_back(found[image - begin][placeOf(known, caption)]);
      }
      ranks.images[image] = list.empty() ? 0 : rankIn(list, own, tie, [&](std::uint32_t caption) {
        return groups.imageOf(caption) == image;
      });
      for (const Wish& wish : wishes[image]) {
        ofCaptions[wish.caption][wish.slot] = found[image - begin][placeOf(known, wish.caption)];
      }
    }
  }
  for (std::size_t caption = 0; caption < groups.captions(); ++caption) {
    const auto& list = candidates.ofCaptions[caption];
    ranks.captions[caption] = list.empty() ? 0 : rankIn(list, ofCaptions[caption], tie, [&](std::uint32_t image) {
      return groups.imageOf(caption) == image;
    });
  }
  return ranks;
}

std::optional<double> agreementAtFirst(std::span<const std::uint32_t> exact, std::span<const std::uint32_t> other) {
  LIX_REQUIRE(exact.size() == other.size());
  std::size_t asked = 0, same = 0;
  for (std::size_t i = 0; i < exact.size(); ++i) {
    asked += exact[i] > 0;
    same += exact[i] > 0 && (exact[i] == 1) == (other[i] == 1);
  }
  return asked == 0 ? std::nullopt : std::optional(double(same) / double(asked));
}

}  // namespace lix::study
